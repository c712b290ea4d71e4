//! `GET /api/auth/signin`: one more sign-in begins. `callback` begins one, too, for whoever's sign-in was too slow, sent
//! twice or unknown.

use std::time::Duration;

use tokio::time::timeout;

use super::{
    super::HOME,
    answer::Answer,
    clock::UnixTime,
    cookies::{PresentedCookies, SetCookies},
    ended_sessions::Standing,
    error::Cause,
    flow_cookie::{PageAskedFor, PendingSignIn},
    reauthentication::{Step, next_step},
    return_to::ReturnTo,
    secret::Secret,
    sign_out::COGNITO_TIMEOUT,
    state::Shared,
};

/// A sign-in that began by itself begins no other within this time: a browser that keeps no cookies would go round in circles.
const LOOP_TIME: Duration = Duration::from_secs(60);
/// Stands in the `state` between its random part and the time at which it began by itself. The callback reads it where no
/// cookie has come along.
const BEGAN_BY_ITSELF: char = '.';

/// Whether a user asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begin {
    Asked,
    ByItself,
    /// The browser comes from Cognito's `/logout`, and is not sent there again.
    AfterLogout,
}

/// Sends the browser to the hosted UI and remembers, in a cookie of this browser alone, what has to come back.
pub(super) async fn begin(
    auth: &Shared,
    return_to: ReturnTo,
    cookies: &PresentedCookies,
    begin: Begin,
) -> Result<Answer, Cause> {
    if is_refused_here(auth, cookies) {
        let why = "this server cannot tell whether the session began before its user signed out everywhere";
        let error = Cause::unavailable(why).report("sign-in").1;
        return Ok(Answer::failed(&error, &return_to, auth.session_cookie.clear(cookies).into()));
    }
    let (step, now) = (next_step(auth, cookies), auth.clock.now());
    if step == Step::Logout && begin != Begin::AfterLogout {
        return sign_out_of_cognito(auth, return_to, cookies, now).await;
    }
    let suffix = match begin {
        Begin::Asked | Begin::AfterLogout => String::new(),
        Begin::ByItself => format!("{BEGAN_BY_ITSELF}{}", now.since(UnixTime::from_secs(0)).as_secs()),
    };
    let request = auth.cognito.begin_sign_in(&suffix, step != Step::Nothing).await?;
    let pending = PendingSignIn {
        state: Secret::new(request.state),
        nonce: Secret::new(request.nonce),
        code_verifier: request.code_verifier,
        page: PageAskedFor { return_to, started_at: now },
    };
    let set = auth.flow_cookie.store(&pending, cookies)?;
    Ok(Answer::found(request.url, SetCookies::from(set)))
}

/// Whether the sign-in of this `state` began by itself so lately that another one would be a loop.
pub(super) fn is_in_a_loop(state: &str, now: UnixTime) -> bool {
    let began_at = state.rsplit_once(BEGAN_BY_ITSELF).and_then(|(_, secs)| secs.parse().ok());
    began_at.is_some_and(|secs| now.since(UnixTime::from_secs(secs)) < LOOP_TIME)
}

/// Clears Cognito's own cookie first, so that it asks for the password; `guard` goes on at the home page.
async fn sign_out_of_cognito(
    auth: &Shared,
    return_to: ReturnTo,
    cookies: &PresentedCookies,
    now: UnixTime,
) -> Result<Answer, Cause> {
    let logout = timeout(COGNITO_TIMEOUT, auth.cognito.logout_url(&auth.config.app_url.join(HOME))).await;
    let url = logout.map_err(|_| Cause::unavailable("its endpoints are not known"))??;
    let mut set =
        vec![auth.after_logout_cookie.store(return_to, true, now)?, auth.reauthenticate_cookie.note_logout(now)];
    // The page is in that cookie now; two of them may be more than a proxy takes.
    set.extend(auth.flow_cookie.clear_over(cookies));
    Ok(Answer::found(url, set.into()))
}

/// Whether the browser has a session that another server began just now and that this one does not take: one more sign-in
/// could go round in circles between the two.
fn is_refused_here(auth: &Shared, cookies: &PresentedCookies) -> bool {
    auth.session_cookie.open(cookies).is_some_and(|session| {
        auth.lifecycle.check(&session).is_ok()
            && matches!(auth.lifecycle.standing(&session), Standing::InDoubt { .. })
            && !auth.signed_out_cookie.read(cookies).names(&session)
    })
}
