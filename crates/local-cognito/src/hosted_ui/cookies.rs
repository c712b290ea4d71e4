//! The cookies of the hosted UI: its session and the forms' proof, named as Cognito names them, and the step between
//! two pages. Used by `authorize`, `visit`, `page` and `logout`.

use axum::http::{HeaderMap, HeaderName, header};

use super::super::pool::Pool;

/// Half of the proof that a sign-in form was shown to the browser that sends it; the form's `_csrf` is the other.
pub(super) const CSRF_COOKIE: &str = "XSRF-TOKEN";

/// Fixed, not rolling (`cognito.md` §1.7).
pub(super) const LOGIN_SECS: u64 = 60 * 60;
const CSRF_SECS: u64 = 60 * 60;
/// As long as the code of a password reset.
pub(super) const STEP_SECS: u64 = 60 * 60;

/// The value of cookie `name` as the browser sent it.
pub(super) fn read_cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A cookie of one pool at one Local Cognito. At AWS each pool has a domain of its own; here all pools share one, and
/// several Local Cognitos share 127.0.0.1, because browsers do not tell the cookies of a host's ports apart.
fn name_of(plain: &str, pool: &Pool) -> String {
    let port = pool.common.base_url.rsplit(':').next().unwrap_or_default();
    format!("{plain}-{port}.{}", pool.id)
}

/// The cookie that keeps the browser signed in at the hosted UI, for an hour. Cognito's is `cognito`.
pub(super) fn login_cookie_name(pool: &Pool) -> String {
    name_of("cognito", pool)
}

pub(super) fn login_cookie(pool: &Pool, id: &str) -> (HeaderName, String) {
    set_cookie(&login_cookie_name(pool), id, LOGIN_SECS)
}

pub(super) fn clear_login_cookie(pool: &Pool) -> (HeaderName, String) {
    set_cookie(&login_cookie_name(pool), "", 0)
}

/// The cookie that says which step this browser is at.
pub(super) fn step_cookie_name(pool: &Pool) -> String {
    name_of("cognito-step", pool)
}

pub(super) fn step_cookie(pool: &Pool, id: &str) -> (HeaderName, String) {
    set_cookie(&step_cookie_name(pool), id, STEP_SECS)
}

pub(super) fn clear_step_cookie(pool: &Pool) -> (HeaderName, String) {
    set_cookie(&step_cookie_name(pool), "", 0)
}

pub(super) fn csrf_cookie(token: &str) -> (HeaderName, String) {
    set_cookie(CSRF_COOKIE, token, CSRF_SECS)
}

/// Not `Secure`: the stand-in speaks http, on loopback only.
fn set_cookie(name: &str, value: &str, max_age_secs: u64) -> (HeaderName, String) {
    (header::SET_COOKIE, format!("{name}={value}; Max-Age={max_age_secs}; Path=/; HttpOnly; SameSite=Lax"))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::super::super::service::tests::test_service;
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_exact_name_in_any_header_line() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xcognito-1.p=no;cognito-1.p=yes=1"));
        headers.append(header::COOKIE, HeaderValue::from_static("XSRF-TOKEN=t"));
        assert_eq!(read_cookie(&headers, "cognito-1.p"), Some("yes=1"));
        assert_eq!(read_cookie(&headers, CSRF_COOKIE), Some("t"));
        assert_eq!(read_cookie(&headers, "absent"), None);
    }

    #[test]
    fn cookies_are_out_of_reach_of_scripts_and_clearing_ends_them() {
        let service = test_service(|_| ());
        let pool = &service.pools[0];
        let name = "cognito-9400.us-east-1_LocalPool";
        assert_eq!(login_cookie(pool, "id").1, format!("{name}=id; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax"));
        assert_eq!(clear_login_cookie(pool).1, format!("{name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax"));
    }
}
