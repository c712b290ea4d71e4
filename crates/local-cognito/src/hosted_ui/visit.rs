//! A browser at one of the pages: what the app asked for, and what the browser brings. The first argument of every page.

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::super::params::Params;
use super::super::pool::Pool;
use super::super::random::random_opaque;
use super::super::service::Service;
use super::super::state::Login;
use super::super::user::User;
use super::authorize_request::AuthorizeRequest;
use super::code::send_code;
use super::cookies::{
    CSRF_COOKIE, LOGIN_SECS, clear_step_cookie, login_cookie, read_cookie, step_cookie, step_cookie_name,
};
use super::problem::Problem;
use super::redirect::found;
use super::step::Step;
use super::texts::Texts;

/// Of `random_opaque`: 32 bytes in base64url.
const TOKEN_LEN: usize = 43;

/// A request for a page, good enough to be answered with a code in the end.
pub(super) struct Visit {
    pub(super) request: AuthorizeRequest,
    /// The request's own, which every link and form keeps.
    pub(super) query: String,
    /// What the page's forms carry and its cookie says.
    pub(super) csrf_token: String,
    csrf_cookie: Option<String>,
    step_id: Option<String>,
}

/// A form that came back. Whether it is one of ours, `Visit::check_form` says.
pub(super) struct Sent {
    pub(super) visit: Visit,
    pub(super) form: Params,
}

impl Visit {
    pub(super) fn pool(&self) -> &Arc<Pool> {
        &self.request.pool
    }

    pub(super) fn texts(&self) -> &'static Texts {
        self.request.texts
    }

    /// What the browser is in the middle of.
    pub(super) fn step(&self) -> Option<Step> {
        self.pool().find_step(self.step_id.as_deref()?)
    }

    pub(super) fn drop_step(&self) {
        if let Some(id) = &self.step_id {
            self.pool().drop_step(id);
        }
    }

    /// The form's token must be the cookie's: another site can make a browser send a form, but not know the cookie.
    pub(super) fn check_form(&self, form: &Params) -> Result<(), Problem> {
        let (Some(cookie), Some(field)) = (&self.csrf_cookie, form.get("_csrf")) else {
            return Err(Problem::StaleForm);
        };
        verify_slices_are_equal(cookie.as_bytes(), field.as_bytes()).map_err(|_| Problem::StaleForm)
    }

    /// Where a page is, with the request intact.
    pub(super) fn link(&self, path: &str) -> String {
        format!("{path}?{}", self.query)
    }

    /// On to another page.
    pub(super) fn go(&self, path: &str) -> Response {
        found(&self.link(path))
    }

    /// On to the page that asks for the next step.
    pub(super) fn go_on(&self, path: &str, step: Step) -> Response {
        self.drop_step();
        let id = self.pool().keep_step(step);
        ([step_cookie(self.pool(), &id)], self.go(path)).into_response()
    }

    /// The end: back to the app with a code, and a session here for an hour.
    pub(super) fn sign_in(self, user: &User) -> Response {
        self.drop_step();
        let pool = Arc::clone(self.pool());
        let (id, now) = (random_opaque(), pool.now());
        let login = Login { sub: user.sub.clone(), auth_time: now, expires_at: now + LOGIN_SECS };
        pool.update(|state| state.add_login(id.clone(), login.clone(), now));
        let code = send_code(self.request, &login);
        let mut response = ([login_cookie(&pool, &id)], code).into_response();
        if self.step_id.is_some() {
            let (name, value) = clear_step_cookie(&pool);
            response.headers_mut().extend(value.parse().ok().map(|value| (name, value)));
        }
        response
    }

    fn read(request: AuthorizeRequest, query: String, headers: &HeaderMap) -> Visit {
        let csrf_cookie = read_cookie(headers, CSRF_COOKIE).filter(|token| is_token(token)).map(str::to_owned);
        let step_id = read_cookie(headers, &step_cookie_name(&request.pool)).map(str::to_owned);
        // An earlier token stays, so that pages in other tabs go on working.
        let csrf_token = csrf_cookie.clone().unwrap_or_else(random_opaque);
        Visit { request, query, csrf_token, csrf_cookie, step_id }
    }
}

impl FromRequestParts<Arc<Service>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, service: &Arc<Service>) -> Result<Visit, Response> {
        let query = parts.uri.query().unwrap_or_default();
        let request = AuthorizeRequest::check(service, &Params::parse(query.as_bytes()));
        let request = request.map_err(IntoResponse::into_response)?;
        Ok(Visit::read(request, query.to_owned(), &parts.headers))
    }
}

impl FromRequest<Arc<Service>> for Sent {
    type Rejection = Response;

    async fn from_request(request: Request, service: &Arc<Service>) -> Result<Sent, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, service).await?;
        let headers = parts.headers.clone();
        let body = Bytes::from_request(Request::from_parts(parts, body), service).await;
        let body = body.map_err(IntoResponse::into_response)?;
        Ok(Sent { visit, form: Params::of_form(&headers, &body) })
    }
}

/// Whether a cookie's value has the form of the tokens made here.
fn is_token(value: &str) -> bool {
    value.len() == TOKEN_LEN && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
pub(super) mod tests {
    use axum::http::header;

    use super::super::super::service::tests::test_service;
    use super::*;

    /// A visit by a browser with this cookie, with these parameters beside the usual ones.
    pub(in super::super) fn visit(more: &str, cookie: &str) -> Visit {
        let service = test_service(|_| ());
        let client = service.pools[0].client();
        let callback = &client.settings.callback_urls[0];
        let query = format!("response_type=code&client_id={}&redirect_uri={callback}{more}", client.id);
        let request = AuthorizeRequest::check(&service, &Params::parse(query.as_bytes())).ok().unwrap();
        Visit::read(request, query, &HeaderMap::from_iter([(header::COOKIE, cookie.parse().unwrap())]))
    }

    #[test]
    fn tokens_are_told_from_planted_values() {
        assert!(is_token(&random_opaque()));
        for planted in ["", "short", &"\"".repeat(TOKEN_LEN), &"a".repeat(TOKEN_LEN + 1)] {
            assert!(!is_token(planted), "{planted}");
        }
    }

    #[test]
    fn the_form_must_carry_the_cookies_token() {
        let (token, other) = (random_opaque(), random_opaque());
        for (cookie, field, own) in [
            (format!("XSRF-TOKEN={token}"), format!("_csrf={token}"), true),
            (format!("XSRF-TOKEN={token}"), format!("_csrf={other}"), false),
            (format!("XSRF-TOKEN={token}"), String::new(), false),
            ("XSRF-TOKEN=".to_owned(), "_csrf=".to_owned(), false),
            ("XSRF-TOKEN=short".to_owned(), "_csrf=short".to_owned(), false),
            (format!("other={token}"), format!("_csrf={token}"), false),
        ] {
            let checked = visit("", &cookie).check_form(&Params::parse(field.as_bytes()));
            assert_eq!(checked.is_ok(), own, "{cookie} {field}");
        }
    }
}
