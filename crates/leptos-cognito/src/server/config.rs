//! What the operator decides, read from named settings by a lookup function, so that this folder never reads the
//! environment itself. Every problem is reported, in one message.

use std::{ops::RangeInclusive, time::Duration};

use super::{
    config_problems::ConfigProblems, error::Cause, origin::AppUrl, provider_config::CognitoConfig,
    reauthentication::setting::Reauthentication, sealed_session::Limits, session_secrets::SessionSecrets,
    setting_reader::SettingReader, upstream_origins::UpstreamOrigins,
};

/// Every setting that this folder reads.
pub const AUTH_SETTINGS: [&str; 15] = [
    "APP_URL",
    "SESSION_SECRETS",
    "SESSION_IDLE_SECS",
    "SESSION_ABSOLUTE_SECS",
    "SESSION_STALE_CLAIMS_SECS",
    "SESSION_REFRESH_ENTRIES",
    "SESSION_REAUTHENTICATION",
    "COGNITO_ISSUER",
    "COGNITO_CLIENT_ID",
    "COGNITO_CLIENT_SECRET",
    "COGNITO_DOMAIN",
    "COGNITO_SCOPES",
    "COGNITO_REFRESH",
    "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
    "UPSTREAM_ORIGINS",
];

/// Idle limit where `SESSION_IDLE_SECS` is not set: 7 days.
pub const DEFAULT_IDLE_SECS: u64 = 7 * 24 * 60 * 60;
/// Absolute limit where `SESSION_ABSOLUTE_SECS` is not set: 30 days, Cognito's default life of a refresh token.
pub const DEFAULT_ABSOLUTE_SECS: u64 = 30 * 24 * 60 * 60;
/// Where `SESSION_STALE_CLAIMS_SECS` is not set: 15 minutes.
pub const DEFAULT_STALE_CLAIMS_SECS: u64 = 15 * 60;
/// Where `SESSION_REFRESH_ENTRIES` is not set. An entry takes about 10 KB.
pub const DEFAULT_REFRESH_ENTRIES: u64 = 10_000;
/// 100 GB at most.
const REFRESH_ENTRIES: RangeInclusive<u64> = 100..=10_000_000;
/// A session that could not outlive a few minutes is a mistake in the unit; ten years are Cognito's longest refresh token.
const LIMIT_SECS: RangeInclusive<u64> = 5 * 60..=10 * 365 * 24 * 60 * 60;

/// Everything the auth folder needs to know.
#[derive(Clone, Debug)]
pub struct AuthConfig {
    /// `APP_URL`: where browsers reach this app, e.g. `https://app.example.com`. Redirect URIs come from it alone,
    /// never from a request's headers (B6).
    pub app_url: AppUrl,
    /// The user pool.
    pub cognito: CognitoConfig,
    /// `SESSION_SECRETS`.
    pub secrets: SessionSecrets,
    /// `SESSION_IDLE_SECS`: a session that nobody used for this long ends.
    pub idle_limit: Duration,
    /// `SESSION_REFRESH_ENTRIES`: sessions whose refresh is remembered in memory.
    pub refresh_entries: u64,
    /// `SESSION_ABSOLUTE_SECS`: a session ends this long after the sign-in, whatever happens.
    pub absolute_limit: Duration,
    /// `SESSION_STALE_CLAIMS_SECS`: how long beyond an access token's life the groups of a session that cannot be renewed
    /// are relied on. After that, what needs a group answers 503.
    pub stale_claims_limit: Duration,
    /// `SESSION_REAUTHENTICATION`: how the next sign-in asks for the password after a limit or a verdict of Cognito's.
    pub reauthentication: Reauthentication,
    /// `UPSTREAM_ORIGINS`: where calls with a person's access token may go, besides the user pool's own domain (B44).
    pub upstream_origins: UpstreamOrigins,
}

impl AuthConfig {
    /// Reads the settings. A setting that is empty counts as not set.
    ///
    /// # Errors
    /// Everything that is missing or malformed, each with what to do about it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigProblems> {
        let mut reader = SettingReader::new(&lookup);
        let app_url = reader.require("APP_URL").and_then(|url| reader.keep(AppUrl::parse(&url)));
        let secrets = reader.require("SESSION_SECRETS").and_then(|list| reader.keep(SessionSecrets::parse(&list)));
        let mut limit = |name, range, default| Duration::from_secs(reader.number(name, "seconds", range, default));
        let idle_limit = limit("SESSION_IDLE_SECS", LIMIT_SECS, DEFAULT_IDLE_SECS);
        let absolute_limit = limit("SESSION_ABSOLUTE_SECS", LIMIT_SECS, DEFAULT_ABSOLUTE_SECS);
        let stale_claims_limit = limit("SESSION_STALE_CLAIMS_SECS", 0..=*LIMIT_SECS.end(), DEFAULT_STALE_CLAIMS_SECS);
        let refresh_entries =
            reader.number("SESSION_REFRESH_ENTRIES", "a whole number", REFRESH_ENTRIES, DEFAULT_REFRESH_ENTRIES);
        let reauthentication = Reauthentication::parse(reader.get("SESSION_REAUTHENTICATION").as_deref());
        let reauthentication = reader.keep(reauthentication);
        let cognito = CognitoConfig::read(&mut reader);
        let upstream_origins = UpstreamOrigins::read(&mut reader);
        let config = (|| {
            Some(Self {
                app_url: app_url?,
                cognito: cognito?,
                secrets: secrets?,
                idle_limit,
                absolute_limit,
                refresh_entries,
                stale_claims_limit,
                reauthentication: reauthentication?,
                upstream_origins,
            })
        })();
        reader.into_problems().finish(config)
    }

    /// For a configuration that was made by hand: numbers out of range would make caches panic.
    pub(super) fn check_ranges(&self) -> Result<(), Cause> {
        let stale_claims = 0..=*LIMIT_SECS.end();
        let numbers = [
            ("idle_limit", self.idle_limit.as_secs(), LIMIT_SECS),
            ("absolute_limit", self.absolute_limit.as_secs(), LIMIT_SECS),
            ("stale_claims_limit", self.stale_claims_limit.as_secs(), stale_claims),
            ("refresh_entries", self.refresh_entries, REFRESH_ENTRIES),
        ];
        match numbers.into_iter().find(|(_, number, range)| !range.contains(number)) {
            Some((name, number, range)) => {
                let (least, most) = range.into_inner();
                Err(Cause::Configuration(format!("{name} is {number}; it has to be from {least} to {most}")))
            }
            None => Ok(()),
        }
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { idle: self.idle_limit, absolute: self.absolute_limit }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Access, Auth, Clock},
        *,
    };

    const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

    /// So that an app which looks for misspelt names knows them all.
    #[test]
    fn every_setting_that_is_read_is_in_the_list() {
        let asked = std::cell::RefCell::new(std::collections::BTreeSet::new());
        let config = AuthConfig::from_lookup(|name| {
            asked.borrow_mut().insert(name.to_owned());
            complete().into_iter().find(|(own, _)| *own == name).map(|(_, value)| value.to_owned())
        });
        assert!(config.is_ok());
        assert_eq!(asked.into_inner(), AUTH_SETTINGS.map(str::to_owned).into());
    }

    fn read(settings: &[(&str, &str)]) -> Result<AuthConfig, String> {
        let find = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        AuthConfig::from_lookup(find).map_err(|problems| problems.to_string())
    }

    fn complete() -> Vec<(&'static str, &'static str)> {
        vec![
            ("APP_URL", "https://app.example.com"),
            ("SESSION_SECRETS", SECRET),
            ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEfGhI"),
            ("COGNITO_CLIENT_ID", "1example23456789"),
            ("COGNITO_CLIENT_SECRET", "the_client_secret_0123456789"),
        ]
    }

    #[test]
    fn every_problem_is_reported_at_once() {
        let message = read(&[("APP_URL", "http://app.example.com"), ("SESSION_IDLE_SECS", "a week")]).unwrap_err();
        for name in ["APP_URL", "SESSION_SECRETS", "SESSION_IDLE_SECS", "COGNITO_ISSUER", "COGNITO_CLIENT_ID"] {
            assert!(message.contains(name), "{name} is missing in: {message}");
        }
    }

    #[tokio::test]
    async fn numbers_out_of_range_are_told_and_make_no_cache_panic() {
        for name in ["SESSION_IDLE_SECS", "SESSION_ABSOLUTE_SECS", "SESSION_REFRESH_ENTRIES"] {
            for number in ["0", "99", "9223372036854775807", "18446744073709551615", "2e64", "-1"] {
                let told = read(&[(name, number)].into_iter().chain(complete()).collect::<Vec<_>>());
                assert!(told.as_ref().is_err_and(|told| told.contains(name)), "{name} {number}: {told:?}");
            }
            for number in ["300", "100000"] {
                let config = read(&[(name, number)].into_iter().chain(complete()).collect::<Vec<_>>()).unwrap();
                assert!(Auth::new(config, Access::new(), Clock::system()).await.is_ok(), "{name} {number}");
            }
        }
        let changes: [fn(&mut AuthConfig); 5] = [
            |config| config.absolute_limit = Duration::MAX,
            |config| config.absolute_limit = Duration::ZERO,
            |config| config.idle_limit = Duration::MAX,
            |config| config.stale_claims_limit = Duration::MAX,
            |config| config.refresh_entries = u64::MAX,
        ];
        for change in changes {
            let mut config = read(&complete()).unwrap();
            change(&mut config);
            assert!(matches!(Auth::new(config, Access::new(), Clock::system()).await, Err(Cause::Configuration(_))));
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let config = read(&complete()).unwrap();
        let printed = format!("{config:?}");
        assert!(!printed.contains(SECRET) && !printed.contains("the_client_secret"), "{printed}");
    }
}
