//! The JSON API, `POST /` with `X-Amz-Target`: picks the operation, and answers in the wire form of `cognito.md` §2.1.

mod api_error;
mod authentication_result;
mod get_tokens;
mod get_user;
mod initiate_auth;
mod revoke_token;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(super) use api_error::ApiError;

use super::random::random_uuid;
use super::service::Service;

const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// A good answer: a JSON value, or nothing at all.
type ApiResult = Result<Option<Value>, ApiError>;

/// The handler. Unsigned, as at AWS: no `Authorization` is looked at.
pub(super) async fn post_root(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = match read_target(&headers) {
        Some("InitiateAuth") => read_request(&body).and_then(|request| initiate_auth::initiate_auth(&service, request)),
        Some("GetTokensFromRefreshToken") => {
            read_request(&body).and_then(|request| get_tokens::get_tokens(&service, request))
        }
        Some("RevokeToken") => read_request(&body).and_then(|request| revoke_token::revoke_token(&service, request)),
        Some("GetUser") => read_request(&body).and_then(|request| get_user::get_user(&service, request)),
        _ => Err(ApiError::unknown_operation()),
    };
    match answer {
        Ok(body) => (api_headers(), body.map(|body| body.to_string()).unwrap_or_default()).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The operation a request names.
pub(super) fn read_target(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()?.strip_prefix(TARGET_PREFIX)
}

fn read_request<T: DeserializeOwned>(body: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|_| ApiError::unreadable())
}

/// The headers of every answer, good or bad.
fn api_headers() -> [(HeaderName, String); 2] {
    [
        (header::CONTENT_TYPE, "application/x-amz-json-1.1".to_owned()),
        (HeaderName::from_static("x-amzn-requestid"), random_uuid()),
    ]
}
