//! `GET /logout`, both forms of `cognito.md` §1.5: on to the app's `logout_uri`, or back to the sign-in page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::authorize_request::{AuthorizeRefusal, AuthorizeRequest, login_location};
use super::cookies::{LOGIN_COOKIE, clear_login_cookie, read_cookie};
use super::pages::ErrorPage;
use super::params::Params;
use super::pool::Pool;
use super::redirect::found;

/// The handler. Ends the browser's session here; tokens stay good, as at Cognito.
pub(super) async fn get_logout(
    State(pool): State<Arc<Pool>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    match find_destination(&pool, &query) {
        Ok(location) => {
            if let Some(id) = read_cookie(&headers, LOGIN_COOKIE) {
                pool.update(|state| state.remove_login(id));
            }
            ([clear_login_cookie()], found(&location)).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// `logout_uri` wins, and then every other parameter, `state` included, is ignored.
fn find_destination(pool: &Pool, query: &str) -> Result<String, AuthorizeRefusal> {
    let params = Params::parse(query.as_bytes());
    let client = params.get("client_id").and_then(|id| pool.find_client(id));
    let client = client.ok_or(AuthorizeRefusal::Page(ErrorPage::UnknownClient))?;
    if let Some(logout_uri) = params.get("logout_uri") {
        let registered = client.logout_urls.iter().find(|url| *url == logout_uri);
        return registered.cloned().ok_or(AuthorizeRefusal::Page(ErrorPage::LogoutMismatch));
    }
    if params.get("redirect_uri").is_none() {
        return Err(AuthorizeRefusal::Page(ErrorPage::LogoutMismatch));
    }
    AuthorizeRequest::check(pool, &params).map(|_| login_location(query))
}
