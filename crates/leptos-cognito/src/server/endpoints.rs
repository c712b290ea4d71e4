//! Behind the four server functions: takes the request apart, calls the flow, makes the response of its answer.

use http::{header::HOST, request::Parts};
use leptos::prelude::{use_context, with_context};
use leptos_axum::ResponseOptions;
use url::form_urlencoded;

use super::{
    super::{AuthError, SIGN_IN, Session},
    Auth,
    answer::Answer,
    callback::{self, AuthorizationResponse},
    cookies::{PresentedCookies, SetCookies},
    current::{current_session, from_context, refuse},
    error::Cause,
    return_to::{ReturnTo, TooLong},
    sign_in::{self, Begin},
    sign_out,
    state::Shared,
};

/// In the query of a sign-in that was sent on to `APP_URL`: not once more, a proxy may write another `Host` into everything.
const SENT_ON: &str = "sent_on";

/// In the query of a sign-in that begins after Cognito's `/logout`.
pub(super) const LOGGED_OUT: &str = "logged_out";

/// Answers `GET /api/auth/signin`.
pub(in super::super) async fn answer_sign_in(return_to: Option<String>) -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let failed = |cause: &Cause, return_to: &ReturnTo| {
        Answer::failed(&cause.report("sign-in").1, return_to, SetCookies::default())
    };
    let answer = match ReturnTo::check(return_to.as_deref()) {
        Err(TooLong) => failed(&Cause::LinkTooLong, &ReturnTo::home()),
        Ok(return_to) if is_at_another_host(&auth) => {
            Answer::found(own_sign_in(&auth, &return_to), SetCookies::default())
        }
        Ok(return_to) => sign_in::begin(&auth, return_to.clone(), &cookies, how_asked())
            .await
            .unwrap_or_else(|cause| failed(&cause, &return_to)),
    };
    answer.give(&response)
}

fn how_asked() -> Begin {
    if is_given(LOGGED_OUT) { Begin::AfterLogout } else { Begin::Asked }
}

/// Whether the browser is at another host than `APP_URL`, to which Cognito comes back: what is set here would not be there.
fn is_at_another_host(auth: &Shared) -> bool {
    let host = with_context::<Parts, _>(|parts| {
        let in_header = || parts.headers.get(HOST)?.to_str().ok();
        parts.uri.authority().map(http::uri::Authority::as_str).or_else(in_header).map(str::to_owned)
    });
    host.flatten().is_some_and(|host| !auth.config.app_url.is_at(&host)) && !is_given(SENT_ON)
}

fn own_sign_in(auth: &Shared, return_to: &ReturnTo) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", return_to.as_str())
        .append_pair(SENT_ON, "true")
        .finish();
    format!("{}?{query}", auth.config.app_url.join(SIGN_IN))
}

/// Answers `GET /api/auth/callback/cognito`.
pub(in super::super) async fn answer_callback(
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
) -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let current = from_context().map_err(|cause| refuse(&cause, "sign-in"))?;
    let iss = iss.or_else(|| is_given("iss").then(String::new));
    let answer = callback::finish(&auth, AuthorizationResponse { code, state, error, iss }, &current, &cookies).await;
    answer.give(&response)
}

/// Answers `GET /api/auth/session`.
pub(in super::super) async fn answer_session() -> Result<Option<Session>, AuthError> {
    Ok(current_session().await?.map(|session| session.session().clone()))
}

/// Answers `POST /api/auth/signout`.
pub(in super::super) async fn answer_sign_out(return_to: Option<String>) -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let current = from_context().map_err(|cause| refuse(&cause, "sign-out"))?;
    let return_to = ReturnTo::parse(return_to.as_deref());
    sign_out::finish(&auth, &current, return_to, &cookies).await.give(&response)
}

/// Answers `POST /api/auth/signout-everywhere`.
pub(in super::super) async fn answer_sign_out_everywhere() -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let current = from_context().map_err(|cause| refuse(&cause, "sign-out"))?;
    sign_out::finish_everywhere(&auth, &current, &cookies).await.give(&response)
}

/// Whether the query has the parameter, be it empty: as an argument an empty one is none, and an `iss` that is there has to
/// be the issuer's (RFC 9207 §2.4, B9).
fn is_given(name: &str) -> bool {
    let in_query = |parts: &Parts| {
        let query = parts.uri.query().unwrap_or_default();
        form_urlencoded::parse(query.as_bytes()).any(|(own, _)| own == name)
    };
    with_context::<Parts, _>(in_query).unwrap_or_default()
}

fn request() -> Result<(Shared, PresentedCookies, ResponseOptions), AuthError> {
    let from_parts =
        |parts: &Parts| Some((parts.extensions.get::<Auth>()?.0.clone(), PresentedCookies::read(&parts.headers)));
    let parts = with_context::<Parts, _>(from_parts).flatten();
    let (auth, cookies) = parts.ok_or_else(|| refuse(&Cause::NotMounted, "call"))?;
    let response = use_context::<ResponseOptions>().ok_or_else(|| refuse(&Cause::NotMounted, "call"))?;
    Ok((auth, cookies, response))
}
