//! Everything the program is told: `environment` finds the settings, here they become what the server is started with.

mod env_file;
mod environment;
mod names;

use std::net::SocketAddr;

use leptos::config::{Env, LeptosOptions};
use tracing_subscriber::EnvFilter;

pub(crate) use self::environment::{Environment, Lookup};
use super::limits::Limits;
use leptos_cognito::server::{AuthConfig, ConfigProblems, SettingReader};

use crate::local::{self, LocalConfig};

const COGNITO_SETTINGS: [&str; 5] =
    ["COGNITO_ISSUER", "COGNITO_CLIENT_ID", "COGNITO_CLIENT_SECRET", "COGNITO_DOMAIN", "COGNITO_SCOPES"];
const DEFAULT_SITE_ADDR: &str = "127.0.0.1:3000";
const DEFAULT_RELOAD_PORT: u64 = 3001;
/// About what Linux lets one process open at most (`fs.nr_open`).
const MAX_CONNECTIONS: u64 = 1_000_000;

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

impl AppConfig {
    /// Makes the configuration of what the environment holds.
    ///
    /// # Errors
    /// Everything that is missing or malformed, at once.
    pub(super) fn read(environment: Environment) -> Result<Self, ConfigProblems> {
        let Environment { lookup, problems, is_file_left_out } = environment;
        match Self::from_lookup(lookup) {
            Ok(config) => problems.finish(Some(config)),
            Err(more) => {
                let mut problems = problems.and(more);
                if is_file_left_out {
                    problems.add("LEPTOS_ENV is not DEV in the environment, so .env was not read; if it is meant, set ENV_FILE=.env");
                }
                Err(problems)
            }
        }
    }

    /// As [`read`](Self::read), from any source.
    pub(super) fn from_lookup(lookup: Lookup) -> Result<Self, ConfigProblems> {
        let mut reader = SettingReader::new(&*lookup);
        let is_set = |name: &str| lookup(name).is_some_and(|value| !value.trim().is_empty());
        let is_production = is_production(&mut reader);
        let leptos = leptos_options(is_production, &mut reader);
        let connections = Limits::DEFAULT_CONNECTIONS as u64;
        let connections = reader.number("MAX_CONNECTIONS", "a whole number", 1..=MAX_CONNECTIONS, connections);
        let limits = Limits { connections: usize::try_from(connections).unwrap_or(usize::MAX), ..Limits::default() };
        // Read before there is a log; here only what stands around it.
        let _ = reader.get("RUST_LOG");
        // An optimised build is somebody's deployment, whatever else is set: known passwords have no place in it.
        let may_be_local = !is_production && cfg!(debug_assertions);
        let is_pool_set = COGNITO_SETTINGS.iter().any(|name| is_set(name));
        let provider = if may_be_local && !is_pool_set {
            local::read(&lookup, leptos.site_addr, &mut reader).map(Provider::LocalCognito)
        } else {
            if !is_pool_set {
                reader.add(
                    "LEPTOS_ENV is PROD, or this is an optimised build: Local Cognito does not start, a user pool has to be set",
                );
            }
            let auth = AuthConfig::from_lookup(|name| lookup(name));
            auth.map_err(|more| reader.add_all(more)).ok().map(|auth| Provider::Cognito(Box::new(auth)))
        };
        reader.into_problems().finish(provider.map(|provider| Self { leptos, provider, limits }))
    }
}

/// The filter of the log: `RUST_LOG`, or what an operator wants to see.
///
/// # Errors
/// What is wrong with it. A word that is no level would be the name of a crate, and silence everything else.
pub(super) fn log_filter(text: Option<&str>) -> Result<EnvFilter, String> {
    const LEVELS: [&str; 6] = ["error", "warn", "info", "debug", "trace", "off"];
    let text = text.map(|text| text.trim().trim_matches(['"', '\''])).filter(|text| !text.is_empty()).unwrap_or("info");
    let problem =
        |what: String| format!("RUST_LOG {what}; write a level, e.g. info, or targets, e.g. leptos_cognito=debug");
    for word in text.split(',').map(|word| word.trim().to_ascii_lowercase()) {
        let slip = LEVELS.iter().find(|level| (1..=2).contains(&strsim::damerau_levenshtein(&word, level)));
        if let Some(level) = slip.filter(|_| word.len() > 2 && !LEVELS.contains(&word.as_str())) {
            return Err(problem(format!("has {word:?} in it, which is not a level but almost {level:?}")));
        }
    }
    EnvFilter::builder().parse(text).map_err(|error| problem(format!("cannot be read: {error}")))
}

/// `LEPTOS_ENV`, spelt as Leptos takes it.
fn is_production(reader: &mut SettingReader<'_>) -> bool {
    match reader.get("LEPTOS_ENV").unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "dev" | "development" => false,
        "prod" | "production" => true,
        other => {
            reader.add(format!("LEPTOS_ENV is {other:?}; write DEV or PROD"));
            true
        }
    }
}

fn leptos_options(is_production: bool, reader: &mut SettingReader<'_>) -> LeptosOptions {
    let site_root = reader.get("LEPTOS_SITE_ROOT").unwrap_or_else(|| "target/site".to_owned());
    if site_root.chars().any(char::is_control) {
        reader.add("LEPTOS_SITE_ROOT has a control character in it; write the path of a folder");
    }
    let output_name = reader.get("LEPTOS_OUTPUT_NAME").unwrap_or_else(|| "leptos-cognito".to_owned());
    if !is_file_name(&output_name) {
        reader.add("LEPTOS_OUTPUT_NAME is no file name; write letters, digits, _ and -");
    }
    let pkg_dir = reader.get("LEPTOS_SITE_PKG_DIR").unwrap_or_else(|| "pkg".to_owned());
    if !pkg_dir.split('/').all(is_file_name) {
        reader.add("LEPTOS_SITE_PKG_DIR is no folder in the site; write letters, digits, _ and -, e.g. pkg");
    }
    let reload_port = reader.number("LEPTOS_RELOAD_PORT", "a port", 1..=u64::from(u16::MAX), DEFAULT_RELOAD_PORT);
    LeptosOptions::builder()
        .output_name(output_name)
        .site_root(site_root)
        .site_pkg_dir(pkg_dir)
        .env(if is_production { Env::PROD } else { Env::DEV })
        .site_addr(site_addr(reader))
        .reload_port(u32::try_from(reload_port).unwrap_or_default())
        .hash_files(flag("LEPTOS_HASH_FILES", reader))
        .build()
}

/// What can stand in a URL's path as it is.
fn is_file_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    !name.is_empty() && name.bytes().all(is_part) && !name.starts_with('.')
}

fn flag(name: &str, reader: &mut SettingReader<'_>) -> bool {
    match reader.get(name).unwrap_or_default().to_ascii_lowercase().as_str() {
        "true" => true,
        "" | "false" => false,
        other => {
            reader.add(format!("{name} is {other:?}; write true or false"));
            false
        }
    }
}

/// Browsers have to know the port, so it is none that the system chooses.
fn site_addr(reader: &mut SettingReader<'_>) -> SocketAddr {
    let addr = address("LEPTOS_SITE_ADDR", DEFAULT_SITE_ADDR, reader);
    if addr.port() == 0 {
        reader.add(format!("LEPTOS_SITE_ADDR has the port 0; write another, e.g. {DEFAULT_SITE_ADDR}"));
    }
    addr
}

pub(crate) fn address(name: &str, default: &'static str, reader: &mut SettingReader<'_>) -> SocketAddr {
    let text = reader.get(name).unwrap_or_else(|| default.to_owned());
    text.parse().unwrap_or_else(|_| {
        reader.add(format!("{name} is {text:?}; write an address and a port, e.g. {default}"));
        SocketAddr::from(([127, 0, 0, 1], 1))
    })
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

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
