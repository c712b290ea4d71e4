//! `/login`: the sign-in page of the hosted UI, and the form that comes back from it.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::accounts::AccountRefusal;
use super::authorize::send_code;
use super::authorize_request::AuthorizeRequest;
use super::cookies::{CSRF_COOKIE, LOGIN_SECS, csrf_cookie, login_cookie, read_cookie};
use super::observe::ErrorType;
use super::pages::{self, LoginPage};
use super::params::Params;
use super::pool::Pool;
use super::random::random_opaque;
use super::service::Service;
use super::state::Login;
use super::user::User;

/// Cognito's sentence, the same for a wrong password and for an unknown user.
const WRONG_PASSWORD: &str = "Incorrect username or password.";
/// Of `random_opaque`: 32 bytes in base64url.
const TOKEN_LEN: usize = 43;
const DISABLED: &str = "User is disabled.";
const STALE_FORM: &str = "This sign-in page is out of date. Please try again.";

/// A sign-in that did not succeed.
#[derive(Clone, Copy)]
struct Rejection {
    status: StatusCode,
    message: &'static str,
    error: &'static str,
}

const REJECT_PASSWORD: Rejection =
    Rejection { status: StatusCode::BAD_REQUEST, message: WRONG_PASSWORD, error: "NotAuthorizedException" };
const REJECT_DISABLED: Rejection = Rejection { message: DISABLED, ..REJECT_PASSWORD };
const REJECT_FORM: Rejection = Rejection { status: StatusCode::FORBIDDEN, message: STALE_FORM, error: "invalid_csrf" };

/// Shows the page. Takes what `/oauth2/authorize` takes, also when opened directly.
pub(super) async fn get_login(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    match AuthorizeRequest::check(&service, &Params::parse(query.as_bytes())) {
        Ok(request) => {
            show_page(&request.pool, &headers, &query, request.login_hint.as_deref().unwrap_or_default(), None)
        }
        Err(refusal) => refusal.into_response(),
    }
}

/// Checks form and password; then on to the app with a code, and a session here for an hour.
pub(super) async fn post_login(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let query = query.unwrap_or_default();
    let request = match AuthorizeRequest::check(&service, &Params::parse(query.as_bytes())) {
        Ok(request) => request,
        Err(refusal) => return refusal.into_response(),
    };
    let form = Params::of_form(&headers, &body);
    let username = form.get("username").unwrap_or_default();
    let user = if is_own_form(&headers, &form) {
        check_password(&request.pool, username, form.get("password").unwrap_or_default()).await
    } else {
        Err(REJECT_FORM)
    };
    match user {
        Ok(user) => start_login(request, &user),
        Err(rejection) => show_page(&request.pool, &headers, &query, username, Some(rejection)),
    }
}

/// The form's token must be the cookie's: another site can make a browser send a form, but not know the cookie.
fn is_own_form(headers: &HeaderMap, form: &Params) -> bool {
    let (Some(cookie), Some(field)) = (read_cookie(headers, CSRF_COOKIE), form.get("_csrf")) else { return false };
    !cookie.is_empty() && verify_slices_are_equal(cookie.as_bytes(), field.as_bytes()).is_ok()
}

/// On a blocking thread, as hashing takes its time.
async fn check_password(pool: &Arc<Pool>, username: &str, password: &str) -> Result<User, Rejection> {
    let (pool, username, password) = (Arc::clone(pool), username.to_owned(), password.to_owned());
    let checking = tokio::task::spawn_blocking(move || pool.check_password(&username, &password));
    checking.await.unwrap_or(Err(AccountRefusal::WrongPassword)).map_err(|refusal| match refusal {
        AccountRefusal::Disabled => REJECT_DISABLED,
        _ => REJECT_PASSWORD,
    })
}

fn start_login(request: AuthorizeRequest, user: &User) -> Response {
    let pool = Arc::clone(&request.pool);
    let (id, now) = (random_opaque(), pool.now());
    let login = Login { sub: user.sub.clone(), auth_time: now, expires_at: now + LOGIN_SECS };
    pool.update(|state| state.add_login(id.clone(), login.clone(), now));
    ([login_cookie(&pool.id, &id)], send_code(request, &login)).into_response()
}

fn show_page(pool: &Pool, headers: &HeaderMap, query: &str, username: &str, rejection: Option<Rejection>) -> Response {
    // An earlier token stays, so that sign-in pages in other tabs go on working.
    let token =
        read_cookie(headers, CSRF_COOKIE).filter(|token| is_token(token)).map_or_else(random_opaque, str::to_owned);
    let page = pages::show_login(&LoginPage {
        query,
        csrf_token: &token,
        username,
        seeded: &pool.seeded,
        message: rejection.map(|rejection| rejection.message),
    });
    let status = rejection.map_or(StatusCode::OK, |rejection| rejection.status);
    let mut response = (status, [csrf_cookie(&token)], page).into_response();
    if let Some(rejection) = rejection {
        response.extensions_mut().insert(ErrorType(rejection.error));
    }
    response
}

/// Whether a cookie's value has the form of the tokens made here.
fn is_token(value: &str) -> bool {
    value.len() == TOKEN_LEN && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_from_planted_values() {
        assert!(is_token(&random_opaque()));
        for planted in ["", "short", &"\"".repeat(TOKEN_LEN), &"a".repeat(TOKEN_LEN + 1)] {
            assert!(!is_token(planted), "{planted}");
        }
    }

    #[test]
    fn the_form_must_carry_the_cookies_token() {
        for (cookie, field, own) in [
            ("XSRF-TOKEN=t", "_csrf=t", true),
            ("XSRF-TOKEN=t", "_csrf=u", false),
            ("XSRF-TOKEN=t", "", false),
            ("XSRF-TOKEN=", "_csrf=", false),
            ("other=t", "_csrf=t", false),
        ] {
            let headers = HeaderMap::from_iter([(axum::http::header::COOKIE, cookie.parse().unwrap())]);
            assert_eq!(is_own_form(&headers, &Params::parse(field.as_bytes())), own, "{cookie} {field}");
        }
    }
}
