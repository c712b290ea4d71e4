//! `POST /_control/rotation`: turns refresh token rotation on or off, for every client.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::super::rotation::MAX_GRACE_SECS;
use super::super::service::Service;
use super::error::{ControlError, ControlJson};

/// Request and answer.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RotationSetting {
    /// `null` turns it off. Named here, the function makes the member a required one.
    #[serde(deserialize_with = "Option::deserialize")]
    grace_secs: Option<u64>,
}

/// The handler.
pub(super) async fn set_rotation(
    State(service): State<Arc<Service>>,
    ControlJson(setting): ControlJson<RotationSetting>,
) -> Result<Json<RotationSetting>, ControlError> {
    if setting.grace_secs.is_some_and(|secs| secs > MAX_GRACE_SECS) {
        return Err(ControlError::bad_request(format!("grace_secs is more than {MAX_GRACE_SECS}, Cognito's limit")));
    }
    for pool in &service.pools {
        pool.set_rotation(setting.grace_secs);
    }
    Ok(Json(setting))
}
