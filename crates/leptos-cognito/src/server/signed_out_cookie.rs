//! The cookie `signed-out`: which sessions this browser has signed out of lately, by a hash of their ids. Servers share no
//! memory, so a server that did not see the sign-out may answer an earlier request with a new session cookie that arrives
//! last; this cookie then says that the session is over, at every server. It also carries, once, what the next page
//! tells about the sign-out. Written by `sign_out`, and by `callback` for a session that a new one replaces; read by `guard`. It names no user and is not secret; who forges one
//! signs out their own browser.

use std::time::Duration;

use super::{
    super::SignOutOutcome,
    clock::UnixTime,
    cookies::{CookieKind, PresentedCookies},
    random::fingerprint,
    sealed_session::SealedSession,
};

const NAME: &str = "signed-out";
/// Sign-outs that are remembered; beyond it the oldest go.
const MAX_SESSIONS: usize = 4;
/// How long it lives at least, and beyond the life of an access token: a late answer may carry a new one, and once that
/// has ended Cognito is asked, which knows of the sign-out.
const MARGIN: Duration = Duration::from_secs(10 * 60);

/// How each outcome is written.
const MARKS: [(&str, SignOutOutcome); 3] = [
    ("here", SignOutOutcome::Here),
    ("everywhere", SignOutOutcome::Everywhere),
    ("only-here", SignOutOutcome::OnlyHere),
];

/// What the cookie says.
#[derive(Clone, Debug, Default)]
pub(super) struct SignedOut {
    sessions: Vec<String>,
    until: Option<UnixTime>,
    /// What has not been told yet.
    pub(super) outcome: Option<SignOutOutcome>,
}

impl SignedOut {
    /// Whether this browser has signed out of the session.
    pub(super) fn names(&self, session: &SealedSession) -> bool {
        !self.sessions.is_empty() && self.sessions.contains(&hash(session))
    }
}

/// Reads and writes the cookie.
#[derive(Debug)]
pub(super) struct SignedOutCookie {
    kind: CookieKind,
}

impl SignedOutCookie {
    pub(super) fn new(kind: CookieKind) -> Self {
        Self { kind }
    }

    /// `<outcome>.<until>.<hash>.<hash>…`. What is written differently says nothing.
    pub(super) fn read(&self, cookies: &PresentedCookies) -> SignedOut {
        let parse = |value: &str| {
            let mut parts = value.split('.');
            let mark = parts.next()?;
            let outcome = MARKS.into_iter().find(|(own, _)| *own == mark).map(|(_, outcome)| outcome);
            let until = UnixTime::from_secs(parts.next()?.parse().ok()?);
            Some(SignedOut {
                sessions: parts.take(MAX_SESSIONS).map(str::to_owned).collect(),
                until: Some(until),
                outcome,
            })
        };
        cookies.values(&self.kind.name(NAME)).find_map(parse).unwrap_or_default()
    }

    /// The `Set-Cookie` value that remembers one more, and what the next page has to tell of it.
    pub(super) fn add(
        &self,
        session: &SealedSession,
        outcome: Option<SignOutOutcome>,
        before: SignedOut,
        now: UnixTime,
    ) -> String {
        let life = session.access_expires_at.since(session.written_at);
        let until = now.plus(life).plus(MARGIN).max(before.until.unwrap_or(now));
        let mut sessions = vec![hash(session)];
        sessions.extend(before.sessions.into_iter().take(MAX_SESSIONS - 1));
        self.write(&SignedOut { sessions, until: Some(until), outcome }, now)
    }

    /// The `Set-Cookie` value after the outcome was told.
    pub(super) fn after_telling(&self, before: SignedOut, now: UnixTime) -> String {
        self.write(&SignedOut { outcome: None, ..before }, now)
    }

    fn write(&self, signed_out: &SignedOut, now: UnixTime) -> String {
        let until = signed_out.until.unwrap_or(now);
        let mark =
            MARKS.into_iter().find(|(_, outcome)| signed_out.outcome == Some(*outcome)).map_or("", |(mark, _)| mark);
        let value =
            format!("{mark}.{}.{}", until.since(UnixTime::from_secs(0)).as_secs(), signed_out.sessions.join("."));
        self.kind.set(self.kind.name(NAME), value, now, until)
    }
}

fn hash(session: &SealedSession) -> String {
    fingerprint::<12>(&session.session_id)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::COOKIE};

    use super::{
        super::{origin::AppUrl, sealed_session::tests::session},
        *,
    };

    fn named(id: &str) -> SealedSession {
        let mut session = session(3600);
        id.clone_into(&mut session.session_id);
        session
    }

    fn signed_out_cookie() -> SignedOutCookie {
        SignedOutCookie::new(CookieKind::of(&AppUrl::parse("https://app.example.com").unwrap()))
    }

    fn read(set: &str) -> SignedOut {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(set.split(';').next().unwrap()).unwrap());
        signed_out_cookie().read(&PresentedCookies::read(&headers))
    }

    #[test]
    fn b37_it_names_the_latest_sign_outs_and_outlives_any_late_token() {
        let (cookie, now) = (signed_out_cookie(), UnixTime::from_secs(10_000));
        let mut signed_out = SignedOut::default();
        let mut set = String::new();
        for id in ["1", "2", "3", "4", "5"] {
            set = cookie.add(&named(id), Some(SignOutOutcome::Here), signed_out, now);
            signed_out = read(&set);
        }
        assert!(
            set.starts_with("__Host-signed-out=") && set.contains("HttpOnly") && set.contains("Max-Age=4200"),
            "{set}"
        );
        assert!(["2", "3", "4", "5"].iter().all(|id| signed_out.names(&named(id))) && !signed_out.names(&named("1")));
        assert_eq!(signed_out.outcome, Some(SignOutOutcome::Here));
        let told = read(&cookie.after_telling(signed_out, now));
        assert!(told.outcome.is_none() && told.names(&named("5")));
    }

    #[test]
    fn what_is_not_understood_says_nothing() {
        for value in ["", "x", "here", "here.x.y", "here.-1.y", ".", "here.18446744073709551616.y"] {
            let signed_out = read(&format!("__Host-signed-out={value}"));
            assert!(signed_out.outcome.is_none() && !signed_out.names(&named("y")), "{value}");
        }
    }
}
