//! The JSON API, `POST /` with `X-Amz-Target`: picks the operation, and answers in the wire form of `cognito.md` §2.1.
//!
//! `PUBLIC` are the operations that Cognito takes unsigned, from anybody; `admin` those it takes from who has AWS
//! credentials. Nothing is signed here, so of the latter the requests of pages are refused.

mod account_errors;
mod admin;
pub(super) mod api_error;
mod attributes;
mod authentication_result;
mod constraints;
mod cors;
mod delivery;
mod forgot_password;
mod get_tokens;
mod initiate_auth;
mod respond_to_challenge;
mod revoke_token;
mod secret_hash;
mod sign_up;
mod signed_in;
pub(super) mod target;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

use api_error::{ApiError, api_headers};
pub(super) use cors::{answer_preflight, open_to_pages};
use target::read_target;

use super::service::Service;

/// A good answer: a JSON value, or nothing at all.
type ApiResult = Result<Option<Value>, ApiError>;

/// An operation on the body of a request.
type Operation = fn(&Service, &[u8]) -> ApiResult;

/// By name.
const PUBLIC: [(&str, Operation); 12] = [
    ("ChangePassword", |service, body| run(service, body, signed_in::change_password)),
    ("ConfirmForgotPassword", |service, body| run(service, body, forgot_password::confirm_forgot_password)),
    ("ConfirmSignUp", |service, body| run(service, body, sign_up::confirm_sign_up)),
    ("ForgotPassword", |service, body| run(service, body, forgot_password::forgot_password)),
    ("GetTokensFromRefreshToken", |service, body| run(service, body, get_tokens::get_tokens)),
    ("GetUser", |service, body| run(service, body, signed_in::get_user)),
    ("GlobalSignOut", |service, body| run(service, body, signed_in::global_sign_out)),
    ("InitiateAuth", |service, body| run(service, body, initiate_auth::initiate_auth)),
    ("ResendConfirmationCode", |service, body| run(service, body, sign_up::resend_confirmation_code)),
    ("RespondToAuthChallenge", |service, body| run(service, body, respond_to_challenge::respond_to_auth_challenge)),
    ("RevokeToken", |service, body| run(service, body, revoke_token::revoke_token)),
    ("SignUp", |service, body| run(service, body, sign_up::sign_up)),
];

/// The handler. The operations hash and sign, so they run beside the async workers.
pub(super) async fn post_root(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match find_operation(&headers) {
        Ok(operation) => {
            let running = tokio::task::spawn_blocking(move || operation(&service, &body));
            running.await.unwrap_or_else(|_| Err(ApiError::internal()))
        }
        Err(error) => Err(error),
    };
    match answer {
        Ok(body) => (api_headers(), body.map(|body| body.to_string()).unwrap_or_default()).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The operation a request names, if whoever sends it may call it.
fn find_operation(headers: &HeaderMap) -> Result<Operation, ApiError> {
    let name = read_target(headers).ok_or_else(ApiError::unknown_operation)?;
    let find = |table: &[(&str, Operation)]| table.iter().find(|(known, _)| *known == name).map(|(_, run)| *run);
    match (find(&PUBLIC), find(&admin::OPERATIONS)) {
        (Some(operation), _) => Ok(operation),
        (None, Some(_)) if headers.contains_key(header::ORIGIN) => Err(ApiError::unsigned()),
        (None, Some(operation)) => Ok(operation),
        (None, None) => Err(ApiError::unknown_operation()),
    }
}

fn run<T: DeserializeOwned>(service: &Service, body: &[u8], operation: fn(&Service, T) -> ApiResult) -> ApiResult {
    operation(service, serde_json::from_slice(body).map_err(|_| ApiError::unreadable())?)
}

#[cfg(test)]
mod tests {
    use super::super::record::OPERATIONS;
    use super::*;

    #[test]
    fn every_operation_can_be_named_to_a_fault_and_stands_in_one_table() {
        let mut names: Vec<&str> = PUBLIC.iter().chain(&admin::OPERATIONS).map(|(name, _)| *name).collect();
        assert_eq!(names.iter().find(|name| !OPERATIONS.contains(name)), None);
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
