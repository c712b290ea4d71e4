//! The settings of Local Cognito. Part of `config`, which looks them up.

use std::{net::SocketAddr, path::PathBuf};

use super::config::{Lookup, address};
use crate::auth::server::{AuthConfig, ConfigProblems};

const DEFAULT_LOCAL_COGNITO_ADDR: &str = "127.0.0.1:9400";
const DEFAULT_LOCAL_COGNITO_DIR: &str = ".local-cognito";

/// How Local Cognito starts.
pub struct LocalConfig {
    /// `LOCAL_COGNITO_ADDR`.
    pub addr: SocketAddr,
    /// `LOCAL_COGNITO_DIR`: where its state and the session secret are kept; none where it is set and empty.
    pub dir: Option<PathBuf>,
    /// `LOCAL_COGNITO_ACCESS_TOKEN_SECS`, in seconds.
    pub access_token_secs: u64,
    /// `LOCAL_COGNITO_REFRESH_TOKEN_SECS`, in seconds.
    pub refresh_token_secs: u64,
    /// `LOCAL_COGNITO_ROTATION_GRACE_SECS`: refresh token rotation, with its grace time in seconds.
    pub rotation_grace_secs: Option<u64>,
    /// `APP_URL`, or the address the server listens on.
    pub app_url: String,
    /// The other settings, for the part that Local Cognito does not decide.
    pub(super) lookup: Lookup,
}

/// Reads them, and notes every problem, also of what Local Cognito does not decide.
pub(super) fn read(lookup: &Lookup, site_addr: SocketAddr, problems: &mut ConfigProblems) -> Option<LocalConfig> {
    let get = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    let addr = address(&get, "LOCAL_COGNITO_ADDR", DEFAULT_LOCAL_COGNITO_ADDR, problems);
    let access_token_secs = seconds(&get, "LOCAL_COGNITO_ACCESS_TOKEN_SECS", 3600, problems);
    let refresh_token_secs = seconds(&get, "LOCAL_COGNITO_REFRESH_TOKEN_SECS", 30 * 24 * 60 * 60, problems);
    let rotation_grace_secs = get("LOCAL_COGNITO_ROTATION_GRACE_SECS").and_then(|text| {
        let grace = text.trim().parse().ok().filter(|grace| *grace <= 60);
        if grace.is_none() {
            problems
                .add(format!("LOCAL_COGNITO_ROTATION_GRACE_SECS is {text:?}; write a number from 0 to 60, or nothing"));
        }
        grace
    });
    let dir = lookup("LOCAL_COGNITO_DIR").unwrap_or_else(|| DEFAULT_LOCAL_COGNITO_DIR.to_owned());
    // Cookies do not tell ports apart: the app is localhost, Local Cognito 127.0.0.1.
    let app_url = get("APP_URL").unwrap_or_else(|| format!("http://localhost:{}", site_addr.port()));
    if let Err(more) = AuthConfig::from_lookup(|name| beside_local_cognito(name, &app_url, lookup)) {
        *problems = std::mem::take(problems).and(more);
    }
    Some(LocalConfig {
        addr,
        dir: (!dir.trim().is_empty()).then(|| PathBuf::from(dir)),
        access_token_secs: access_token_secs?,
        refresh_token_secs: refresh_token_secs?,
        rotation_grace_secs,
        app_url,
        lookup: lookup.clone(),
    })
}

/// The settings, with a pool in its place that only has the right form: what Local Cognito does not decide is checked
/// before it starts, so that every problem is told at once.
fn beside_local_cognito(name: &str, app_url: &str, lookup: &Lookup) -> Option<String> {
    let given = lookup(name).filter(|value| !value.trim().is_empty());
    match name {
        "COGNITO_ISSUER" => Some("http://127.0.0.1/us-east-1_Local".to_owned()),
        "COGNITO_CLIENT_ID" => Some("local".to_owned()),
        "APP_URL" => Some(app_url.to_owned()),
        "SESSION_SECRETS" => given.or_else(|| Some("made-when-it-starts-0123456789-abcdefghijklmnop".to_owned())),
        _ => given,
    }
}

fn seconds(
    get: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: u64,
    problems: &mut ConfigProblems,
) -> Option<u64> {
    let Some(text) = get(name) else { return Some(default) };
    match text.trim().parse() {
        Ok(secs) if secs > 0 => Some(secs),
        _ => {
            problems.add(format!("{name} is {text:?}; write a whole number of seconds"));
            None
        }
    }
}
