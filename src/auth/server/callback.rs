//! `GET /api/auth/callback/cognito`: Cognito's answer to a sign-in. Everything about the answer is checked before
//! anything leaves the server; then the code is exchanged, the ID token verified, and a session begins.

use super::{
    super::SessionEvent,
    Auth,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    flow_cookie::PendingSignIn,
    random::fingerprint,
    return_to::ReturnTo,
    sealed_session::{Owner, SealedSession},
    sign_out::end,
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
pub(super) async fn finish(auth: &Auth, response: AuthorizationResponse, cookies: &PresentedCookies) -> Answer {
    let state = response.state.clone().unwrap_or_default();
    let cleared = SetCookies::from(auth.flow_cookie.clear_one(&state, cookies, auth.clock.now()));
    let pending = match take_pending(auth, &state, cookies) {
        Ok(pending) => pending,
        Err(cause) => return failed(&cause, &ReturnTo::parse(None), SetCookies::default()),
    };
    let asked_at = auth.clock.steady();
    match sign_in(auth, response, &pending).await {
        Ok(session) => match replace(auth, &session, cookies) {
            Ok(stored) => {
                auth.lifecycle.begin(&session, asked_at);
                Answer::found(pending.return_to.as_str(), cleared.and(stored))
            }
            Err(cause) => failed(&cause, &pending.return_to, cleared),
        },
        Err(cause) => failed(&cause, &pending.return_to, cleared),
    }
}

/// The new session's cookie. The session it replaces ends: its copies are refused, and no late answer brings it back, by the
/// browser's own word not another server's either.
fn replace(auth: &Auth, session: &SealedSession, cookies: &PresentedCookies) -> Result<Vec<String>, Cause> {
    let mut stored = auth.session_cookie.store(session, cookies, session.signed_in_at)?;
    // Another client's session is not this app's to end, and its tokens are not to be sent anywhere.
    let is_own = |old: &SealedSession| auth.lifecycle.check_owner(old).is_ok() && !auth.lifecycle.has_ended(old);
    if let Some(old) = auth.session_cookie.open(cookies).filter(is_own) {
        let before = auth.signed_out_cookie.read(cookies);
        stored.push(auth.signed_out_cookie.add(&old, None, before, session.signed_in_at));
        drop(end(auth, old, SessionEvent::Replaced));
    }
    Ok(stored)
}

/// The sign-in that the state belongs to. It is this browser's, in time, and never seen before (B4).
fn take_pending(auth: &Auth, state: &str, cookies: &PresentedCookies) -> Result<PendingSignIn, Cause> {
    if state.is_empty() {
        return Err(Cause::State("it is missing"));
    }
    let pending = auth.flow_cookie.open(state, cookies, auth.clock.now())?;
    // `or_insert` would be a get and then an insert, and both of two callers could be the first.
    let is_first = auth.used_states.entry(fingerprint::<16>(state)).or_insert_with(|| ()).is_fresh();
    if is_first { Ok(pending) } else { Err(Cause::State("it was used before")) }
}

async fn sign_in(
    auth: &Auth,
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
