//! `POST /oauth2/revoke` (`cognito.md` §1.4).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::access_token::is_signed_token;
use super::client_auth::authenticate_revocation;
use super::oauth_error::OAuthError;
use super::params::Params;
use super::service::Service;

/// The handler. Empty answer; also for a token that is unknown or revoked already.
pub(super) async fn post_revoke(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    match revoke(&service, &headers, &Params::of_form(&headers, &body)) {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => error.into_response(),
    }
}

fn revoke(service: &Service, headers: &HeaderMap, form: &Params) -> Result<(), OAuthError> {
    let (pool, client) = authenticate_revocation(service, headers, form)?;
    if form.has_repeated() {
        return Err(OAuthError::BadRevocation);
    }
    let token = form.get("token").ok_or(OAuthError::BadRevocation)?;
    if is_signed_token(token) {
        return Err(OAuthError::UnsupportedTokenType);
    }
    if !client.settings.token_revocation {
        return Err(OAuthError::RevocationOff);
    }
    // The one refusal is another client's token.
    pool.revoke(token, &client.id, "revoke").map_err(|_| OAuthError::UnauthorizedRevocation)
}
