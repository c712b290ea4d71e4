//! `POST /oauth2/token`: code grant and refresh grant, with the error table of `cognito.md` §1.2.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;

use super::client::Client;
use super::client_auth::authenticate;
use super::error::CryptoError;
use super::issue::{SignIn, TokenSet};
use super::oauth_error::{OAuthError, token_headers};
use super::params::Params;
use super::pool::Pool;
use super::service::Service;

/// The name of the refresh grant in the record of requests.
const REFRESH: &str = "token:refresh_token";

/// The success body; its members come in Cognito's order.
#[derive(Serialize)]
struct TokenResponse {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    token_type: &'static str,
    expires_in: u64,
}

impl TokenResponse {
    fn new(tokens: TokenSet, refresh_token: Option<String>) -> TokenResponse {
        TokenResponse {
            access_token: tokens.access_token,
            id_token: tokens.id_token,
            refresh_token,
            token_type: "Bearer",
            expires_in: tokens.expires_in_secs,
        }
    }
}

/// The handler.
pub(super) async fn post_token(State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes) -> Response {
    let granted = grant_tokens(&service, &headers, &Params::of_form(&headers, &body));
    match granted.and_then(|tokens| serde_json::to_string(&tokens).map_err(|_| OAuthError::ServerError)) {
        Ok(body) => (token_headers(), body).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The client is checked before what it brings, so that a failed client does not use up a code.
fn grant_tokens(service: &Service, headers: &HeaderMap, form: &Params) -> Result<TokenResponse, OAuthError> {
    if form.has_repeated() {
        return Err(OAuthError::InvalidRequest);
    }
    let grant_type = form.get("grant_type").ok_or(OAuthError::InvalidRequest)?;
    let (pool, client) = authenticate(service, headers, form)?;
    match grant_type {
        "authorization_code" => redeem_code(&pool, &client, form),
        "refresh_token" => refresh(&pool, &client, form),
        // Known to Cognito, but not among what this client may do.
        "client_credentials" => Err(OAuthError::UnauthorizedClient),
        _ => Err(OAuthError::UnsupportedGrantType),
    }
}

/// Whoever presents the code uses it up, once they have proved who they are: one that turns up at another client, or
/// with another redirect or verifier, was stolen or mixed up, and is to be worth nothing (RFC 6749 §10.5).
fn redeem_code(pool: &Pool, client: &Client, form: &Params) -> Result<TokenResponse, OAuthError> {
    let code = form.get("code").ok_or(OAuthError::InvalidRequest)?;
    let redirect_uri = form.get("redirect_uri").ok_or(OAuthError::InvalidRequest)?;
    let now = pool.now();
    let grant = pool.with_state(|state| state.take_code(code, now)).ok_or(OAuthError::InvalidGrant)?;
    if grant.client_id != client.id {
        return Err(OAuthError::InvalidGrant);
    }
    if grant.redirect_uri != redirect_uri {
        return Err(OAuthError::RedirectMismatch);
    }
    if !verify_pkce(grant.code_challenge.as_deref(), form.get("code_verifier")) {
        return Err(OAuthError::InvalidGrant);
    }
    let user = pool.with_state(|state| state.find_user(&grant.sub).filter(|user| user.enabled).cloned());
    let user = user.ok_or(OAuthError::InvalidGrant)?;
    let sign_in = SignIn {
        scope: grant.scope,
        resource: grant.resource,
        nonce: grant.nonce,
        auth_time: grant.auth_time,
        hosted_ui: true,
    };
    let (tokens, refresh_token) = pool.start_family(client, &user, sign_in, "token:authorization_code")?;
    Ok(TokenResponse::new(tokens, Some(refresh_token)))
}

/// Without rotation the answer has no refresh token: the client keeps the one it has. A `scope` is not looked at: it is
/// for `client_credentials` alone (AWS developer guide, "Token endpoint").
fn refresh(pool: &Pool, client: &Client, form: &Params) -> Result<TokenResponse, OAuthError> {
    let token = form.get("refresh_token").ok_or(OAuthError::MissingRefreshToken)?;
    let token = pool.find_token(token, &client.id);
    let exchange = token.and_then(|token| pool.exchange(client, &token, REFRESH));
    // One answer for every reason (`cognito.md` §1.2).
    let refreshed = pool.issue_exchange(client, exchange.map_err(|_| OAuthError::InvalidGrant)?, REFRESH)?;
    Ok(TokenResponse::new(refreshed.tokens, refreshed.refresh_token))
}

/// RFC 7636 §4.6 with S256. A verifier without a challenge is refused too: somebody removed the challenge on the way.
fn verify_pkce(challenge: Option<&str>, verifier: Option<&str>) -> bool {
    match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            let expected = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            verify_slices_are_equal(expected.as_bytes(), challenge.as_bytes()).is_ok()
        }
        _ => false,
    }
}

impl From<CryptoError> for OAuthError {
    fn from(error: CryptoError) -> OAuthError {
        tracing::error!(%error, "Local Cognito cannot issue tokens");
        OAuthError::ServerError
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkce_follows_rfc_7636_appendix_b() {
        let verifier = Some("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        let challenge = Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        for (challenge, verifier, good) in [
            (challenge, verifier, true),
            (None, None, true),
            (challenge, None, false),
            (None, verifier, false),
            (challenge, challenge, false),
            (verifier, verifier, false),
        ] {
            assert_eq!(verify_pkce(challenge, verifier), good, "{challenge:?} {verifier:?}");
        }
    }
}
