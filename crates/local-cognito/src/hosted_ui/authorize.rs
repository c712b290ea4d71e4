//! `GET /oauth2/authorize`: back to the app with a code where the browser has a session here, else to the sign-in page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::super::code_grant::CodeGrant;
use super::super::params::Params;
use super::super::pool::Pool;
use super::super::random::random_uuid;
use super::super::service::Service;
use super::super::state::Login;
use super::authorize_request::{AuthorizeRequest, login_location};
use super::cookies::{login_cookie_name, read_cookie};
use super::redirect::found;

/// Cognito's own (`cognito.md` §0, 13).
const CODE_SECS: u64 = 5 * 60;

/// The handler.
pub(super) async fn get_authorize(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let request = match AuthorizeRequest::check(&service, &Params::parse(query.as_bytes())) {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    match find_login(&request.pool, &headers) {
        Some(login) if !request.force_login => send_code(request, &login),
        _ if request.silent => request.refuse("login_required").into_response(),
        _ => found(&login_location(&query)),
    }
}

fn find_login(pool: &Pool, headers: &HeaderMap) -> Option<Login> {
    let id = read_cookie(headers, &login_cookie_name(pool))?;
    let now = pool.now();
    pool.with_state(|state| state.find_login(id, now).cloned())
}

/// Makes a code for the person signed in and hands it to the app. Also the end of every sign-in at a page.
pub(super) fn send_code(request: AuthorizeRequest, login: &Login) -> Response {
    let pool = Arc::clone(&request.pool);
    let code = random_uuid();
    let location = request.success_location(&code);
    let now = pool.now();
    let grant = CodeGrant {
        client_id: request.client.id.clone(),
        redirect_uri: request.redirect_uri,
        scope: request.scope,
        code_challenge: request.code_challenge,
        nonce: request.nonce,
        resource: request.resource,
        sub: login.sub.clone(),
        auth_time: login.auth_time,
        expires_at: now + CODE_SECS,
    };
    pool.with_state(|state| state.add_code(code, grant, now));
    found(location.as_str())
}
