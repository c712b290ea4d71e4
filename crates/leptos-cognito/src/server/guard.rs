//! The middleware around everything that depends on the session: opens the cookie, refreshes if due, decides, hands
//! on, and writes the cookie into the same answer if it changed. It runs before rendering, because a page streams and
//! after its first byte no cookie can be set. Mounted by [`Auth::mount`].

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{
    Extensions, HeaderMap, HeaderValue, StatusCode, Uri,
    header::{ACCEPT, CACHE_CONTROL, LOCATION, REFERER, USER_AGENT, VARY},
};
use tracing::Instrument;
use url::form_urlencoded;

use super::{
    super::{HOME, SESSION, SIGN_IN, SIGN_OUT_EVERYWHERE},
    Auth, CurrentSession,
    access::{Kind, Need, matched},
    answer::failed_location,
    cookies::{PresentedCookies, SetCookies},
    cross_site::is_cross_site,
    current::typed_error,
    endpoints::LOGGED_OUT,
    error::Cause,
    page_redirect::{redirect_page, without_trailing_slash},
    refused_page::refused_page,
    rendering::SignOutNotice,
    return_to::{ReturnTo, TooLong},
    signed_out_cookie::SignedOut,
    state::Shared,
    unreadable::{map_bad_arguments_to_400, redirect_unreadable_query},
    visit::{BY_ITSELF, Loaded, Visit, Write},
};

/// `need` is for routers in which every path needs the same; otherwise the table of `auth` decides.
pub(super) async fn guard(auth: Shared, fixed_need: Option<Need>, mut request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with('/') {
        // `CONNECT`'s target, or a bare name: Leptos can't render a page for it.
        return sealed_off(StatusCode::NOT_FOUND.into_response());
    }
    if let Some(redirect) = without_trailing_slash(&request) {
        return sealed_off(redirect);
    }
    let kind = auth.access.kind(request.method(), request.extensions());
    if is_cross_site(kind, request.method(), request.headers(), &auth.config.app_url.origin()) {
        return cross_site_refused();
    }
    let visit = visit(kind, &request);
    let is_prefetch = is_prefetch(request.headers());
    let cookies = PresentedCookies::read(request.headers());
    let signed_out = auth.signed_out_cookie.read(&cookies);
    let (current, write) = load(&auth, &cookies, &signed_out, visit).await;
    if let Some(session) = current.get() {
        let user_agent = request.headers().get(USER_AGENT).map_or(b"".as_slice(), HeaderValue::as_bytes);
        auth.lifecycle.sign_ins.note(session.sealed(), user_agent, auth.clock.now());
    }
    // Whatever is logged while this request is answered says whose session it was.
    let span = current.get().map_or_else(tracing::Span::none, |session| {
        tracing::info_span!("session", session = session.sealed().log_id())
    });
    let is_stale = current.get().is_some_and(|session| session.session().degraded);
    if is_prefetch && (kind == Kind::Flow || is_stale) {
        // A guess of the browser's starts no sign-in and ends no session, and an expired token's claims answer nothing
        // that nobody asked Cognito about. 503 makes the browser forget the prefetch.
        return sealed_off(StatusCode::SERVICE_UNAVAILABLE.into_response());
    }
    let comes_home = kind == Kind::Page && visit == Visit::Person && request.uri().path() == HOME;
    let sent_on = if comes_home { go_on_after_logout(&auth, &cookies, &current) } else { None };
    let refusal = match &fixed_need {
        Some(need) => refusal(need, &current),
        None => auth.access.needs(request.extensions(), request.uri()).find_map(|need| refusal(need, &current)),
    };
    let refusal = refusal.or_else(|| offers_no_global_sign_out(&auth, request.extensions()));
    let notice = SignOutNotice::of(signed_out.outcome);
    let mut response = match (sent_on, refusal) {
        (Some(redirect), _) => redirect,
        (None, Some(cause)) => span.in_scope(|| refused(kind, &cause, &request, &current)),
        (None, None) => {
            drop_foreign_referer(&auth, request.headers_mut());
            if matched(request.extensions()) == Some(SESSION) {
                // Leptos sends whoever asks for HTML, such as an address bar, to a page.
                request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json"));
            }
            request.extensions_mut().insert(current.clone());
            request.extensions_mut().insert(Auth(auth.clone()));
            request.extensions_mut().insert(notice.clone());
            request.extensions_mut().insert(kind);
            let response = next.run(request).instrument(span).await;
            match kind {
                Kind::Flow => redirect_unreadable_query(response),
                Kind::Call => map_bad_arguments_to_400(response).await,
                Kind::Page => response,
            }
        }
    };
    let write = current.later_write().unwrap_or(write);
    let set_cookies = if kind == Kind::Flow { SetCookies::default() } else { to_set_cookies(&auth, write, &cookies) };
    let told = notice.is_told().then(|| auth.signed_out_cookie.after_telling(signed_out, auth.clock.now()));
    set_cookies.and(told).append_to(response.headers_mut());
    sealed_off(response)
}

/// Every answer here depends on the session: no cache may keep it (B29).
pub(super) fn sealed_off(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    response.headers_mut().append(VARY, HeaderValue::from_static("Cookie"));
    response
}

/// B42: a request that changes something and comes from another site.
pub(super) fn cross_site_refused() -> Response {
    sealed_off(typed_error(&Cause::CrossSite, "request"))
}

fn visit(kind: Kind, request: &Request) -> Visit {
    let asks_by_itself = || request.uri().query().is_some_and(|query| query.split('&').any(|pair| pair == BY_ITSELF));
    if kind == Kind::Flow || is_prefetch(request.headers()) {
        Visit::Glance
    } else if (kind == Kind::Page || matched(request.extensions()) == Some(SESSION)) && asks_by_itself() {
        Visit::Page
    } else if kind == Kind::Call {
        Visit::Call
    } else {
        Visit::Person
    }
}

/// Leptos sends a form's submitter, and anybody who asks for HTML, back to the referrer: never off this site.
fn drop_foreign_referer(auth: &Shared, headers: &mut HeaderMap) {
    let origin = auth.config.app_url.origin();
    let is_ours = |referer: &HeaderValue| {
        let rest = referer.to_str().ok().and_then(|referer| referer.strip_prefix(&origin));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if headers.get(REFERER).is_some_and(|referer| !is_ours(referer)) {
        headers.remove(REFERER);
    }
}

/// The session of the request, renewed if that is due, and what that does to the cookie.
async fn load(
    auth: &Shared,
    cookies: &PresentedCookies,
    signed_out: &SignedOut,
    visit: Visit,
) -> (CurrentSession, Write) {
    let Some(session) = auth.session_cookie.open(cookies) else { return (CurrentSession::none(), Write::Nothing) };
    if signed_out.names(&session) {
        // Another server's late answer has brought it back (B37).
        return (CurrentSession::none(), Write::Clear);
    }
    let Loaded { session, retry_after, write } = auth.lifecycle.load(session, visit).await;
    let current = session.map_or_else(CurrentSession::none, |session| CurrentSession::of(auth, session, retry_after));
    (current, write)
}

fn to_set_cookies(auth: &Shared, write: Write, cookies: &PresentedCookies) -> SetCookies {
    match write {
        Write::Nothing => SetCookies::default(),
        Write::Clear => auth.session_cookie.clear(cookies).into(),
        Write::ClearAfterVerdict => {
            let mark = auth.reauthenticate_cookie.demand(auth.clock.now());
            SetCookies::from(auth.session_cookie.clear(cookies)).and([mark])
        }
        // Signed out while this answer was made: it must not bring the session back (B37).
        Write::Replace(session) if auth.lifecycle.has_ended(&session) => SetCookies::default(),
        Write::Replace(session) => match auth.session_cookie.store(&session, cookies, auth.clock.now()) {
            Ok(values) => values.into(),
            Err(cause) => {
                cause.report("refresh");
                SetCookies::default()
            }
        },
    }
}

fn refusal(need: &Need, current: &CurrentSession) -> Option<Cause> {
    match (need, current.get()) {
        (Need::Nothing, _) | (Need::Session, Some(_)) => None,
        (Need::Session | Need::Group(_), None) => Some(Cause::SignedOut),
        (Need::Group(group), Some(session)) => session.check_group(group).err(),
    }
}

/// Without the scope Cognito would refuse, and other sessions would stay: nothing is done and nothing is promised.
fn offers_no_global_sign_out(auth: &Shared, extensions: &Extensions) -> Option<Cause> {
    let is_asked = matched(extensions) == Some(SIGN_OUT_EVERYWHERE);
    (is_asked && !auth.can_sign_out_everywhere()).then_some(Cause::NoGlobalSignOut)
}

/// A page's visitor is sent on with an empty body, or told why not; a call gets a typed error.
fn refused(kind: Kind, cause: &Cause, request: &Request, current: &CurrentSession) -> Response {
    if kind != Kind::Page {
        return typed_error(cause, "request");
    }
    if !matches!(cause, Cause::SignedOut) {
        return refused_page(cause, request, current);
    }
    redirect_page(&sign_in_for(request.uri()), request).unwrap_or_else(|_| typed_error(cause, "page"))
}

fn sign_in_for(uri: &Uri) -> String {
    let page = uri.path_and_query().map_or(HOME, |page| page.as_str());
    if ReturnTo::check(Some(page)) == Err(TooLong) {
        return failed_location(&Cause::LinkTooLong.report("page").1, &ReturnTo::home());
    }
    sign_in_location(page)
}

fn sign_in_location(page: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("return_to", page).finish();
    format!("{SIGN_IN}?{query}")
}

/// Cognito's `/logout` has sent the browser home, and it was on its way to somewhere else.
fn go_on_after_logout(auth: &Shared, cookies: &PresentedCookies, current: &CurrentSession) -> Option<Response> {
    let (next, cleared) = auth.after_logout_cookie.take(cookies, auth.clock.now())?;
    let signs_in = next.signs_in && current.get().is_none();
    let sign_in = || format!("{}&{LOGGED_OUT}=true", sign_in_location(next.page.as_str()));
    let location = if signs_in { sign_in() } else { next.page.to_string() };
    let location = HeaderValue::from_str(&location).ok()?;
    let mut response = (StatusCode::FOUND, [(LOCATION, location)]).into_response();
    SetCookies::from(vec![cleared]).append_to(response.headers_mut());
    Some(response)
}

/// A speculative request (`Sec-Purpose`, Fetch §3.6.1; `Purpose` is its older name).
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|purpose| purpose.contains("prefetch") || purpose.contains("prerender"))
}
