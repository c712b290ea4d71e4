//! Redirects of the hosted UI: 302, as Cognito's, where axum's own are 303 and 307.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::super::error_type::ErrorType;

pub(super) fn found(location: &str) -> Response {
    // Both kinds of location come percent-encoded, from the request line or from `Url`.
    let Ok(location) = HeaderValue::from_str(location) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let no_store = HeaderValue::from_static("no-store");
    (StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response()
}

/// The same, noted as a failure in the record of requests.
pub(super) fn found_with_error(location: &str, error: &'static str) -> Response {
    let mut response = found(location);
    response.extensions_mut().insert(ErrorType(error));
    response
}
