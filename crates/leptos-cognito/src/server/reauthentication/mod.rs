//! Limits mean something: after an idle or absolute limit, and after a session was ended by Cognito or from elsewhere, the
//! next sign-in asks for the password. Otherwise Cognito's own cookie, an hour long as a rule, would sign the user in again without one. `guard`
//! leaves a mark after a verdict; `sign_in` asks here what it has to do; `callback` and `sign_out` take the mark away.

pub(super) mod mark;
pub(super) mod setting;

pub(super) use self::mark::Step;
use self::setting::Reauthentication;
use super::{cookies::PresentedCookies, ended_sessions::Standing, sealed_session::Invalid, state::Shared};

/// What the sign-in that begins now has to do.
pub(super) fn next_step(auth: &Shared, cookies: &PresentedCookies) -> Step {
    let mark = auth.reauthenticate_cookie.read(cookies);
    // A limit, or an end from elsewhere: signed out everywhere, ended from a list, or by a verdict whose answer was lost.
    let has_ended = || {
        auth.session_cookie.open(cookies).is_some_and(|session| match auth.lifecycle.check(&session) {
            Err(Invalid::IdleLimit | Invalid::AbsoluteLimit) => true,
            Err(_) => false,
            Ok(()) => {
                let has_signed_out = auth.signed_out_cookie.read(cookies).names(&session);
                auth.lifecycle.standing(&session) == Standing::Ended && !has_signed_out
            }
        })
    };
    match (auth.config.reauthentication, mark) {
        (Reauthentication::Off, _) => Step::Nothing,
        (_, Some(Step::Prompt)) => Step::Prompt,
        (how, mark) if mark.is_some() || has_ended() => {
            if how == Reauthentication::Logout {
                Step::Logout
            } else {
                Step::Prompt
            }
        }
        _ => Step::Nothing,
    }
}
