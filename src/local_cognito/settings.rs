//! What the person who starts Local Cognito decides. Read by `LocalCognito::start`.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use super::error::StartError;
use super::rotation::MAX_GRACE_SECS;

/// Where Local Cognito reads the time: the system's, or one that a test moves.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

const DEFAULT_ACCESS_TOKEN_SECS: u64 = 60 * 60;
const DEFAULT_REFRESH_TOKEN_SECS: u64 = 30 * 24 * 60 * 60;

/// How a Local Cognito is to be set up. Start from [`Settings::new`] and change what differs.
#[derive(Clone)]
pub struct Settings {
    /// Where to listen. Loopback only; port 0 takes any free port.
    pub addr: SocketAddr,
    /// The AWS region to stand in for; the pool id is `<region>_LocalPool`.
    pub region: String,
    /// `true`: a confidential client with a secret. `false`: a public client.
    pub client_secret: bool,
    /// Where an authorization code may be sent, compared byte by byte.
    pub callback_urls: Vec<String>,
    /// Where `/logout` may send the browser, compared byte by byte.
    pub logout_urls: Vec<String>,
    /// Life of access and ID tokens, in seconds.
    pub access_token_secs: u64,
    /// Life of refresh tokens, in seconds.
    pub refresh_token_secs: u64,
    /// Refresh token rotation: its grace period in seconds, at most 60, or `None` for no rotation.
    pub rotation: Option<u64>,
    /// Where keys, users and sign-ins outlive a restart; `None` keeps them in memory.
    pub state_file: Option<PathBuf>,
    /// The only source of time.
    pub clock: Clock,
}

impl Settings {
    /// Settings for an app at `app_url` (such as `http://localhost:3000`, with or without a final slash): a
    /// confidential client in us-east-1, tokens of one hour, sign-ins of 30 days without rotation, the system's clock, no
    /// state file.
    #[must_use]
    pub fn new(addr: SocketAddr, app_url: &str) -> Settings {
        let app_url = app_url.trim_end_matches('/');
        Settings {
            addr,
            region: "us-east-1".to_owned(),
            client_secret: true,
            callback_urls: vec![format!("{app_url}/api/auth/callback/cognito")],
            logout_urls: vec![format!("{app_url}/"), app_url.to_owned()],
            access_token_secs: DEFAULT_ACCESS_TOKEN_SECS,
            refresh_token_secs: DEFAULT_REFRESH_TOKEN_SECS,
            rotation: None,
            state_file: None,
            clock: Arc::new(SystemTime::now),
        }
    }

    /// Refuses what must not be served, before anything is opened.
    pub(super) fn check(&self) -> Result<(), StartError> {
        if !self.addr.ip().is_loopback() {
            return Err(StartError::NotLoopback(self.addr));
        }
        let in_pattern = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if self.region.is_empty() || !self.region.chars().all(in_pattern) {
            return Err(StartError::Region(self.region.clone()));
        }
        match self.rotation {
            Some(grace_secs) if grace_secs > MAX_GRACE_SECS => Err(StartError::Grace(grace_secs)),
            _ => Ok(()),
        }
    }

    pub(super) fn pool_id(&self) -> String {
        format!("{}_LocalPool", self.region)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("addr", &self.addr)
            .field("region", &self.region)
            .field("client_secret", &self.client_secret)
            .field("callback_urls", &self.callback_urls)
            .field("logout_urls", &self.logout_urls)
            .field("access_token_secs", &self.access_token_secs)
            .field("refresh_token_secs", &self.refresh_token_secs)
            .field("rotation", &self.rotation)
            .field("state_file", &self.state_file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_url_may_end_in_a_slash() {
        for url in ["http://localhost:3000", "http://localhost:3000/"] {
            let settings = Settings::new(([127, 0, 0, 1], 0).into(), url);
            assert_eq!(settings.callback_urls, ["http://localhost:3000/api/auth/callback/cognito"]);
            assert_eq!(settings.logout_urls, ["http://localhost:3000/", "http://localhost:3000"]);
        }
    }

    #[test]
    fn only_loopback_and_only_a_region_name_are_accepted() {
        let settings = |addr: &str, region: &str| {
            let mut settings = Settings::new(addr.parse().unwrap(), "http://localhost:3000");
            settings.region = region.to_owned();
            settings.check()
        };
        assert!(settings("127.0.0.1:9400", "us-east-1").is_ok());
        assert!(settings("[::1]:9400", "eu-central-1").is_ok());
        for addr in ["0.0.0.0:9400", "[::]:9400", "192.168.1.10:9400"] {
            assert!(matches!(settings(addr, "us-east-1"), Err(StartError::NotLoopback(_))), "{addr}");
        }
        for region in ["", "us east", "us/east", "../x"] {
            assert!(matches!(settings("127.0.0.1:0", region), Err(StartError::Region(_))), "{region:?}");
        }
    }

    #[test]
    fn the_grace_is_a_minute_at_most() {
        let mut settings = Settings::new(([127, 0, 0, 1], 0).into(), "http://localhost:3000");
        for (rotation, good) in [(None, true), (Some(0), true), (Some(60), true), (Some(61), false)] {
            settings.rotation = rotation;
            assert_eq!(settings.check().is_ok(), good, "{rotation:?}");
        }
    }
}
