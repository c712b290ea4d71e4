//! `POST /_control/users`: what an administrator does to a user.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::super::service::Service;
use super::error::{ControlError, ControlJson};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserChange {
    email: String,
    action: Action,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// Revokes all sign-ins too.
    Disable,
    Enable,
    Delete,
    /// Ends all sign-ins.
    Revoke,
}

#[derive(Serialize)]
pub(super) struct UserChanged {
    action: Action,
    /// How many sign-ins were revoked.
    revoked: usize,
}

/// The handler.
pub(super) async fn change_user(
    State(service): State<Arc<Service>>,
    ControlJson(UserChange { email, action }): ControlJson<UserChange>,
) -> Result<Json<UserChanged>, ControlError> {
    let revoked = match action {
        Action::Disable => service.disable_user(&email),
        Action::Enable => service.enable_user(&email).then_some(0),
        Action::Delete => service.delete_user(&email).then_some(0),
        Action::Revoke => service.revoke_user(&email),
    };
    let revoked = revoked.ok_or_else(|| ControlError::not_found("no user has this email"))?;
    Ok(Json(UserChanged { action, revoked }))
}
