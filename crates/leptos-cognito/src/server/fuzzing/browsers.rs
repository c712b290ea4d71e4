//! Browsers that have been here before, by the cookies they bring.

use std::time::Duration;

use serde_json::json;

use super::{super::Auth, PresentedCookies, RIGS, SealedSession, pending};

/// A `Cookie` header of a browser that began the sign-in with this state just now.
pub fn begun_sign_in(auth: &Auth, state: &str) -> String {
    let pending = pending(state, auth.0.clock.now());
    let values = auth.0.flow_cookie.store(&pending, &PresentedCookies::default()).unwrap();
    values[0].split(';').next().unwrap_or_default().to_owned()
}

/// A `Cookie` header of a browser in which somebody is signed in, in the group `admin`; of an app on http with [`SECRET`].
pub fn signed_in(auth: &Auth) -> String {
    let now = auth.0.clock.now();
    let later = |secs| now.plus(Duration::from_secs(secs));
    let claims = json!({
        "ver": 1, "iss": auth.0.config.cognito.issuer, "sub": "sub", "username": "username", "groups": ["admin"],
        "sid": "sid", "iat": now, "exp": later(86_400), "gen": 0, "upd": now, "seen": now, "at": "access",
        "ate": later(3600), "rt": "refresh",
    });
    let session: SealedSession = serde_json::from_value(claims).unwrap();
    let values = RIGS[0].session.store(&session, &PresentedCookies::default(), now).unwrap();
    values[0].split(';').next().unwrap_or_default().to_owned()
}
