//! The middleware around everything that depends on the session: opens the cookie, refreshes if due, decides, hands
//! on, and writes the cookie into the same answer if it changed. It runs before rendering, because a page streams and
//! after its first byte no cookie can be set. Mounted by [`Auth::mount`].

use std::sync::Arc;

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    HeaderMap, HeaderValue, StatusCode, Uri,
    header::{CACHE_CONTROL, LOCATION, VARY},
};
use url::form_urlencoded;

use super::{
    super::{AuthError, NOT_ALLOWED, SIGN_IN},
    Auth, CurrentSession,
    access::{Kind, Need},
    cookies::{PresentedCookies, SetCookies},
    current::typed_error,
    refresh::{Freshness, Outcome, decide, due_at},
    sealed_session::SealedSession,
};

/// What is to happen to the cookie.
enum Write {
    Nothing,
    Replace(Arc<SealedSession>),
    Clear,
}

/// `need` is for routers in which every path needs the same; otherwise the table of `auth` decides.
pub(super) async fn guard(auth: Auth, fixed_need: Option<Need>, mut request: Request, next: Next) -> Response {
    let kind = auth.access.kind(request.method(), request.extensions());
    let is_prefetch = is_prefetch(request.headers());
    if is_prefetch && kind == Kind::Flow {
        // A guess of the browser's starts no sign-in and ends no session; 503 makes it forget the prefetch.
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let cookies = PresentedCookies::read(request.headers());
    let (current, write) = load(&auth, &cookies, kind != Kind::Flow && !is_prefetch).await;
    let need = fixed_need.as_ref().unwrap_or_else(|| auth.access.need(request.extensions()));
    let mut response = match refusal(need, &current) {
        Some(error) => refused(kind, error, request.uri()),
        None => {
            request.extensions_mut().insert(current);
            request.extensions_mut().insert(auth.clone());
            request.extensions_mut().insert(kind);
            next.run(request).await
        }
    };
    let set_cookies = if kind == Kind::Flow { SetCookies::default() } else { to_set_cookies(&auth, write, &cookies) };
    set_cookies.append_to(response.headers_mut());
    // Every answer here depends on the session: no cache may keep it (B29).
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().append(VARY, HeaderValue::from_static("Cookie"));
    response
}

/// The session of the request, renewed if that is due, and what that does to the cookie.
async fn load(auth: &Auth, cookies: &PresentedCookies, may_refresh: bool) -> (CurrentSession, Write) {
    let Some(session) = auth.session_cookie.open(cookies) else { return (CurrentSession::none(), Write::Nothing) };
    let now = auth.clock.now();
    if let Err(why) = session.check(auth.cognito.issuer(), auth.config.idle_limit, now) {
        tracing::info!(session = session.log_id(), ?why, "session not valid any more");
        return (CurrentSession::none(), Write::Nothing);
    }
    if auth.has_ended(&session) {
        tracing::info!(session = session.log_id(), "cookie of an ended session refused");
        return (CurrentSession::none(), Write::Nothing);
    }
    let session = Arc::new(session);
    let due_at = due_at(&session, auth.config.idle_limit);
    if !may_refresh || decide(now, session.access_expires_at, due_at) == Freshness::Fresh {
        return (CurrentSession::of(auth, session), Write::Nothing);
    }
    match auth.refresher.refresh(session.clone()).await {
        Outcome::Renewed(renewed) => (CurrentSession::of(auth, renewed.clone()), Write::Replace(renewed)),
        Outcome::Ended => {
            auth.end(&session);
            (CurrentSession::none(), Write::Clear)
        }
        Outcome::Kept => (CurrentSession::of(auth, session), Write::Nothing),
    }
}

fn to_set_cookies(auth: &Auth, write: Write, cookies: &PresentedCookies) -> SetCookies {
    match write {
        Write::Nothing => SetCookies::default(),
        Write::Clear => auth.session_cookie.clear(cookies).into(),
        // Signed out while this answer was made: it must not bring the session back (B37).
        Write::Replace(session) if auth.has_ended(&session) => SetCookies::default(),
        Write::Replace(session) => match auth.session_cookie.store(&session, cookies, auth.clock.now()) {
            Ok(values) => values.into(),
            Err(cause) => {
                cause.report("refresh");
                SetCookies::default()
            }
        },
    }
}

fn refusal(need: &Need, current: &CurrentSession) -> Option<AuthError> {
    match (need, current.get()) {
        (Need::Nothing, _) | (Need::Session, Some(_)) => None,
        (Need::Session | Need::Group(_), None) => Some(AuthError::SignedOut),
        (Need::Group(group), Some(session)) => {
            (!session.session().user.is_in_group(group)).then_some(AuthError::NotAllowed)
        }
    }
}

/// A page's visitor is sent on with an empty body, a call gets a typed error.
fn refused(kind: Kind, error: AuthError, uri: &Uri) -> Response {
    let status = if error == AuthError::NotAllowed { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
    if kind != Kind::Page {
        return typed_error(status, error);
    }
    let location = if error == AuthError::NotAllowed { NOT_ALLOWED.to_owned() } else { sign_in_for(uri) };
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::FOUND, [(LOCATION, location)], Body::empty()).into_response(),
        Err(_) => typed_error(status, error),
    }
}

fn sign_in_for(uri: &Uri) -> String {
    let page = uri.path_and_query().map_or("/", |page| page.as_str());
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", page).finish();
    format!("{SIGN_IN}?{query}")
}

/// A speculative request (`Sec-Purpose`, Fetch §3.6.1; `Purpose` is its older name).
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|purpose| purpose.contains("prefetch") || purpose.contains("prerender"))
}
