//! `GET /oauth2/userInfo` (`cognito.md` §1.3).

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, json};

use super::error_type::ErrorType;
use super::issue::AccessRefusal;
use super::service::Service;
use super::user::{User, Visible, has_scope};

const NO_TOKEN: &str = "Bad OAuth2 request at UserInfo Endpoint";
const BAD_TOKEN: &str = "Access token is expired, disabled, or deleted, or the user has globally signed out.";
/// Seen in reports of people who called it with a token from an API sign-in; not in the documentation.
const NO_OPENID: &str = "Access token does not contain openid scope";

/// The handler.
pub(super) async fn get_user_info(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let Some(token) = read_bearer(&headers) else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_request", NO_TOKEN);
    };
    let pool = service.find_pool_of_token(token).ok_or(AccessRefusal::Invalid);
    match pool.and_then(|pool| pool.check_access_token(token)) {
        Ok((claims, user)) if has_scope(&claims.scope, "openid") => describe(&user, &claims.scope),
        Ok(_) => refuse(StatusCode::UNAUTHORIZED, "invalid_token", NO_OPENID),
        Err(_) => refuse(StatusCode::UNAUTHORIZED, "invalid_token", BAD_TOKEN),
    }
}

fn read_bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()).then_some(token.trim())
}

/// Booleans are strings here, unlike in the ID token.
fn describe(user: &User, scope: &str) -> Response {
    let visible = Visible::under(scope);
    let mut claims = Map::new();
    claims.insert("sub".to_owned(), json!(user.sub));
    claims.insert("username".to_owned(), json!(user.sub));
    if visible.email {
        claims.insert("email".to_owned(), json!(user.email));
        claims.insert("email_verified".to_owned(), json!(user.email_verified.to_string()));
    }
    for (name, value) in user.attributes.iter().filter(|(name, _)| visible.shows(name)) {
        claims.insert(name.clone(), json!(value));
    }
    let body = serde_json::Value::Object(claims).to_string();
    let headers = [(header::CONTENT_TYPE, "application/json;charset=UTF-8"), (header::CACHE_CONTROL, "no-store")];
    (headers, body).into_response()
}

fn refuse(status: StatusCode, error: &'static str, description: &str) -> Response {
    let challenge = format!("error=\"{error}\", error_description=\"{description}\"");
    let body = json!({ "error": error, "error_description": description }).to_string();
    let headers = [
        (header::WWW_AUTHENTICATE, challenge.as_str()),
        (header::CONTENT_TYPE, "application/json;charset=UTF-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let mut response = (status, headers, body).into_response();
    response.extensions_mut().insert(ErrorType(error));
    response
}
