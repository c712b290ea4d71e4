//! Settings: whatever stands in one, the program says what is wrong with it, and does not panic.

use std::{collections::HashMap, sync::Arc};

use super::{Auth, Clock, access, fuzzing};
use crate::server::{AppConfig, Provider};

/// A configuration of any content is refused, or an app can be made of it. The data is settings over a complete
/// configuration, a line for each: name, equals sign, value.
pub fn settings(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let complete = [
        ("APP_URL", "https://app.example.com"),
        ("SESSION_SECRETS", fuzzing::SECRET),
        ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC"),
        ("COGNITO_CLIENT_ID", "client"),
        ("LOCAL_COGNITO_CONFIG", ""),
    ];
    let settings: HashMap<String, String> = complete
        .into_iter()
        .chain(text.lines().filter_map(|line| line.split_once('=')))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let Ok(config) = AppConfig::from_lookup(Arc::new(move |name| settings.get(name).cloned())) else { return };
    if let Provider::Cognito(auth) = config.provider {
        // What is wrong with it is told here at the latest.
        let made = super::APP.runtime.block_on(Auth::new(*auth, access().unwrap(), Clock::system()));
        drop(made.map_err(|cause| cause.to_string()));
    }
}
