//! What stands in the place of Local Cognito in a build without the feature `local-cognito`: nothing that could run.
//! The types have no values; the way in answers what to do.

use std::{convert::Infallible, net::SocketAddr, path::PathBuf, sync::Arc, time::SystemTime};

/// As Local Cognito's; none is ever used.
pub struct Settings {
    /// Unused.
    pub access_token_secs: u64,
    /// Unused.
    pub refresh_token_secs: u64,
    /// Unused.
    pub rotation: Option<u64>,
    /// Unused.
    pub state_file: Option<PathBuf>,
}

impl Settings {
    /// Settings that lead nowhere.
    #[must_use]
    pub fn new(_: SocketAddr, _: &str) -> Self {
        Self { access_token_secs: 0, refresh_token_secs: 0, rotation: None, state_file: None }
    }
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
#[error(
    "this build has no Local Cognito, so it needs a user pool: set COGNITO_ISSUER, COGNITO_CLIENT_ID and \
     COGNITO_CLIENT_SECRET (.env.example explains them), or build with --features local-cognito"
)]
pub struct StartError;

/// A Local Cognito that cannot exist.
#[derive(Clone, Debug)]
pub struct LocalCognito(Infallible);

impl LocalCognito {
    /// Refuses.
    ///
    /// # Errors
    /// Always.
    pub async fn start(_: Settings) -> Result<Self, StartError> {
        Err(StartError)
    }

    /// Never called.
    #[must_use]
    pub fn issuer(&self) -> String {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn base_url(&self) -> String {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn client_id(&self) -> String {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn demo_users(&self) -> Vec<(String, String)> {
        match self.0 {}
    }

    /// Never called.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Fn() -> SystemTime + Send + Sync> {
        match self.0 {}
    }
}
