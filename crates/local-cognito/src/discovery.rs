//! The issuer's two documents: `openid-configuration` and the JWKS (`cognito.md` §1.6).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::pool::Pool;
use super::service::Service;

/// Exactly Cognito's members: among what is left out are `code_challenge_methods_supported` and
/// `grant_types_supported`, which a client must therefore not insist on.
pub(super) async fn get_configuration(State(service): State<Arc<Service>>, Path(pool_id): Path<String>) -> Response {
    answer(&service, &pool_id, |pool| {
        let (base, issuer) = (&service.common.base_url, pool.issuer());
        json!({
            "authorization_endpoint": format!("{base}/oauth2/authorize"),
            "end_session_endpoint": format!("{base}/logout"),
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": issuer,
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": format!("{base}/oauth2/revoke"),
            "scopes_supported": ["openid", "email", "phone", "profile"],
            "subject_types_supported": ["public"],
            "token_endpoint": format!("{base}/oauth2/token"),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": format!("{base}/oauth2/userInfo"),
        })
    })
}

pub(super) async fn get_jwks(State(service): State<Arc<Service>>, Path(pool_id): Path<String>) -> Response {
    answer(&service, &pool_id, |pool| pool.keys().to_jwks())
}

fn answer(service: &Service, pool_id: &str, document: impl FnOnce(&Pool) -> Value) -> Response {
    let content_type = [(header::CONTENT_TYPE, "application/json")];
    if let Some(pool) = service.find_pool(pool_id) {
        (content_type, document(pool).to_string()).into_response()
    } else {
        let message = json!({ "message": format!("User pool {pool_id} does not exist.") });
        (StatusCode::NOT_FOUND, content_type, message.to_string()).into_response()
    }
}
