//! The code of a sign-in that has succeeded (RFC 6749 §4.1.2). Sent by `authorize`, and by the pages.

use std::sync::Arc;

use axum::response::Response;

use super::super::code_grant::CodeGrant;
use super::super::random::random_uuid;
use super::super::state::Login;
use super::authorize_request::AuthorizeRequest;
use super::redirect::found;

/// Cognito's own (`cognito.md` §0, 13).
const CODE_SECS: u64 = 5 * 60;

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
