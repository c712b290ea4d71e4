//! Requests that a server function cannot read: Leptos answers 500, and the fault is the caller's. Called by `guard`.

use axum::{
    body::{Body, HttpBody, to_bytes},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::LOCATION};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

use super::super::{AuthError, AuthErrorCode, SIGN_IN_FAILED};

/// Longer than any typed error, in bytes.
const MAX_ERROR_BYTES: usize = 64 * 1024;

/// A query that a sign-in's step could not read gets the page that says so, as every other failure there.
pub(super) fn redirect_unreadable_query(response: Response) -> Response {
    if !response.headers().contains_key(SERVER_FN_ERROR_HEADER)
        && response.status() != StatusCode::INTERNAL_SERVER_ERROR
    {
        return response;
    }
    let location = format!("{SIGN_IN_FAILED}?error={}", AuthErrorCode::InvalidRequest.as_str());
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)], Body::empty()).into_response(),
        Err(_) => response,
    }
}

/// Leptos answers 500 to whatever a server function refuses, arguments that are missing or malformed among them. What the
/// caller got wrong is 400 (RFC 9110, 15.5.1), and no failure of this server.
pub(super) async fn map_bad_arguments_to_400(response: Response) -> Response {
    let is_small = response.body().size_hint().upper().is_some_and(|bytes| bytes <= MAX_ERROR_BYTES as u64);
    let is_error = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR || !is_error || !is_small {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(error) = to_bytes(body, MAX_ERROR_BYTES).await else { return parts.status.into_response() };
    if is_callers_fault(&error) {
        parts.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(parts, Body::from(error))
}

/// Whether an error says that the arguments are missing or malformed: a typed one, or one of Leptos' own type as it is sent.
fn is_callers_fault(error: &[u8]) -> bool {
    let is_typed =
        || serde_json::from_slice::<AuthError>(error).is_ok_and(|error| error.code == AuthErrorCode::InvalidRequest);
    ["Args|", "MissingArg|", "Deserialization|"].iter().any(|kind| error.starts_with(kind.as_bytes())) || is_typed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_the_caller_got_wrong_is_400_in_whichever_error_type() {
        let typed = |code: AuthErrorCode| serde_json::to_string(&AuthError::from(code)).unwrap();
        for (body, status) in [
            (typed(AuthErrorCode::InvalidRequest), 400),
            (typed(AuthErrorCode::Internal), 500),
            ("Args|missing field `theme`".to_owned(), 400),
            ("MissingArg|theme".to_owned(), 400),
            ("Deserialization|invalid utf-8 sequence".to_owned(), 400),
            ("ServerError|the database is away".to_owned(), 500),
            ("Serialization|x".to_owned(), 500),
        ] {
            let mut response = Response::new(Body::from(body.clone()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response.headers_mut().insert(SERVER_FN_ERROR_HEADER, HeaderValue::from_static("/api/x"));
            assert_eq!(map_bad_arguments_to_400(response).await.status().as_u16(), status, "{body}");
        }
    }
}
