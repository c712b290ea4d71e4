//! What stands in the place of `server/local` in a build without the feature `local-cognito`: it says what to do instead.

use std::{convert::Infallible, net::SocketAddr};

use leptos_cognito::server::{AuthConfig, Clock, SettingReader};

use crate::server::{StartError, config::Lookup};

const NOT_HERE: &str = "this build has no Local Cognito, so it needs a user pool: set COGNITO_ISSUER, COGNITO_CLIENT_ID \
                        and COGNITO_CLIENT_SECRET (.env.example explains them), or build with --features local-cognito";

/// How Local Cognito would start; there is no value of it.
pub struct LocalConfig(Infallible);

/// Never there.
pub(crate) struct Local {
    pub(crate) auth: AuthConfig,
    pub(crate) clock: Clock,
}

impl Local {
    pub(crate) fn stop(&self) {}

    pub(crate) fn console(&self) -> String {
        String::new()
    }

    pub(crate) fn banner(&self) -> String {
        String::new()
    }
}

pub(crate) fn read(_: &Lookup, _: SocketAddr, reader: &mut SettingReader<'_>) -> Option<LocalConfig> {
    reader.add(NOT_HERE);
    None
}

#[expect(clippy::unused_async, reason = "as in a build that has it")]
pub(crate) async fn start(config: LocalConfig) -> Result<Local, StartError> {
    match config.0 {}
}
