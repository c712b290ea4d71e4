//! What the operator decides, read from named settings by a lookup function, so that this folder never reads the
//! environment itself. Every problem is reported, in one message.

use std::{fmt, time::Duration};

use url::Url;

use super::{
    provider_config::CognitoConfig, sealed_session::Limits, session_secrets::SessionSecrets,
    upstream_origins::UpstreamOrigins,
};

/// Idle limit where `SESSION_IDLE_SECS` is not set: 7 days.
pub const DEFAULT_IDLE_SECS: u64 = 7 * 24 * 60 * 60;
/// Absolute limit where `SESSION_ABSOLUTE_SECS` is not set: 30 days, Cognito's default life of a refresh token.
pub const DEFAULT_ABSOLUTE_SECS: u64 = 30 * 24 * 60 * 60;
/// Where `SESSION_STALE_CLAIMS_SECS` is not set: 15 minutes.
pub const DEFAULT_STALE_CLAIMS_SECS: u64 = 15 * 60;
/// Where `SESSION_REFRESH_ENTRIES` is not set. An entry takes about 10 KB.
pub const DEFAULT_REFRESH_ENTRIES: u64 = 10_000;
const REFRESH_ENTRIES_MIN: u64 = 100;
/// A session that could not outlive a few minutes is a mistake in the unit.
const LIMIT_MIN_SECS: u64 = 5 * 60;

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
        let idle_limit = problems.keep(limit(&get, "SESSION_IDLE_SECS", DEFAULT_IDLE_SECS, LIMIT_MIN_SECS));
        let absolute_limit =
            problems.keep(limit(&get, "SESSION_ABSOLUTE_SECS", DEFAULT_ABSOLUTE_SECS, LIMIT_MIN_SECS));
        let stale_claims_limit = problems.keep(limit(&get, "SESSION_STALE_CLAIMS_SECS", DEFAULT_STALE_CLAIMS_SECS, 0));
        let refresh_entries = problems.keep(entries(&get));
        let cognito = CognitoConfig::from_lookup(&get, &mut problems);
        let upstream_origins = UpstreamOrigins::from_lookup(&get, &mut problems);
        let config = (|| {
            Some(Self {
                app_url: app_url?,
                cognito: cognito?,
                secrets: secrets?,
                idle_limit: idle_limit?,
                absolute_limit: absolute_limit?,
                refresh_entries: refresh_entries?,
                stale_claims_limit: stale_claims_limit?,
                upstream_origins,
            })
        })();
        problems.finish(config)
    }

    pub(super) fn limits(&self) -> Limits {
        Limits { idle: self.idle_limit, absolute: self.absolute_limit }
    }
}

/// Where browsers reach the app: an origin, https or loopback.
#[derive(Clone, Debug)]
pub struct AppUrl(Url);

impl AppUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let problem = |what: &str| format!("APP_URL {what}; write the app's origin, e.g. https://app.example.com");
        let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
        origin_problem(&url).map_or(Ok(Self(url)), |what| Err(problem(what)))
    }

    /// Scheme, host and port, without a slash at the end: what a browser sends as `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The absolute URL of a path of this app.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Whether cookies can be `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// https anywhere; plain http on loopback alone (RFC 8252 §7.3, B10).
pub(super) fn is_https_or_loopback(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

/// What keeps a URL from being an origin that this server may speak of or to.
pub(super) fn origin_problem(url: &Url) -> Option<&'static str> {
    let has_user = !url.username().is_empty() || url.password().is_some();
    if !is_https_or_loopback(url) {
        Some("must be https (plain http is for localhost alone)")
    } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_user {
        Some("must have no path, query, fragment or user")
    } else {
        None
    }
}

pub(super) fn require(get: &impl Fn(&str) -> Option<String>, name: &str) -> Result<String, String> {
    get(name).ok_or_else(|| format!("{name} is not set; .env.example of leptos-cognito says what it is"))
}

fn limit(get: &impl Fn(&str) -> Option<String>, name: &str, default: u64, min: u64) -> Result<Duration, String> {
    let Some(text) = get(name) else { return Ok(Duration::from_secs(default)) };
    match text.parse() {
        Ok(secs) if secs >= min => Ok(Duration::from_secs(secs)),
        _ => Err(format!("{name} is {text:?}; write a whole number of seconds, {min} or more")),
    }
}

fn entries(get: &impl Fn(&str) -> Option<String>) -> Result<u64, String> {
    let Some(text) = get("SESSION_REFRESH_ENTRIES") else { return Ok(DEFAULT_REFRESH_ENTRIES) };
    match text.parse() {
        Ok(entries) if entries >= REFRESH_ENTRIES_MIN => Ok(entries),
        _ => Err(format!("SESSION_REFRESH_ENTRIES is {text:?}; write a whole number, {REFRESH_ENTRIES_MIN} or more")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn app_urls() {
        for bad in [
            "app.example.com",
            "http://app.example.com",
            "https://app.example.com/path",
            "https://u@app.example.com",
            "ftp://localhost",
        ] {
            assert!(AppUrl::parse(bad).is_err(), "{bad}");
        }
        for (good, origin) in [
            ("https://app.example.com/", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(AppUrl::parse(good).unwrap().origin(), origin);
        }
    }

    #[test]
    fn no_secret_is_printed() {
        let config = read(&complete()).unwrap();
        let printed = format!("{config:?}");
        assert!(!printed.contains(SECRET) && !printed.contains("the-client-secret"), "{printed}");
    }
}
