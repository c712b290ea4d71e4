//! Starts Local Cognito with the app and tells the auth folder about it, by the same settings as a real user pool's.

use std::{fs, io, path::Path, sync::Arc};

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_STANDARD};

use super::{config::Lookup, local_config::LocalConfig, start::StartError};
use crate::{
    auth::server::{AuthConfig, Clock},
    local_cognito::{LocalCognito, Settings},
};

/// Local Cognito, running, and the configuration and the clock that go with it.
pub(super) struct Local {
    pub(super) cognito: LocalCognito,
    pub(super) auth: AuthConfig,
    /// Local Cognito's clock is the app's, so that moving it moves both.
    pub(super) clock: Clock,
}

pub(super) async fn start(config: LocalConfig) -> Result<Local, StartError> {
    let mut settings = Settings::new(config.addr, &config.app_url);
    settings.client().access_token_secs = config.access_token_secs;
    settings.client().refresh_token_secs = config.refresh_token_secs;
    settings.client().rotation_grace_secs = config.rotation_grace_secs;
    settings.state_file = config.dir.as_ref().map(|dir| dir.join("state.json"));
    let cognito = LocalCognito::start(settings)
        .await
        .map_err(|error| StartError::LocalCognito(format!("{error} (LOCAL_COGNITO_ADDR, LOCAL_COGNITO_DIR)")))?;
    let secret = session_secret(config.dir.as_deref())?;
    let lookup = overlay(&cognito, config.app_url, secret, config.lookup);
    let auth = AuthConfig::from_lookup(|name| lookup(name))?;
    let now = cognito.clock();
    Ok(Local { cognito, auth, clock: Clock::from_fn(move || now()) })
}

/// The settings, with those of the running stand-in in the place of the user pool's.
fn overlay(cognito: &LocalCognito, app_url: String, secret: String, settings: Lookup) -> Lookup {
    let cognito = cognito.clone();
    Arc::new(move |name| match name {
        "COGNITO_ISSUER" => Some(cognito.issuer()),
        "COGNITO_CLIENT_ID" => Some(cognito.client_id()),
        "COGNITO_CLIENT_SECRET" => cognito.client_secret(),
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER" => Some(cognito.base_url()),
        "APP_URL" => Some(app_url.clone()),
        "SESSION_SECRETS" => settings(name).filter(|list| !list.trim().is_empty()).or_else(|| Some(secret.clone())),
        _ => settings(name),
    })
}

/// A session secret of this machine's own, kept beside Local Cognito's state so that a restart signs nobody out.
fn session_secret(dir: Option<&Path>) -> Result<String, StartError> {
    let Some(dir) = dir else { return new_secret() };
    let path = dir.join("session-secret");
    let failed = |error: io::Error| StartError::LocalCognito(format!("{} cannot be used: {error}", path.display()));
    match fs::read_to_string(&path) {
        Ok(secret) if secret.trim().len() >= 43 => Ok(secret.trim().to_owned()),
        Ok(_) => write_secret(&path).map_err(failed),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(dir).map_err(failed)?;
            write_secret(&path).map_err(failed)
        }
        Err(error) => Err(failed(error)),
    }
}

fn write_secret(path: &Path) -> io::Result<String> {
    let secret = new_secret().map_err(io::Error::other)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, secret.as_bytes())?;
    Ok(secret)
}

fn new_secret() -> Result<String, StartError> {
    let mut bytes = [0_u8; 32];
    rand::fill(&mut bytes).map_err(|_| StartError::LocalCognito("the system gave no randomness".to_owned()))?;
    Ok(BASE64_STANDARD.encode(bytes))
}
