//! The cookies `after-logout.…`: where a browser goes on once Cognito's `/logout` has sent it home. Cognito comes back to a
//! registered URL and nowhere else, and returns no `state` there. One for each page, so that several tabs each get on.
//! Written by `sign_out`, for a page of the app's choice, and by `sign_in`, for a sign-in that asks for the password; read by
//! `guard` at the home page, each once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    clock::UnixTime,
    cookies::{CookieKind, MAX_TRIES, PresentedCookies},
    error::Cause,
    random::fingerprint,
    return_to::ReturnTo,
    seal::Sealer,
};

const NAME: &str = "after-logout";
/// From Cognito's `/logout` home is one redirect.
const LIFE: Duration = Duration::from_secs(2 * 60);

/// Where it goes on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AfterLogout {
    #[serde(rename = "ret")]
    pub(super) page: ReturnTo,
    /// Whether a sign-in comes first, whoever may see the page.
    #[serde(rename = "in")]
    pub(super) signs_in: bool,
    #[serde(rename = "exp")]
    until: UnixTime,
}

/// Reads and writes the cookies.
#[derive(Debug)]
pub(super) struct AfterLogoutCookie {
    kind: CookieKind,
    sealer: Sealer,
}

impl AfterLogoutCookie {
    pub(super) fn new(kind: CookieKind, sealer: Sealer) -> Self {
        Self { kind, sealer }
    }

    /// The `Set-Cookie` value.
    pub(super) fn store(&self, page: ReturnTo, signs_in: bool, now: UnixTime) -> Result<String, Cause> {
        let (until, name) = (now.plus(LIFE), format!("{}{}", self.prefix(), fingerprint::<6>(page.as_str())));
        let sealed = self.sealer.seal(&AfterLogout { page, signs_in, until })?;
        Ok(self.kind.set(name, sealed, now, until))
    }

    /// What the earliest says, and the `Set-Cookie` value that takes it away.
    pub(super) fn take(&self, cookies: &PresentedCookies, now: UnixTime) -> Option<(AfterLogout, String)> {
        let prefix = self.prefix();
        let ours = cookies.iter().filter(|(name, _)| name.starts_with(&prefix)).take(MAX_TRIES);
        let opened = ours.filter_map(|(name, value)| Some((self.sealer.open::<AfterLogout>(value)?, name)));
        let live = opened.filter(|(next, _)| now < next.until && next.until <= now.plus(LIFE));
        let (next, name) = live.min_by_key(|(next, _)| next.until)?;
        Some((next, self.kind.clear(name.to_owned())))
    }

    /// The `Set-Cookie` values that take all of them away.
    pub(super) fn clear_all(&self, cookies: &PresentedCookies) -> Vec<String> {
        let prefix = self.prefix();
        let names = cookies.iter().map(|(name, _)| name).filter(|name| name.starts_with(&prefix)).take(MAX_TRIES);
        names.map(|name| self.kind.clear(name.to_owned())).collect()
    }

    fn prefix(&self) -> String {
        format!("{}.", self.kind.name(NAME))
    }
}
