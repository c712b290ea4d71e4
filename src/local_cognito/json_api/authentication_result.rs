//! What InitiateAuth and GetTokensFromRefreshToken have in common: the result, and the words of a refusal.

use serde_json::{Map, Value, json};

use super::super::refresh::{RefreshRefusal, Refreshed};
use super::ApiError;

pub(super) fn to_authentication_result(refreshed: Refreshed) -> Value {
    let Refreshed { tokens, refresh_token } = refreshed;
    let mut result = Map::new();
    result.insert("AccessToken".to_owned(), json!(tokens.access_token));
    result.insert("ExpiresIn".to_owned(), json!(tokens.expires_in_secs));
    tokens.id_token.map(|token| result.insert("IdToken".to_owned(), json!(token)));
    refresh_token.map(|token| result.insert("RefreshToken".to_owned(), json!(token)));
    result.insert("TokenType".to_owned(), json!("Bearer"));
    result.into()
}

impl From<RefreshRefusal> for ApiError {
    /// The texts of `cognito.md` §2.3.
    fn from(refusal: RefreshRefusal) -> ApiError {
        ApiError::not_authorized(match refusal {
            RefreshRefusal::Invalid => "Invalid Refresh Token",
            RefreshRefusal::DifferentClient => "Refresh Token has different Client",
            RefreshRefusal::Revoked => "Refresh Token has been revoked",
            RefreshRefusal::Expired => "Refresh Token has expired",
            RefreshRefusal::UserDeleted => "The user has been deleted for the associated refresh token",
            RefreshRefusal::UserDisabled => "User is disabled.",
            RefreshRefusal::Reused => return ApiError::refresh_token_reuse(),
        })
    }
}
