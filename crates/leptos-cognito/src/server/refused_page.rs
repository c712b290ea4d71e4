//! A page that is refused to somebody who is signed in: 403 where they are not in its group, 503 where their groups could
//! not be confirmed for too long. At the page's own address, so that a reload is another try. `guard` answers plainly;
//! where the app has a page of its own, the layer here, outside the guard, shows that.

use std::future::Future;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, RETRY_AFTER, SET_COOKIE, VARY},
    uri::PathAndQuery,
};

use super::{
    super::{AuthError, HOME, SIGN_OUT},
    Auth, CurrentSession,
    error::Cause,
    kept_form::document_request,
    return_to::ReturnTo,
};

/// On its way from the guard to the layer.
#[derive(Clone)]
struct Refused {
    error: AuthError,
    current: CurrentSession,
}

/// For an app that has no page of its own.
const STALE_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><title>Not available right now</title><p>Your groups can't be checked \
    right now, so this page can't be shown. You are still signed in. Please try again in a moment.</p></html>\n";

/// The plain answer.
pub(super) fn refused_page(cause: &Cause, request: &Request, current: &CurrentSession) -> Response {
    let (status, error) = cause.report("page");
    let html = match cause {
        Cause::StaleClaims { .. } => STALE_PAGE.to_owned(),
        _ => not_allowed_page(request.uri().path_and_query().map(PathAndQuery::as_str)),
    };
    let mut response = (status, Html(html)).into_response();
    if error.retry_after_secs > 0 {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(error.retry_after_secs));
    }
    response.extensions_mut().insert(Refused { error, current: current.clone() });
    response
}

fn not_allowed_page(page: Option<&str>) -> String {
    // A URL's own escapes leave nothing that ends an attribute.
    let page = ReturnTo::parse(page).as_str().replace('&', "&amp;");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><title>Not allowed</title><p>This page isn't for your account.</p>\
         <form method=\"post\" action=\"{SIGN_OUT}\"><input type=\"hidden\" name=\"return_to\" value=\"{page}\">\
         <button>Sign out to use another account</button></form><p><a href=\"{HOME}\">Back to the home page</a></p></html>\n"
    )
}

impl Auth {
    /// Goes around what [`mount`](Self::mount) gives: where the guard refuses a page to somebody who is signed in, `render`
    /// makes the page, at the address that was asked for. It gets the error and the request, with the session in its
    /// extensions. [`AuthErrorCode::NotAllowed`](super::super::AuthErrorCode::NotAllowed), status 403: they are not in the
    /// group. [`AuthErrorCode::ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable), status 503: their
    /// groups could not be confirmed for too long.
    pub fn render_refused<F>(
        &self,
        router: Router,
        render: impl Fn(AuthError, Request) -> F + Clone + Send + Sync + 'static,
    ) -> Router
    where
        F: Future<Output = Response> + Send + 'static,
    {
        router.layer(middleware::from_fn(move |request: Request, next: Next| {
            let render = render.clone();
            async move {
                let mut document = document_request(&request);
                let refused = next.run(request).await;
                let Some(Refused { error, current }) = refused.extensions().get().cloned() else { return refused };
                document.extensions_mut().insert(current);
                let mut response = render(error, document).await;
                *response.status_mut() = refused.status();
                for name in [RETRY_AFTER, SET_COOKIE, CACHE_CONTROL, VARY] {
                    for value in refused.headers().get_all(&name) {
                        response.headers_mut().append(name.clone(), value.clone());
                    }
                }
                response
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plain_page_holds_no_markup_of_its_address() {
        for (page, value) in [
            ("/staff?a=1&b=2", "/staff?a=1&amp;b=2"),
            ("/staff?x=\"><script>alert(1)</script>", "/staff?x=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
            ("/\"onclick=\"x", "/%22onclick=%22x"),
            ("//evil.example", "/"),
        ] {
            let html = not_allowed_page(Some(page));
            assert!(html.contains(&format!("name=\"return_to\" value=\"{value}\">")), "{page}: {html}");
        }
    }
}
