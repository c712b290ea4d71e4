//! `GET /api/auth/callback/cognito`: Cognito's answer to a sign-in. Everything about the answer is checked before
//! anything leaves the server; then the code is exchanged, the ID token verified, and a session begins. An answer to no
//! sign-in of this browser's is no failure of its user's: they go on where they are signed in, and else start over.

use super::{
    super::SessionEvent,
    CurrentSession,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    flow_cookie::PendingSignIn,
    random::fingerprint,
    return_to::ReturnTo,
    sealed_session::{Owner, SealedSession},
    sign_in::{Begin, begin, is_in_a_loop},
    sign_out::end,
    state::Shared,
};

/// The query of the callback (RFC 6749 §4.1.2, RFC 9207 §2).
#[derive(Default)]
pub(super) struct AuthorizationResponse {
    pub(super) code: Option<String>,
    pub(super) state: Option<String>,
    pub(super) error: Option<String>,
    pub(super) iss: Option<String>,
}

/// A session, or the page that says why not; this sign-in is over either way.
pub(super) async fn finish(
    auth: &Shared,
    response: AuthorizationResponse,
    current: &CurrentSession,
    cookies: &PresentedCookies,
) -> Answer {
    let state = response.state.clone().unwrap_or_default();
    let pending = match take_pending(auth, &state, cookies) {
        Ok(pending) => pending,
        Err(cause) => return start_over(auth, &cause, &response, current, cookies).await,
    };
    let close = |has_room| SetCookies::from(auth.flow_cookie.close_one(&state, cookies, has_room, auth.clock.now()));
    let (asked_at, return_to) = (auth.clock.steady(), &pending.page.return_to);
    let session = match sign_in(auth, response, &pending).await {
        Ok(session) => session,
        Err(cause) => return failed(&cause, return_to, close(true)),
    };
    match replace(auth, &session, cookies) {
        Ok(stored) => {
            auth.lifecycle.begin(&session, asked_at);
            let has_room = !auth.session_cookie.is_large(&stored);
            Answer::found(return_to.as_str(), close(has_room).and(stored))
        }
        Err(cause) => failed(&cause, return_to, close(true)),
    }
}

/// The state is unknown, used or old: the login page was a bookmark, or stood open for too long, or its form was sent twice,
/// or the callback was opened again. No token request is made (B4). Whoever is signed in goes on to the page asked for; for
/// anybody else one fresh sign-in starts, which a user with a session at Cognito does not notice.
async fn start_over(
    auth: &Shared,
    cause: &Cause,
    response: &AuthorizationResponse,
    current: &CurrentSession,
    cookies: &PresentedCookies,
) -> Answer {
    let (state, now) = (response.state.as_deref().unwrap_or_default(), auth.clock.now());
    let page = auth.flow_cookie.page_asked_for(state, cookies, now);
    if current.get().is_some() {
        tracing::info!(%cause, "a callback came to a browser that is signed in: on to the page asked for");
        return Answer::found(page.as_str(), SetCookies::default());
    }
    if response.error.as_deref() == Some("access_denied") {
        return failed(&Cause::AccessDenied, &page, SetCookies::default());
    }
    if is_in_a_loop(state, now) {
        return failed(cause, &page, SetCookies::default());
    }
    tracing::info!(%cause, "a sign-in starts over");
    let fresh = begin(auth, page.clone(), cookies, Begin::ByItself).await;
    fresh.unwrap_or_else(|cause| failed(&cause, &page, SetCookies::default()))
}

/// The new session's cookie. The session it replaces ends: its copies are refused, and no late answer brings it back, by the
/// browser's own word not another server's either.
fn replace(auth: &Shared, session: &SealedSession, cookies: &PresentedCookies) -> Result<Vec<String>, Cause> {
    let (mut stored, now) = (auth.session_cookie.store(session, cookies, session.signed_in_at)?, session.signed_in_at);
    stored.extend(auth.reauthenticate_cookie.clear(cookies));
    stored.extend(auth.after_logout_cookie.clear_all(cookies));
    let before = auth.signed_out_cookie.read(cookies);
    // Another client's session is not this app's to end, and its tokens are not to be sent anywhere.
    let is_own = |old: &SealedSession| auth.lifecycle.check_owner(old).is_ok() && !auth.lifecycle.has_ended(old);
    if let Some(old) = auth.session_cookie.open(cookies).filter(is_own) {
        stored.push(auth.signed_out_cookie.add(&old, None, before, now));
        drop(end(auth, old, SessionEvent::Replaced));
    } else if before.outcome.is_some() {
        // Nobody is to be told later that they signed out.
        stored.push(auth.signed_out_cookie.after_telling(before, now));
    }
    Ok(stored)
}

/// The sign-in that the state belongs to. It is this browser's, in time, and never seen before (B4).
fn take_pending(auth: &Shared, state: &str, cookies: &PresentedCookies) -> Result<PendingSignIn, Cause> {
    if state.is_empty() {
        return Err(Cause::State("it is missing"));
    }
    let pending = auth.flow_cookie.open(state, cookies, auth.clock.now())?;
    // `or_insert` would be a get and then an insert, and both of two callers could be the first.
    let is_first = auth.used_states.entry(fingerprint::<16>(state)).or_insert_with(|| ()).is_fresh();
    if is_first { Ok(pending) } else { Err(Cause::State("it was used before")) }
}

async fn sign_in(
    auth: &Shared,
    response: AuthorizationResponse,
    pending: &PendingSignIn,
) -> Result<SealedSession, Cause> {
    if response.iss.is_some_and(|iss| iss != auth.cognito.issuer()) {
        return Err(Cause::AuthorizationError("iss is another issuer's".to_owned()));
    }
    if let Some(error) = response.error {
        return Err(authorization_error(&error));
    }
    let code = response.code.ok_or_else(|| Cause::AuthorizationError("no code".to_owned()))?;
    let tokens = auth.cognito.exchange_code(code, &pending.code_verifier).await?;
    let id_token = tokens.id_token.as_ref().ok_or(Cause::IdToken("there is none: is openid among COGNITO_SCOPES?"))?;
    let nonce = Some(pending.nonce.expose());
    let claims = auth.cognito.verified_claims(id_token, &tokens.access_token, nonce).await?;
    let owner = Owner { issuer: auth.cognito.issuer(), client_id: &auth.config.cognito.client_id };
    SealedSession::begin(owner, claims, tokens, auth.clock.now(), auth.config.absolute_limit)
}

/// RFC 6749 §4.1.2.1. Only known words reach the log: the parameter is anybody's to write.
fn authorization_error(error: &str) -> Cause {
    match error {
        "access_denied" => Cause::AccessDenied,
        "server_error" | "temporarily_unavailable" => Cause::unavailable(format!("it answered {error}")),
        "invalid_scope" | "unauthorized_client" | "unsupported_response_type" => {
            Cause::Configuration(format!("Cognito answered {error}: check COGNITO_SCOPES and the app client"))
        }
        "invalid_request" | "login_required" => Cause::AuthorizationError(error.to_owned()),
        _ => Cause::AuthorizationError("an unknown one".to_owned()),
    }
}

fn failed(cause: &Cause, return_to: &ReturnTo, cookies: SetCookies) -> Answer {
    Answer::failed(&cause.report("sign-in").1, return_to, cookies)
}
