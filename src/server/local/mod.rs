//! Starts Local Cognito with the app, which is told about it by the same settings as about a real user pool.

mod config;

use std::{fs, io, path::Path, sync::Arc};

use aws_lc_rs::rand;
use base64::{Engine, prelude::BASE64_STANDARD};
use local_cognito::{ClientIdentity, LocalCognito};

pub use config::LocalConfig;
pub(crate) use config::read;

use leptos_cognito::server::{AuthConfig, Clock};

use crate::server::{StartError, config::Lookup};

/// Local Cognito, running, and the configuration and the clock that go with it.
pub(crate) struct Local {
    cognito: LocalCognito,
    pub(crate) auth: AuthConfig,
    /// Local Cognito's clock is the app's, so that moving it moves both.
    pub(crate) clock: Clock,
}

impl Local {
    /// Ends Local Cognito, with what is not yet on disk written.
    pub(crate) fn stop(&self) {
        self.cognito.stop();
    }

    /// Where the console is.
    pub(crate) fn console(&self) -> String {
        format!("{}/_console", self.cognito.base_url())
    }

    /// What the person who started it wants to know.
    pub(crate) fn banner(&self) -> String {
        format!(
            "\n  Open {}\n\n  Sign in as{}\n\n  Local Cognito stands in for a user pool on {}\n    Console            {}\n    \
             COGNITO_ISSUER     {}\n    COGNITO_CLIENT_ID  {}\n\n  Your own user pool: set COGNITO_* in .env (.env.example \
             explains each). Ctrl-C ends.\n",
            self.auth.app_url.origin(),
            list_users(&self.cognito, &self.auth.cognito.issuer),
            self.cognito.base_url(),
            self.console(),
            self.auth.cognito.issuer,
            self.auth.cognito.client_id,
        )
    }
}

/// Users of a pool to try it with, with their passwords.
fn list_users(cognito: &LocalCognito, issuer: &str) -> String {
    cognito.seeded_users(issuer).iter().map(|(email, password)| format!("\n    {email}  {password}")).collect()
}

pub(crate) async fn start(config: LocalConfig) -> Result<Local, StartError> {
    let dir = config.settings.state_file.as_ref().and_then(|file| file.parent()).map(Path::to_owned);
    let cognito = LocalCognito::start(config.settings).await.map_err(explain)?;
    let client = cognito.clients().into_iter().find(|client| client.name == config.client);
    let client =
        client.ok_or_else(|| StartError::LocalCognito(format!("Local Cognito has no client {:?}", config.client)))?;
    let secret = session_secret(dir.as_deref())?;
    let lookup = overlay(&cognito, client, config.app_url, secret, config.lookup);
    let auth = AuthConfig::from_lookup(|name| lookup(name))?;
    let now = cognito.clock();
    Ok(Local { cognito, auth, clock: Clock::from_fn(move || now()) })
}

fn explain(error: local_cognito::StartError) -> StartError {
    StartError::LocalCognito(format!("{error} (LOCAL_COGNITO_ADDR, LOCAL_COGNITO_DIR)"))
}

/// The settings, with those of the running stand-in in the place of the user pool's.
fn overlay(
    cognito: &LocalCognito,
    client: ClientIdentity,
    app_url: String,
    secret: String,
    settings: Lookup,
) -> Lookup {
    let base_url = cognito.base_url();
    Arc::new(move |name| match name {
        "COGNITO_ISSUER" => Some(client.issuer.clone()),
        "COGNITO_CLIENT_ID" => Some(client.id.clone()),
        "COGNITO_CLIENT_SECRET" => client.secret.clone(),
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER" => Some(base_url.clone()),
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
