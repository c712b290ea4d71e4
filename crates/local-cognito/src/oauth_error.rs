//! The errors of the OAuth endpoints, as Cognito words them (`cognito.md` §1.2, §1.4). Answered by `token_endpoint`
//! and `revoke`.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::error_type::ErrorType;
use super::random::random_uuid;

/// One row of the error table each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OAuthError {
    InvalidRequest,
    MissingRefreshToken,
    /// The token to be revoked is missing, or something is there twice.
    BadRevocation,
    InvalidClient,
    InvalidClientSecret,
    /// `/oauth2/revoke` alone answers a bad client with 401.
    UnauthorizedRevocation,
    InvalidGrant,
    RedirectMismatch,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedTokenType,
    /// The client has token revocation turned off.
    RevocationOff,
    ServerError,
}

impl OAuthError {
    fn describe(self) -> (StatusCode, &'static str, Option<&'static str>) {
        use StatusCode as S;
        match self {
            Self::InvalidRequest => (S::BAD_REQUEST, "invalid_request", None),
            Self::MissingRefreshToken => (S::BAD_REQUEST, "invalid_request", Some("invalid_refresh_token")),
            Self::BadRevocation => (S::BAD_REQUEST, "invalid_request", Some("Invalid parameter in request")),
            Self::InvalidClient => (S::BAD_REQUEST, "invalid_client", None),
            Self::InvalidClientSecret => (S::BAD_REQUEST, "invalid_client", Some("invalid_client_secret")),
            Self::UnauthorizedRevocation => (S::UNAUTHORIZED, "invalid_client", None),
            Self::InvalidGrant => (S::BAD_REQUEST, "invalid_grant", None),
            Self::RedirectMismatch => (S::BAD_REQUEST, "unauthorized_client", Some("invalid_redirect")),
            Self::UnauthorizedClient => (S::BAD_REQUEST, "unauthorized_client", None),
            Self::UnsupportedGrantType => (S::BAD_REQUEST, "unsupported_grant_type", None),
            Self::UnsupportedTokenType => (S::BAD_REQUEST, "unsupported_token_type", None),
            Self::RevocationOff => (S::BAD_REQUEST, "invalid_request", Some("Unsupported operation")),
            Self::ServerError => (S::INTERNAL_SERVER_ERROR, "server_error", None),
        }
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let (status, error, description) = self.describe();
        let body = match description {
            Some(description) => json!({ "error": error, "error_description": description }),
            None => json!({ "error": error }),
        };
        let mut response = (status, token_headers(), body.to_string()).into_response();
        response.extensions_mut().insert(ErrorType(error));
        response
    }
}

/// The headers of every answer of the token endpoint, good or bad.
pub(super) fn token_headers() -> [(HeaderName, String); 3] {
    [
        (header::CONTENT_TYPE, "application/json;charset=UTF-8".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (HeaderName::from_static("x-amz-cognito-request-id"), random_uuid()),
    ]
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn each_error_is_cognitos_byte_for_byte() {
        for (error, status, body) in [
            (OAuthError::InvalidRequest, 400, r#"{"error":"invalid_request"}"#),
            (
                OAuthError::MissingRefreshToken,
                400,
                r#"{"error":"invalid_request","error_description":"invalid_refresh_token"}"#,
            ),
            (
                OAuthError::BadRevocation,
                400,
                r#"{"error":"invalid_request","error_description":"Invalid parameter in request"}"#,
            ),
            (OAuthError::InvalidClient, 400, r#"{"error":"invalid_client"}"#),
            (
                OAuthError::InvalidClientSecret,
                400,
                r#"{"error":"invalid_client","error_description":"invalid_client_secret"}"#,
            ),
            (OAuthError::UnauthorizedRevocation, 401, r#"{"error":"invalid_client"}"#),
            (OAuthError::InvalidGrant, 400, r#"{"error":"invalid_grant"}"#),
            (
                OAuthError::RedirectMismatch,
                400,
                r#"{"error":"unauthorized_client","error_description":"invalid_redirect"}"#,
            ),
            (OAuthError::UnauthorizedClient, 400, r#"{"error":"unauthorized_client"}"#),
            (OAuthError::UnsupportedGrantType, 400, r#"{"error":"unsupported_grant_type"}"#),
            (OAuthError::UnsupportedTokenType, 400, r#"{"error":"unsupported_token_type"}"#),
            (OAuthError::ServerError, 500, r#"{"error":"server_error"}"#),
        ] {
            let response = error.into_response();
            assert_eq!(response.status(), status, "{error:?}");
            assert_eq!(response.headers()["content-type"], "application/json;charset=UTF-8");
            assert!(!response.headers().contains_key("www-authenticate"));
            assert_eq!(to_bytes(response.into_body(), 1024).await.unwrap(), body, "{error:?}");
        }
    }
}
