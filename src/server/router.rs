//! The app's router: pages and server functions behind the guard, static files beside it.

use std::sync::LazyLock;

use axum::{
    Router,
    body::Body,
    extract::Request,
    middleware::map_request,
    response::{IntoResponse, Response},
};
use http::{HeaderName, StatusCode, header::ACCEPT};
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_to_stream_with_context};
use tower_http::{
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer},
    trace::TraceLayer,
};

use super::{
    files::files,
    limits::{Limits, bound},
    security_headers::{self, set_page_policy},
    theme::provide_theme,
};
use leptos_cognito::{
    AuthError, KeptForm,
    server::{Access, Auth, ConfigProblems, mask},
};

use crate::{
    app::{App, NoRoute, Refused, shell},
    pages::{NoteStore, Rehearsal, Theme},
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Made once in a process: while Leptos makes it, no resource in the process loads, and a page of another app that is being
/// rendered just then (in tests) would never end.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Who may see what: one line for each page and each server function. The app does not start where one is missing.
///
/// # Errors
/// What the table misses, and what it names that there is not.
pub fn access() -> Result<Access, ConfigProblems> {
    let access = Access::new()
        .public("/")
        .public("/api/theme")
        .signed_in("/account")
        .signed_in("/api/account/end-session")
        .signed_in("/api/account/profile")
        .signed_in("/api/account/sign-ins")
        .signed_in("/api/account/timeline")
        .signed_in("/api/account/user-info")
        .signed_in("/notes")
        .signed_in("/api/notes/save")
        .signed_in("/api/notes/last")
        .group("/admin", "admin")
        .group("/api/admin/overview", "admin");
    access.check(ROUTES.iter().map(AxumRouteListing::path))?;
    Ok(access)
}

/// Every route of the app, and the layers around them, outermost last. `rehearsal` where Local Cognito is the user pool.
pub fn build(options: LeptosOptions, auth: &Auth, limits: Limits, rehearsal: Option<Rehearsal>) -> Router {
    let (policy_options, shell_options) = (options.clone(), options.clone());
    let notes = NoteStore::default();
    let theme_cookie = auth.app_url().cookie_name(Theme::COOKIE);
    let context = move || {
        set_page_policy(&policy_options);
        provide_theme(&theme_cookie);
        provide_context(notes.clone());
        if let Some(rehearsal) = rehearsal.clone() {
            provide_context(rehearsal);
        }
    };
    let (kept_context, not_found_context, refused_context) = (context.clone(), context.clone(), context.clone());
    let pages = Router::new()
        .leptos_routes_with_context(&options, ROUTES.clone(), context, move || shell(shell_options.clone()))
        .with_state(options.clone());
    let kept_options = options.clone();
    let keep = move |form, request| kept_form(kept_options.clone(), kept_context.clone(), form, request);
    let refused_options = options.clone();
    let explain = move |error, request| refused(refused_options.clone(), refused_context.clone(), error, request);
    let pages = auth.render_refused(auth.keep_typed(auth.mount(pages), keep), explain);
    let not_found_options = options.clone();
    let not_found =
        Router::new().fallback(move |request| not_found(not_found_options.clone(), not_found_context.clone(), request));
    // Files never open a cookie.
    let files = files(options.site_root.as_ref(), auth.mount_public(not_found));
    let bounded = bound(pages.fallback_service(files), limits);
    security_headers::add(bounded, auth.app_url().is_https())
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(TraceLayer::new_for_http().make_span_with(request_span))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .layer(map_request(drop_odd_request_id))
}

/// A proxy's request id is kept, which the log then shares with its own; anything else is replaced, not logged.
async fn drop_odd_request_id(mut request: Request) -> Request {
    let is_id =
        |id: &[u8]| id.len() <= 64 && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_=;:.".contains(byte));
    if request.headers().get(REQUEST_ID).is_some_and(|id| !is_id(id.as_bytes())) {
        request.headers_mut().remove(REQUEST_ID);
    }
    request
}

/// The not-found page with its status; a request for something else than a page gets the status alone.
async fn not_found(
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    request: Request,
) -> Response {
    let wants_page = request.headers().get(ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    if !wants_page {
        return StatusCode::NOT_FOUND.into_response();
    }
    let context = move || {
        provide_context(NoRoute);
        context();
    };
    let render = render_app_to_stream_with_context(context, move || shell(options.clone()));
    let mut response = render(request).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// The page with what somebody sent whose session had ended; the layer that calls this gives it its status.
async fn kept_form(
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    form: KeptForm,
    request: Request,
) -> Response {
    let context = move || {
        provide_context(form.clone());
        context();
    };
    let render = render_app_to_stream_with_context(context, move || shell(options.clone()));
    render(request).await
}

/// The page for somebody who is signed in and may not see the one asked for, at all or right now; the layer that calls this
/// gives it its status.
async fn refused(
    options: LeptosOptions,
    context: impl Fn() + Clone + Send + Sync + 'static,
    error: AuthError,
    request: Request,
) -> Response {
    let context = move || {
        provide_context(Refused(error.clone()));
        context();
    };
    let render = render_app_to_stream_with_context(context, move || shell(options.clone()));
    render(request).await
}

/// A request in the log: its path, masked, without the query, in which codes and states travel.
fn request_span(request: &axum::http::Request<Body>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = mask(request.uri().path()), id)
}
