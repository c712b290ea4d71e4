//! `GET /api/auth/signin`: one more sign-in begins.

use super::{
    Auth,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
    ended_sessions::Standing,
    error::Cause,
    flow_cookie::PendingSignIn,
    return_to::ReturnTo,
    secret::Secret,
};

/// Sends the browser to the hosted UI and remembers, in a cookie of this browser alone, what has to come back.
pub(super) async fn begin(auth: &Auth, return_to: ReturnTo, cookies: &PresentedCookies) -> Result<Answer, Cause> {
    if is_refused_here(auth, cookies) {
        let why = "this server cannot tell whether the session began before its user signed out everywhere";
        let error = Cause::unavailable(why).report("sign-in").1;
        return Ok(Answer::failed(&error, &return_to, auth.session_cookie.clear(cookies).into()));
    }
    let request = auth.cognito.begin_sign_in().await?;
    let pending = PendingSignIn {
        state: Secret::new(request.state),
        nonce: Secret::new(request.nonce),
        code_verifier: request.code_verifier,
        return_to,
        started_at: auth.clock.now(),
    };
    let set = auth.flow_cookie.store(&pending, cookies)?;
    Ok(Answer::found(request.url, SetCookies::from(set)))
}

/// Whether the browser has a session that another server began just now and that this one does not take: one more sign-in
/// could go round in circles between the two.
fn is_refused_here(auth: &Auth, cookies: &PresentedCookies) -> bool {
    auth.session_cookie.open(cookies).is_some_and(|session| {
        auth.lifecycle.check(&session).is_ok()
            && matches!(auth.lifecycle.standing(&session), Standing::InDoubt { .. })
            && !auth.signed_out_cookie.read(cookies).names(&session)
    })
}
