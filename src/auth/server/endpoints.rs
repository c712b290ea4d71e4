//! Behind the four server functions: takes the request apart, calls the flow, makes the response of its answer.

use http::request::Parts;
use leptos::prelude::{use_context, with_context};
use leptos_axum::ResponseOptions;
use url::form_urlencoded;

use super::{
    super::{AuthError, Session},
    Auth,
    answer::Answer,
    callback::{self, AuthorizationResponse},
    cookies::{PresentedCookies, SetCookies},
    current::{current_session, from_context, refuse},
    error::Cause,
    return_to::ReturnTo,
    sign_in, sign_out,
};

/// Answers `GET /api/auth/signin`.
pub(in super::super) async fn answer_sign_in(return_to: Option<String>) -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let return_to = ReturnTo::parse(return_to.as_deref());
    let answer = sign_in::begin(&auth, return_to.clone(), &cookies)
        .await
        .unwrap_or_else(|cause| Answer::failed(&cause.report("sign-in").1, &return_to, SetCookies::default()));
    answer.give(&response)
}

/// Answers `GET /api/auth/callback/cognito`.
pub(in super::super) async fn answer_callback(
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
) -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let iss = iss.or_else(|| is_given("iss").then(String::new));
    callback::finish(&auth, AuthorizationResponse { code, state, error, iss }, &cookies).await.give(&response)
}

/// Answers `GET /api/auth/session`.
pub(in super::super) async fn answer_session() -> Result<Option<Session>, AuthError> {
    Ok(current_session().await?.map(|session| session.session().clone()))
}

/// Answers `POST /api/auth/signout`.
pub(in super::super) async fn answer_sign_out() -> Result<(), AuthError> {
    let (auth, cookies, response) = request()?;
    let current = from_context().map_err(|cause| refuse(&cause, "sign-out"))?;
    sign_out::finish(&auth, &current, &cookies).await.give(&response)
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

fn request() -> Result<(Auth, PresentedCookies, ResponseOptions), AuthError> {
    let from_parts =
        |parts: &Parts| Some((parts.extensions.get::<Auth>()?.clone(), PresentedCookies::read(&parts.headers)));
    let parts = with_context::<Parts, _>(from_parts).flatten();
    let (auth, cookies) = parts.ok_or_else(|| refuse(&Cause::NotMounted, "call"))?;
    let response = use_context::<ResponseOptions>().ok_or_else(|| refuse(&Cause::NotMounted, "call"))?;
    Ok((auth, cookies, response))
}
