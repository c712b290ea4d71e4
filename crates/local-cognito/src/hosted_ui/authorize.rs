//! `GET /oauth2/authorize`: back to the app with a code where the browser has a session here, else to the sign-in page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::super::params::Params;
use super::super::pool::Pool;
use super::super::service::Service;
use super::super::state::Login;
use super::authorize_request::{AuthorizeRequest, login_location};
use super::code::send_code;
use super::cookies::{login_cookie_name, read_cookie};
use super::redirect::found;

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
