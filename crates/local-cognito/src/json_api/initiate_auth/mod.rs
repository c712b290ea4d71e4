//! InitiateAuth: `refresh` for `REFRESH_TOKEN_AUTH`, `password` for `USER_PASSWORD_AUTH`. Other flows are refused as by
//! a client that does not allow them.

pub(super) mod password;
mod refresh;

use serde::Deserialize;

use super::super::service::Service;
use super::constraints::{CLIENT_ID, Checks};
use super::{ApiError, ApiResult};

const OPERATION: &str = "InitiateAuth";

const FLOWS: [&str; 8] = [
    "USER_SRP_AUTH",
    "REFRESH_TOKEN_AUTH",
    "REFRESH_TOKEN",
    "CUSTOM_AUTH",
    "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH",
    "ADMIN_USER_PASSWORD_AUTH",
    "USER_AUTH",
];

/// The request; unknown members are ignored, as AWS adds some now and then.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InitiateAuthRequest {
    auth_flow: Option<String>,
    client_id: Option<String>,
    auth_parameters: Option<AuthParameters>,
}

/// Those of both flows.
#[derive(Default, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct AuthParameters {
    refresh_token: Option<String>,
    username: Option<String>,
    password: Option<String>,
    secret_hash: Option<String>,
}

/// The operation.
pub(super) fn initiate_auth(service: &Service, request: InitiateAuthRequest) -> ApiResult {
    let mut checks = Checks::default();
    checks.check_present("authFlow", request.auth_flow.is_some());
    checks.check_enum("authFlow", request.auth_flow.as_deref(), &FLOWS);
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    checks.finish()?;
    let (pool, client) = service.find_client(&client_id).ok_or_else(|| ApiError::unknown_client(&client_id))?;
    let parameters = request.auth_parameters.unwrap_or_default();
    match request.auth_flow.as_deref().unwrap_or_default() {
        "REFRESH_TOKEN_AUTH" | "REFRESH_TOKEN" => refresh::refresh(&pool, &client, parameters),
        "USER_PASSWORD_AUTH" if client.settings.user_password_auth => password::sign_in(&pool, &client, parameters),
        flow => Err(not_enabled(flow)),
    }
}

fn not_enabled(flow: &str) -> ApiError {
    ApiError::invalid_parameter(format!("{flow} flow not enabled for this client"))
}

/// A parameter that must be there and not be empty.
fn require(name: &str, value: Option<String>) -> Result<String, ApiError> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| ApiError::missing_parameter(name))
}
