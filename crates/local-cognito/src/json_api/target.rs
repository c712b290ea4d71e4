//! Which operation a request is for. Asked by `json_api`, and by `observe` for the record.

use axum::http::HeaderMap;

const TARGET_PREFIX: &str = "AWSCognitoIdentityProviderService.";

/// The operation a request names.
pub(in super::super) fn read_target(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-amz-target")?.to_str().ok()?.strip_prefix(TARGET_PREFIX)
}
