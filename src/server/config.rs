//! The only reader of the environment and of `.env`. The environment wins; an empty value counts as not set.

use std::{collections::HashMap, env, net::SocketAddr, sync::Arc};

use leptos::config::{Env, LeptosOptions};

use super::{limits::Limits, number::number};
use crate::{
    auth::server::{AuthConfig, ConfigProblems},
    local::{self, LocalConfig},
};

const COGNITO_SETTINGS: [&str; 5] =
    ["COGNITO_ISSUER", "COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET", "COGNITO_DOMAIN", "COGNITO_SCOPES"];
const DEFAULT_SITE_ADDR: &str = "127.0.0.1:3000";
const DEFAULT_RELOAD_PORT: u64 = 3001;
/// Each takes an open file; no system has this many by default.
const MOST_CONNECTIONS: u64 = 1_000_000;
/// Finds a setting by its name.
pub(crate) type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Everything the program is told.
pub struct AppConfig {
    /// Where the site's files are and where the server listens.
    pub leptos: LeptosOptions,
    /// The user pool, or the stand-in for one.
    pub provider: Provider,
    /// What one client may take of the server.
    pub limits: Limits,
}

/// Who signs people in.
pub enum Provider {
    /// A user pool, fully configured.
    Cognito(Box<AuthConfig>),
    /// Local Cognito, started with the app.
    LocalCognito(LocalConfig),
}

/// The filter of the log: `RUST_LOG`, or what an operator wants to see.
#[must_use]
pub(super) fn log_filter() -> String {
    env::var("RUST_LOG").ok().filter(|filter| !filter.is_empty()).unwrap_or_else(|| "info".to_owned())
}

impl AppConfig {
    /// Reads `.env`, where there is one, and the environment.
    ///
    /// # Errors
    /// Everything that is missing or malformed, at once.
    pub fn read() -> Result<Self, ConfigProblems> {
        let mut problems = ConfigProblems::default();
        let config = Self::from_lookup(read_settings(&mut problems));
        match config {
            Ok(config) => problems.finish(Some(config)),
            Err(more) => Err(problems.and(more)),
        }
    }

    /// As [`read`](Self::read), from any source.
    pub(super) fn from_lookup(lookup: Lookup) -> Result<Self, ConfigProblems> {
        let mut problems = ConfigProblems::default();
        let is_set = |name: &str| lookup(name).is_some_and(|value| !value.trim().is_empty());
        let is_production = is_production(lookup("LEPTOS_ENV"), &mut problems);
        let leptos = leptos_options(&lookup, is_production, &mut problems);
        let limits = Limits { connections: connections(&lookup, &mut problems), ..Limits::default() };
        // An optimised build is somebody's deployment, whatever else is set: known passwords have no place in it.
        let may_be_local = !is_production && cfg!(debug_assertions);
        let wants_local = may_be_local && !COGNITO_SETTINGS.iter().any(|name| is_set(name));
        let provider = if wants_local {
            local::read(&lookup, leptos.site_addr, &mut problems).map(Provider::LocalCognito)
        } else {
            if !may_be_local && !COGNITO_SETTINGS.iter().any(|name| is_set(name)) {
                problems.add(
                    "LEPTOS_ENV is PROD, or this is an optimised build: Local Cognito does not start, a user pool has to be set",
                );
            }
            match AuthConfig::from_lookup(|name| lookup(name)) {
                Ok(auth) => Some(Provider::Cognito(Box::new(auth))),
                Err(more) => return Err(problems.and(more)),
            }
        };
        problems.finish(provider.map(|provider| Self { leptos, provider, limits }))
    }
}

/// The environment over `.env`.
pub(super) fn read_settings(problems: &mut ConfigProblems) -> Lookup {
    let file = read_env_file(problems);
    Arc::new(move |name| env::var(name).ok().or_else(|| file.get(name).cloned()))
}

fn read_env_file(problems: &mut ConfigProblems) -> HashMap<String, String> {
    let lines = match dotenvy::dotenv_iter() {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return HashMap::new(),
        Err(error) => {
            problems.add(format!(".env cannot be read: {error}"));
            return HashMap::new();
        }
    };
    let mut settings = HashMap::new();
    for line in lines {
        match line {
            Ok((name, value)) => drop(settings.insert(name, value)),
            // The error quotes the line, and the line may hold a secret.
            Err(_) => problems.add(".env has a line that is not NAME=value; write values with spaces in quotes"),
        }
    }
    settings
}

/// `LEPTOS_ENV`, spelt as Leptos takes it.
fn is_production(env: Option<String>, problems: &mut ConfigProblems) -> bool {
    match env.unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "" | "dev" | "development" => false,
        "prod" | "production" => true,
        other => {
            problems.add(format!("LEPTOS_ENV is {other:?}; write DEV or PROD"));
            true
        }
    }
}

fn leptos_options(lookup: &Lookup, is_production: bool, problems: &mut ConfigProblems) -> LeptosOptions {
    let get = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    let site_addr = address(&get, "LEPTOS_SITE_ADDR", DEFAULT_SITE_ADDR, problems);
    let reload_port = number(get, "LEPTOS_RELOAD_PORT", DEFAULT_RELOAD_PORT, 1..=65_535, problems);
    LeptosOptions::builder()
        .output_name(get("LEPTOS_OUTPUT_NAME").unwrap_or_else(|| "leptos-cognito".to_owned()))
        .site_root(get("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned()))
        .site_pkg_dir(get("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|| "pkg".to_owned()))
        .env(if is_production { Env::PROD } else { Env::DEV })
        .site_addr(site_addr)
        .reload_port(u32::try_from(reload_port).unwrap_or_default())
        .hash_files(get("LEPTOS_HASH_FILES").is_some_and(|value| value == "true"))
        .build()
}

fn connections(lookup: &Lookup, problems: &mut ConfigProblems) -> usize {
    let default = Limits::DEFAULT_CONNECTIONS;
    let connections = number(|name| lookup(name), "MAX_CONNECTIONS", default as u64, 1..=MOST_CONNECTIONS, problems);
    usize::try_from(connections).unwrap_or(default)
}

pub(crate) fn address(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: &str,
    problems: &mut ConfigProblems,
) -> SocketAddr {
    let text = get(name).unwrap_or_else(|| default.to_owned());
    text.trim().parse().unwrap_or_else(|_| {
        problems.add(format!("{name} is {text:?}; write an address and a port, e.g. {default}"));
        SocketAddr::from(([127, 0, 0, 1], 0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(settings: &[(&'static str, &'static str)]) -> Result<AppConfig, String> {
        // A developer's own settings file does not reach the tests.
        let settings: HashMap<_, _> =
            [("LOCAL_COGNITO_CONFIG", "")].into_iter().chain(settings.iter().copied()).collect();
        let lookup: Lookup = Arc::new(move |name| settings.get(name).map(|value| (*value).to_owned()));
        AppConfig::from_lookup(lookup).map_err(|problems| problems.to_string())
    }

    #[test]
    fn nothing_set_means_local_cognito_and_empty_means_not_set() {
        for settings in [&[][..], &[("COGNITO_ISSUER", ""), ("COGNITO_CLIENT_ID", " ")]] {
            let config = read(settings).unwrap();
            assert!(
                matches!(config.provider, Provider::LocalCognito(local) if local.app_url == "http://localhost:3000")
            );
        }
    }

    #[test]
    fn half_a_configuration_is_refused_and_names_all_that_is_missing() {
        let message = read(&[("COGNITO_CLIENT_SECRET", "x")]).err().unwrap();
        for name in ["COGNITO_ISSUER", "COGNITO_CLIENT_ID", "SESSION_SECRETS", "APP_URL"] {
            assert!(message.contains(name), "{name} is missing in: {message}");
        }
    }

    #[test]
    fn production_never_starts_local_cognito() {
        for env in ["PROD", "prod", "production", "live"] {
            let message = read(&[("LEPTOS_ENV", env)]).err().unwrap();
            assert!(message.contains("COGNITO_ISSUER"), "{env}: {message}");
        }
    }

    #[test]
    fn malformed_settings_are_all_named() {
        let message = read(&[
            ("LEPTOS_SITE_ADDR", "3000"),
            ("LOCAL_COGNITO_ADDR", "x"),
            ("LOCAL_COGNITO_ACCESS_TOKEN_SECS", "1h"),
            ("SESSION_IDLE_SECS", "7d"),
            ("COGNITO_REFRESH", "foo"),
            ("MAX_CONNECTIONS", "0"),
        ])
        .err()
        .unwrap();
        for name in [
            "LEPTOS_SITE_ADDR",
            "LOCAL_COGNITO_ADDR",
            "LOCAL_COGNITO_ACCESS_TOKEN_SECS",
            "SESSION_IDLE_SECS",
            "COGNITO_REFRESH",
            "MAX_CONNECTIONS",
        ] {
            assert!(message.contains(name), "{name} is missing in: {message}");
        }
    }
}
