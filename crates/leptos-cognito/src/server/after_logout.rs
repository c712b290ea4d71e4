//! The cookie `after-logout`: where the browser goes on once Cognito's `/logout` has sent it home. Cognito comes back to a
//! registered URL and nowhere else, and returns no `state` there. Written by `sign_out`, for a page of the app's choice, and
//! by `sign_in`, for a sign-in that asks for the password; read by `guard` at the home page, once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    clock::UnixTime,
    cookies::{CookieKind, PresentedCookies},
    error::Cause,
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

/// Reads and writes the cookie.
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
        let until = now.plus(LIFE);
        let sealed = self.sealer.seal(&AfterLogout { page, signs_in, until })?;
        Ok(self.kind.set(self.kind.name(NAME), sealed, now, until))
    }

    /// What it says, and the `Set-Cookie` value that takes it away.
    pub(super) fn take(&self, cookies: &PresentedCookies, now: UnixTime) -> Option<(AfterLogout, String)> {
        let name = self.kind.name(NAME);
        let next = cookies.values(&name).find_map(|value| self.sealer.open::<AfterLogout>(value))?;
        (now < next.until).then(|| (next, self.kind.clear(name)))
    }
}
