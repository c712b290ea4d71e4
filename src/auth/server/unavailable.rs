//! A page that needs a group, for somebody whose groups could not be confirmed for too long: neither the page nor a
//! sign-out, but 503 with a page that says why. `guard` answers plainly; where the app has a page of its own, the layer
//! here, outside the guard, shows that.

use std::future::Future;

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, RETRY_AFTER, SET_COOKIE, VARY},
};

use super::{super::AuthError, Auth, CurrentSession, error::Cause, kept_form::document_request};

/// On its way from the guard to the layer.
#[derive(Clone)]
struct Unavailable {
    error: AuthError,
    current: CurrentSession,
}

/// For an app that has no page of its own.
const PLAIN_PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><title>Not available right now</title>\
    <p>Your groups can't be checked right now, so this page can't be shown. You are still signed in. Please try again in a \
    moment.</p></html>\n";

/// The plain answer.
pub(super) fn unavailable(cause: &Cause, current: &CurrentSession) -> Response {
    let (status, error) = cause.report("page");
    let mut response =
        (status, [(RETRY_AFTER, HeaderValue::from(error.retry_after_secs))], Html(PLAIN_PAGE)).into_response();
    response.extensions_mut().insert(Unavailable { error, current: current.clone() });
    response
}

impl Auth {
    /// Goes around what [`mount`](Self::mount) gives: where the guard answers 503 for a page that needs a group, because the
    /// groups could not be confirmed for too long, `render` makes the page. It gets the error and the request, with the
    /// session in its extensions.
    pub fn render_unavailable<F>(
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
                let Some(Unavailable { error, current }) = refused.extensions().get().cloned() else { return refused };
                document.extensions_mut().insert(current);
                let mut response = render(error, document).await;
                *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
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
