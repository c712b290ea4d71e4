//! What the operator decides, read from named settings by a lookup function, so that this folder never reads the
//! environment itself. Every problem is reported, in one message.

use std::{fmt, ops::RangeInclusive, time::Duration};

use super::{
    app_url::AppUrl, error::Cause, provider_config::CognitoConfig, session_secrets::SessionSecrets,
    upstream_origins::UpstreamOrigins,
};

/// Idle limit where `SESSION_IDLE_SECS` is not set: 7 days.
pub const DEFAULT_IDLE_SECS: u64 = 7 * 24 * 60 * 60;
/// Absolute limit where `SESSION_ABSOLUTE_SECS` is not set: 30 days, Cognito's default life of a refresh token.
pub const DEFAULT_ABSOLUTE_SECS: u64 = 30 * 24 * 60 * 60;
/// Where `SESSION_REFRESH_ENTRIES` is not set. An entry takes about 10 KB.
pub const DEFAULT_REFRESH_ENTRIES: u64 = 10_000;
/// More than a million would take 10 GB.
const REFRESH_ENTRIES: RangeInclusive<u64> = 100..=1_000_000;
/// Less than five minutes is a mistake in the unit; ten years is the longest that Cognito's refresh tokens can last.
const LIMIT_SECS: RangeInclusive<u64> = 300..=3650 * 24 * 60 * 60;

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
    /// `UPSTREAM_ORIGINS`: where calls with a person's access token may go, besides the user pool's own domain (B44).
    pub upstream_origins: UpstreamOrigins,
}

/// All that is wrong with the settings, at once.
#[derive(Debug, Default, thiserror::Error)]
pub struct ConfigProblems(Vec<String>);

impl ConfigProblems {
    /// Notes one more problem: what is wrong, and what to do.
    pub fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }

    /// These problems and those.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    /// The value, if nothing was wrong; else all the problems.
    ///
    /// # Errors
    /// The problems noted so far, where there are any.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    pub(super) fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        result.map_err(|problem| self.add(problem)).ok()
    }
}

impl fmt::Display for ConfigProblems {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the configuration has {} problem(s):", self.0.len())?;
        self.0.iter().try_for_each(|problem| write!(formatter, "\n  - {problem}"))
    }
}

impl AuthConfig {
    /// Reads the settings. A setting that is empty counts as not set.
    ///
    /// # Errors
    /// Everything that is missing or malformed, each with what to do about it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigProblems> {
        let get = |name: &str| lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
        let mut problems = ConfigProblems::default();
        let app_url = problems.keep(require(&get, "APP_URL").and_then(|url| AppUrl::parse(&url)));
        let secrets = problems.keep(require(&get, "SESSION_SECRETS").and_then(|list| SessionSecrets::parse(&list)));
        let idle_secs = problems.keep(number(&get, "SESSION_IDLE_SECS", DEFAULT_IDLE_SECS, &LIMIT_SECS));
        let absolute_secs = problems.keep(number(&get, "SESSION_ABSOLUTE_SECS", DEFAULT_ABSOLUTE_SECS, &LIMIT_SECS));
        let refresh_entries =
            problems.keep(number(&get, "SESSION_REFRESH_ENTRIES", DEFAULT_REFRESH_ENTRIES, &REFRESH_ENTRIES));
        let cognito = CognitoConfig::from_lookup(&get, &mut problems);
        let upstream_origins = UpstreamOrigins::from_lookup(&get, &mut problems);
        let config = (|| {
            Some(Self {
                app_url: app_url?,
                cognito: cognito?,
                secrets: secrets?,
                idle_limit: Duration::from_secs(idle_secs?),
                absolute_limit: Duration::from_secs(absolute_secs?),
                refresh_entries: refresh_entries?,
                upstream_origins,
            })
        })();
        problems.finish(config)
    }

    /// For a configuration that was made by hand: numbers out of range would make caches panic.
    pub(super) fn check_ranges(&self) -> Result<(), Cause> {
        let out_of_range = [
            ("idle_limit", self.idle_limit.as_secs(), LIMIT_SECS),
            ("absolute_limit", self.absolute_limit.as_secs(), LIMIT_SECS),
            ("refresh_entries", self.refresh_entries, REFRESH_ENTRIES),
        ];
        match out_of_range.into_iter().find(|(_, number, range)| !range.contains(number)) {
            Some((name, number, range)) => {
                let (least, most) = range.into_inner();
                Err(Cause::Configuration(format!("{name} is {number}; it has to be from {least} to {most}")))
            }
            None => Ok(()),
        }
    }
}

pub(super) fn require(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<String, String> {
    get(name).ok_or_else(|| format!("{name} is not set; .env.example of leptos-cognito says what it is"))
}

fn number(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: u64,
    range: &RangeInclusive<u64>,
) -> Result<u64, String> {
    let Some(text) = get(name) else { return Ok(default) };
    text.parse()
        .ok()
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("{name} is {text:?}; write a whole number from {} to {}", range.start(), range.end()))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Access, Auth, Clock},
        *,
    };

    const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

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
            ("COGNITO_CLIENT_SECRET", "the-client-secret-0123456789"),
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
    async fn no_number_makes_the_start_panic() {
        let numbers = [
            "0",
            "-1",
            "299",
            "99",
            "1e9",
            "315360001",
            "1000001",
            "9223372036854775807",
            "18446744073709551615",
            "2e64",
        ];
        for name in ["SESSION_IDLE_SECS", "SESSION_ABSOLUTE_SECS", "SESSION_REFRESH_ENTRIES"] {
            for number in numbers {
                let told = read(&[(name, number)].into_iter().chain(complete()).collect::<Vec<_>>());
                let is_named = told.as_ref().is_err_and(|told| told.contains(name) && told.contains(" to "));
                assert!(is_named || number.len() < 10 && told.is_ok(), "{name} {number}: {told:?}");
            }
            for number in ["300", "100000"] {
                let config = read(&[(name, number)].into_iter().chain(complete()).collect::<Vec<_>>()).unwrap();
                assert!(Auth::new(config, Access::new(), Clock::system()).await.is_ok(), "{name} {number}");
            }
        }
        let changes: [fn(&mut AuthConfig); 4] = [
            |config| config.absolute_limit = Duration::MAX,
            |config| config.absolute_limit = Duration::ZERO,
            |config| config.idle_limit = Duration::MAX,
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
        assert!(!printed.contains(SECRET) && !printed.contains("the-client-secret"), "{printed}");
    }
}
