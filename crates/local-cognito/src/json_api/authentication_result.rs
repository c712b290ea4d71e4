//! What InitiateAuth and GetTokensFromRefreshToken have in common: the result, and the words of a refusal.

use serde_json::{Map, Value, json};

use super::super::refresh::Refreshed;
use super::super::refresh_verdict::RefreshRefusal;
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
    fn from(refusal: RefreshRefusal) -> ApiError {
        match refusal {
            RefreshRefusal::Reused => ApiError::refresh_token_reuse(),
            RefreshRefusal::UserUnconfirmed => ApiError::user_not_confirmed(),
            RefreshRefusal::ResetRequired => ApiError::password_reset_required(),
            _ => ApiError::not_authorized(refusal.to_string()),
        }
    }
}
