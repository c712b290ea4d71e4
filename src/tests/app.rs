//! A running app with a user pool of its own, on free ports. Used by every flow test.

use std::time::Duration;

use leptos::config::LeptosOptions;
use leptos_cognito::server::{AuthConfig, Clock};
use leptos_cognito_app::server::{self, Limits};
use local_cognito::UserSettings;
use tokio::net::TcpListener;

use crate::pool::UserPool;

pub(crate) const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

/// App and user pool; they end with the test's runtime.
pub(crate) struct TestApp {
    /// Where it listens.
    pub(crate) url: String,
    /// Its `APP_URL`.
    app_url: String,
    pub(crate) cognito: UserPool,
}

/// What a test may want otherwise.
pub(crate) struct Wishes {
    pub(crate) confidential: bool,
    /// Refresh token rotation: its grace time in seconds.
    pub(crate) rotation: Option<u64>,
    pub(crate) access_token_secs: u64,
    /// Time passes by `advance` alone, for what depends on a single second.
    pub(crate) has_still_clock: bool,
    pub(crate) settings: Vec<(&'static str, String)>,
    /// In Local Cognito's pool, besides the demo users.
    pub(crate) users: Vec<UserSettings>,
    /// Names of clients for the same app in Local Cognito's pool, besides its own.
    pub(crate) clients: Vec<&'static str>,
    pub(crate) limits: Limits,
    /// Pages of the classic hosted UI, which ignores `prompt`.
    pub(crate) classic_hosted_ui: bool,
}

impl Default for Wishes {
    fn default() -> Self {
        Self {
            confidential: true,
            rotation: None,
            access_token_secs: 3600,
            has_still_clock: false,
            settings: Vec::new(),
            users: Vec::new(),
            clients: Vec::new(),
            limits: Limits::default(),
            classic_hosted_ui: false,
        }
    }
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Wishes::default()).await
    }

    pub(crate) async fn start_with(wishes: Wishes) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let cognito = UserPool::start(&app_url_of(&url, &wishes.settings), &wishes).await;
        Self::serve(listener, &url, cognito, &wishes.settings, wishes.limits, 0)
    }

    /// One more process of the same app: another server, the same `APP_URL`, the same user pool, the same secret, nothing else
    /// shared.
    pub(crate) async fn start_another(&self) -> Self {
        self.start_another_with(&[]).await
    }

    /// As [`start_another`](Self::start_another), with settings of its own.
    pub(crate) async fn start_another_with(&self, settings: &[(&'static str, String)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, &self.app_url, self.cognito.clone(), settings, Limits::default(), 0)
    }

    /// As [`start_another`](Self::start_another), on a machine whose clock is so many seconds ahead.
    pub(crate) async fn start_another_with_clock(&self, ahead_secs: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serve(listener, &self.app_url, self.cognito.clone(), &[], Limits::default(), ahead_secs)
    }

    fn serve(
        listener: TcpListener,
        usual_app_url: &str,
        cognito: UserPool,
        settings: &[(&'static str, String)],
        limits: Limits,
        ahead_secs: i64,
    ) -> Self {
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let app_url = app_url_of(usual_app_url, settings);
        let auth = auth_config(&cognito, &app_url, settings);
        let clock = clock_ahead_of(&cognito, ahead_secs);
        let options = LeptosOptions::builder().output_name("leptos-cognito").site_root("public").build();
        let served = server::serve_until(listener, options, auth, clock, limits, std::future::pending());
        tokio::spawn(async move { served.await.unwrap() });
        Self { url, app_url, cognito }
    }

    /// A cookie's whole name at this app: `session-3000`, or `__Host-session` on https.
    pub(crate) fn cookie(&self, plain: &str) -> String {
        match reqwest::Url::parse(&self.app_url).unwrap() {
            url if url.scheme() == "https" => format!("__Host-{plain}"),
            url => format!("{plain}-{}", url.port_or_known_default().unwrap()),
        }
    }

    /// What a browser sends as `Host`.
    pub(crate) fn host(&self) -> String {
        self.app_url.split("://").last().unwrap_or_default().to_owned()
    }

    /// Moves the clock of the app, and of Local Cognito.
    pub(crate) fn advance(&self, secs: u64) {
        self.cognito.advance(Duration::from_secs(secs));
    }

    /// How often the app asked Cognito for new tokens.
    pub(crate) fn refreshes(&self) -> usize {
        self.cognito.count("InitiateAuth")
    }
}

/// A cookie's name without the port of its app: `session` of `session-3000`, `session.1` of `session-3000.1`.
pub(crate) fn plain_name(name: &str) -> String {
    let (name, rest) = name.split_at(name.find('.').unwrap_or(name.len()));
    let plain = name.rsplit_once('-').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(name, |(plain, _)| plain);
    format!("{plain}{rest}")
}

fn app_url_of(usual: &str, settings: &[(&'static str, String)]) -> String {
    settings.iter().find(|(name, _)| *name == "APP_URL").map_or(usual, |(_, value)| value).to_owned()
}

/// The clock that the pool moves.
pub(crate) fn clock_of(cognito: &UserPool) -> Clock {
    clock_ahead_of(cognito, 0)
}

fn clock_ahead_of(cognito: &UserPool, secs: i64) -> Clock {
    let now = cognito.clock();
    let ahead = Duration::from_secs(secs.unsigned_abs());
    Clock::from_fn(move || if secs < 0 { now() - ahead } else { now() + ahead })
}

pub(crate) const PASSWORD: &str = "Demo-Passw0rd";

/// So many users, `user-0@example.com` and on, with one password.
pub(crate) fn users(count: usize) -> Vec<UserSettings> {
    (0..count).map(|number| UserSettings::new(&format!("user-{number}@example.com"), PASSWORD, "A User", &[])).collect()
}

pub(crate) fn auth_config(cognito: &UserPool, url: &str, settings: &[(&'static str, String)]) -> AuthConfig {
    AuthConfig::from_lookup(|name| {
        if let Some((_, value)) = settings.iter().find(|(own, _)| *own == name) {
            return Some(value.clone());
        }
        match name {
            "APP_URL" => Some(url.to_owned()),
            "SESSION_SECRETS" => Some(SECRET.to_owned()),
            "COGNITO_ISSUER" => Some(cognito.issuer()),
            "COGNITO_CLIENT_ID" => Some(cognito.client_id()),
            "COGNITO_DOMAIN" => cognito.domain(),
            "COGNITO_CLIENT_SECRET" => cognito.client_secret(),
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER" => Some(cognito.base_url()),
            _ => None,
        }
    })
    .unwrap()
}
