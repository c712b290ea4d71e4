//! The cookie `reauthenticate`: that the next sign-in asks for the password, and whether Cognito's cookie is cleared already.

use std::time::Duration;

use super::super::{
    clock::UnixTime,
    cookies::{CookieKind, PresentedCookies},
};

const NAME: &str = "reauthenticate";
/// Longer than Cognito's own cookie lives as a rule.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// What the mark says: Cognito's cookie is to be cleared first, or has been.
const LOGOUT: &str = "logout";
const PROMPT: &str = "prompt";

/// What comes before the next sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Step {
    Nothing,
    /// Cognito's `/logout`.
    Logout,
    /// `prompt=login`.
    Prompt,
}

/// Reads and writes the mark. Who removes it gets what a browser without a session gets.
#[derive(Debug)]
pub(in super::super) struct ReauthenticateCookie {
    kind: CookieKind,
}

impl ReauthenticateCookie {
    pub(in super::super) fn new(kind: CookieKind) -> Self {
        Self { kind }
    }

    pub(super) fn read(&self, cookies: &PresentedCookies) -> Option<Step> {
        // Of several, another program's among them, the one that cannot lead round in circles.
        let name = self.kind.name(NAME);
        let says = |mark: &str| cookies.values(&name).any(|value| value == mark);
        if says(PROMPT) { Some(Step::Prompt) } else { says(LOGOUT).then_some(Step::Logout) }
    }

    /// The `Set-Cookie` value after a verdict of Cognito's.
    pub(in super::super) fn demand(&self, now: UnixTime) -> String {
        self.set(LOGOUT, now)
    }

    /// The `Set-Cookie` value on the way to Cognito's `/logout`.
    pub(in super::super) fn note_logout(&self, now: UnixTime) -> String {
        self.set(PROMPT, now)
    }

    /// The `Set-Cookie` value that takes the mark away, if there is one.
    pub(in super::super) fn clear(&self, before: &PresentedCookies) -> Option<String> {
        let name = self.kind.name(NAME);
        before.has(&name).then(|| self.kind.clear(name))
    }

    fn set(&self, value: &str, now: UnixTime) -> String {
        self.kind.set(self.kind.name(NAME), value.to_owned(), now, now.plus(LIFE))
    }
}
