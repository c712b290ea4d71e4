//! `GET /logout`, both forms of `cognito.md` §1.5: on to the app's `logout_uri`, or back to the sign-in page.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::super::client::Client;
use super::super::params::Params;
use super::super::pool::Pool;
use super::super::service::Service;
use super::authorize_request::{AuthorizeRequest, login_location};
use super::cookies::{clear_login_cookie, login_cookie_name, read_cookie};
use super::error_page::ErrorPage;
use super::redirect::found;
use super::refusal::AuthorizeRefusal;

/// The handler. Ends the browser's session here; tokens stay good, as at Cognito.
pub(super) async fn get_logout(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    match find_destination(&service, &query) {
        Ok((pool, location)) => {
            if let Some(id) = read_cookie(&headers, &login_cookie_name(&pool)) {
                pool.update(|state| state.remove_login(id));
            }
            ([clear_login_cookie(&pool)], found(&location)).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// `logout_uri` wins, and then every other parameter, `state` included, is ignored.
fn find_destination(service: &Service, query: &str) -> Result<(Arc<Pool>, String), AuthorizeRefusal> {
    let params = Params::parse(query.as_bytes());
    let client = params.get("client_id").and_then(|id| service.find_client(id));
    let (pool, client) = client.ok_or(AuthorizeRefusal::Page(ErrorPage::UnknownClient))?;
    if let Some(logout_uri) = params.get("logout_uri") {
        let registered = client.settings.logout_urls.iter().find(|url| *url == logout_uri).cloned();
        return registered.map(|url| (pool, url)).ok_or_else(|| refuse(&client));
    }
    if params.get("redirect_uri").is_none() {
        return Err(refuse(&client));
    }
    AuthorizeRequest::check(service, &params).map(|_| (pool, login_location(query)))
}

fn refuse(client: &Client) -> AuthorizeRefusal {
    AuthorizeRefusal::Page(ErrorPage::LogoutMismatch { registered: client.settings.logout_urls.clone() })
}
