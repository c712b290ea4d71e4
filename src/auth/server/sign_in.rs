//! `GET /api/auth/signin`: one more sign-in begins.

use super::{
    Auth,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    flow_cookie::PendingSignIn,
    return_to::ReturnTo,
    secret::Secret,
};

/// Sends the browser to the hosted UI and remembers, in a cookie of this browser alone, what has to come back.
pub(super) async fn begin(auth: &Auth, return_to: ReturnTo, cookies: &PresentedCookies) -> Result<Answer, Cause> {
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
