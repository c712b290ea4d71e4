//! Limits mean something: after an idle or absolute limit, and after a session was ended by Cognito or from elsewhere, the
//! next sign-in asks for the password. Otherwise Cognito's own cookie, an hour long as a rule, would sign the user in again without one. `guard`
//! leaves a mark after a verdict; `sign_in` asks here what it has to do; `callback` and `sign_out` take the mark away.

use std::time::Duration;

use super::{
    clock::UnixTime,
    cookies::{CookieKind, PresentedCookies},
    ended_sessions::Standing,
    sealed_session::Invalid,
    state::Shared,
};

const NAME: &str = "reauthenticate";
/// Longer than Cognito's own cookie lives as a rule.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// What the mark says: Cognito's cookie is to be cleared first, or has been.
const LOGOUT: &str = "logout";
const PROMPT: &str = "prompt";

/// How a sign-in asks for the password after a limit or a verdict (`SESSION_REAUTHENTICATION`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reauthentication {
    /// By way of Cognito's `/logout`, which clears its cookie, and then with `prompt=login`. For managed login and for the
    /// classic hosted UI, which ignores `prompt`.
    #[default]
    Logout,
    /// With `prompt=login`: for managed login.
    Prompt,
    /// Not at all: who has a session at Cognito is signed in again without a password.
    Off,
}

impl Reauthentication {
    pub(super) fn parse(text: Option<&str>) -> Result<Self, String> {
        match text {
            None | Some("logout") => Ok(Self::Logout),
            Some("prompt") => Ok(Self::Prompt),
            Some("off") => Ok(Self::Off),
            Some(_) => Err("SESSION_REAUTHENTICATION must be logout, prompt or off".to_owned()),
        }
    }
}

/// What comes before the next sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    /// Cognito's `/logout`.
    Logout,
    /// `prompt=login`.
    Prompt,
}

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

/// Reads and writes the mark. Who removes it gets what a browser without a session gets.
#[derive(Debug)]
pub(super) struct ReauthenticateCookie {
    kind: CookieKind,
}

impl ReauthenticateCookie {
    pub(super) fn new(kind: CookieKind) -> Self {
        Self { kind }
    }

    fn read(&self, cookies: &PresentedCookies) -> Option<Step> {
        // Of several, another program's among them, the one that cannot lead round in circles.
        let name = self.kind.name(NAME);
        let says = |mark: &str| cookies.values(&name).any(|value| value == mark);
        if says(PROMPT) { Some(Step::Prompt) } else { says(LOGOUT).then_some(Step::Logout) }
    }

    /// The `Set-Cookie` value after a verdict of Cognito's.
    pub(super) fn demand(&self, now: UnixTime) -> String {
        self.set(LOGOUT, now)
    }

    /// The `Set-Cookie` value on the way to Cognito's `/logout`.
    pub(super) fn note_logout(&self, now: UnixTime) -> String {
        self.set(PROMPT, now)
    }

    /// The `Set-Cookie` value that takes the mark away, if there is one.
    pub(super) fn clear(&self, before: &PresentedCookies) -> Option<String> {
        let name = self.kind.name(NAME);
        before.has(&name).then(|| self.kind.clear(name))
    }

    fn set(&self, value: &str, now: UnixTime) -> String {
        self.kind.set(self.kind.name(NAME), value.to_owned(), now, now.plus(LIFE))
    }
}
