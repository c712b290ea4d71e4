//! The errors of the JSON API: type, message, and the headers that repeat them. Made by every operation.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The headers of every answer, good or bad.
pub(super) fn api_headers() -> [(HeaderName, String); 2] {
    [(header::CONTENT_TYPE, "application/x-amz-json-1.1".to_owned()), (REQUEST_ID, random_uuid())]
}

use super::super::error::CryptoError;
use super::super::error_type::ErrorType;
use super::super::random::random_uuid;

const INTERNAL_ERROR: &str = "InternalErrorException";

/// An error as AWS sends it. HTTP 400, throttling included; only an internal error is 500.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct ApiError {
    status: StatusCode,
    kind: &'static str,
    message: Option<String>,
}

impl ApiError {
    /// By its type, where no function below names it.
    pub(in super::super) fn new(kind: &'static str, message: impl Into<String>) -> ApiError {
        let status = if kind == INTERNAL_ERROR { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST };
        ApiError { status, kind, message: Some(message.into()) }
    }

    pub(super) fn not_authorized(message: impl Into<String>) -> ApiError {
        ApiError::new("NotAuthorizedException", message)
    }

    pub(super) fn invalid_parameter(message: impl Into<String>) -> ApiError {
        ApiError::new("InvalidParameterException", message)
    }

    /// A required member is absent, of the kind whose value AWS never repeats; `constraints` knows the others.
    pub(super) fn missing(member: &str) -> ApiError {
        ApiError::invalid_parameter(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: Member must not be null"
        ))
    }

    /// A member of `AuthParameters` or `ChallengeResponses` is absent.
    pub(super) fn missing_parameter(name: &str) -> ApiError {
        ApiError::invalid_parameter(format!("Missing required parameter {name}"))
    }

    pub(super) fn not_found(message: impl Into<String>) -> ApiError {
        ApiError::new("ResourceNotFoundException", message)
    }

    pub(super) fn unknown_pool(id: &str) -> ApiError {
        ApiError::not_found(format!("User pool {id} does not exist."))
    }

    pub(super) fn unknown_client(id: &str) -> ApiError {
        ApiError::not_found(format!("User pool client {id} does not exist."))
    }

    pub(super) fn unauthorized(message: &str) -> ApiError {
        ApiError::new("UnauthorizedException", message)
    }

    pub(super) fn user_not_confirmed() -> ApiError {
        ApiError::new("UserNotConfirmedException", "User is not confirmed.")
    }

    pub(super) fn password_reset_required() -> ApiError {
        ApiError::new("PasswordResetRequiredException", "Password reset required for the user")
    }

    pub(super) fn user_not_found() -> ApiError {
        ApiError::new("UserNotFoundException", "User does not exist.")
    }

    pub(super) fn unsupported_operation(message: &str) -> ApiError {
        ApiError::new("UnsupportedOperationException", message)
    }

    pub(super) fn refresh_token_reuse() -> ApiError {
        ApiError::new("RefreshTokenReuseException", "Refresh token reuse detected")
    }

    pub(super) fn unsupported_token_type() -> ApiError {
        ApiError::new("UnsupportedTokenTypeException", "Unsupported token type")
    }

    /// The body is no JSON, or a member has another type than the model says.
    pub(super) fn unreadable() -> ApiError {
        ApiError { status: StatusCode::BAD_REQUEST, kind: "SerializationException", message: None }
    }

    pub(super) fn unknown_operation() -> ApiError {
        ApiError { status: StatusCode::BAD_REQUEST, kind: "UnknownOperationException", message: None }
    }

    pub(in super::super) fn throttled() -> ApiError {
        ApiError::new("TooManyRequestsException", "Rate exceeded")
    }

    pub(in super::super) fn internal() -> ApiError {
        ApiError::new(INTERNAL_ERROR, "Internal error")
    }

    /// No signature where one is needed. What is signed is not looked at here, but a page has nothing to sign with.
    pub(super) fn unsigned() -> ApiError {
        ApiError::new("MissingAuthenticationTokenException", "Missing Authentication Token")
    }
}

impl From<CryptoError> for ApiError {
    fn from(error: CryptoError) -> ApiError {
        tracing::error!(%error, "Local Cognito cannot issue tokens");
        ApiError::internal()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        // The colon is AWS's own (captured, `cognito.md` §2.1).
        let kind_header = (HeaderName::from_static("x-amzn-errortype"), format!("{}:", self.kind));
        let body = match &self.message {
            Some(message) => json!({ "__type": self.kind, "message": message }),
            None => json!({ "__type": self.kind }),
        };
        let mut response = (self.status, api_headers(), [kind_header], body.to_string()).into_response();
        // A message that quotes the request may hold what no header can: then the body alone has it.
        let message = self.message.and_then(|message| message.parse().ok());
        message.map(|message| response.headers_mut().insert("x-amzn-errormessage", message));
        response.extensions_mut().insert(ErrorType(self.kind));
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn an_error_is_worded_as_captured_from_aws() {
        let response = ApiError::not_authorized("Refresh Token has expired").into_response();
        assert_eq!(response.status(), 400);
        let headers = response.headers().clone();
        assert_eq!(headers["x-amzn-errortype"], "NotAuthorizedException:");
        assert_eq!(headers["x-amzn-errormessage"], "Refresh Token has expired");
        assert_eq!(headers["content-type"], "application/x-amz-json-1.1");
        assert_eq!(headers["x-amzn-requestid"].len(), 36);
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(body, r#"{"__type":"NotAuthorizedException","message":"Refresh Token has expired"}"#);
    }

    #[tokio::test]
    async fn an_unknown_operation_has_no_message() {
        let response = ApiError::unknown_operation().into_response();
        assert_eq!(response.status(), 400);
        assert!(!response.headers().contains_key("x-amzn-errormessage"));
        let body = to_bytes(response.into_body(), 1024).await.unwrap();
        assert_eq!(body, r#"{"__type":"UnknownOperationException"}"#);
    }

    #[test]
    fn throttling_is_400_and_only_internal_errors_are_500() {
        assert_eq!(ApiError::throttled().into_response().status(), 400);
        assert_eq!(ApiError::internal().into_response().status(), 500);
    }

    #[test]
    fn a_message_no_header_can_hold_stays_in_the_body() {
        let response = ApiError::unknown_client("a\r\nset-cookie: x").into_response();
        assert!(!response.headers().contains_key("x-amzn-errormessage"));
    }
}
