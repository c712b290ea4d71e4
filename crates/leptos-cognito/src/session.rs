//! What a browser may know of a session. No token field exists here, so none can be serialised into a page.

use serde::{Deserialize, Serialize};

/// The signed-in person, from the verified claims of the ID token.
///
/// Identity is the issuer plus [`sub`](Self::sub), never the e-mail address
/// ([OpenID Connect Core §5.7](https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// The `sub` claim: stable for the life of the account.
    pub sub: String,
    /// The `cognito:username` claim: the pool's own name for the account.
    pub username: String,
    /// The `name` claim.
    pub name: Option<String>,
    /// The `email` claim: for showing, not for telling people apart.
    pub email: Option<String>,
    /// The `cognito:groups` claim. Empty while Cognito could not confirm the groups for longer than
    /// `SESSION_STALE_CLAIMS_SECS` after the access token's end.
    pub groups: Vec<String>,
}

impl User {
    /// The best name to show: name, else e-mail address, else username.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.name.as_deref().or(self.email.as_deref()).unwrap_or(&self.username)
    }

    /// Whether Cognito lists this person in the group.
    #[must_use]
    pub fn is_in_group(&self, group: &str) -> bool {
        self.groups.iter().any(|own| own == group)
    }
}

/// A session as pages and the browser see it. Instants are RFC 3339 in UTC, as the server's clock has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names the session, from the sign-in to its end: a hash of its id, which the server's log has, too.
    pub id: String,
    /// Who is signed in.
    pub user: User,
    /// When this person signed in.
    pub signed_in_at: String,
    /// Seconds that the access token was good for when it came: the measure of what is left of it.
    pub access_token_life_secs: u64,
    /// Seconds that the access token is still good for, counted when this answer was made; 0 when it has expired.
    pub access_token_expires_in_secs: u64,
    /// Seconds until the access token's own end makes a renewal due; 0 when it is. While Cognito is
    /// away, the time until it is asked again.
    pub refresh_due_in_secs: u64,
    /// How often the access token has been renewed since the sign-in.
    pub refresh_count: u32,
    /// When it was last renewed.
    pub refreshed_at: Option<String>,
    /// The absolute limit: the session ends then, whatever happens.
    pub ends_at: String,
    /// Seconds until the absolute limit, as the server counted them when it made this answer.
    pub ends_in_secs: u64,
    /// Seconds until the idle limit ends the session, unless the person is seen before. A page that asks by itself does
    /// not show them to be there.
    pub idle_ends_in_secs: u64,
    /// The idle limit, in seconds. After half of it, to be seen counts anew.
    pub idle_limit_secs: u64,
    /// The access token has expired and Cognito could not be reached for a new one: pages render, calls that need
    /// the token fail until it is back.
    pub degraded: bool,
    /// Whether all sessions of this person can be ended at once: that needs the scope `aws.cognito.signin.user.admin`.
    #[serde(default)]
    pub can_sign_out_everywhere: bool,
}

/// What became of a session at some request: the outcomes of the guard, and the reasons for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEvent {
    /// It began.
    SignedIn,
    /// The token was good and nothing was due.
    Fresh,
    /// Cognito gave new tokens.
    Refreshed,
    /// A request got the result of another's refresh.
    Shared,
    /// A refresh failed; the token is still good.
    Kept,
    /// A refresh failed, and the token has expired.
    Degraded,
    /// Cognito's verdict: revoked, expired, user disabled or deleted.
    EndedByCognito,
    /// A copy of the session with a used refresh token was refused; the newest goes on.
    Superseded,
    /// Signed out.
    SignedOut,
    /// Somebody signed in anew in the same browser.
    Replaced,
    /// Nobody used it for too long.
    IdleLimit,
    /// It reached its end.
    AbsoluteLimit,
    /// The app was configured for another user pool.
    OtherIssuer,
    /// The session is another app client's.
    OtherClient,
}

impl SessionEvent {
    /// The stable code, for logs and counters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::Fresh => "fresh",
            Self::Refreshed => "refreshed",
            Self::Shared => "shared",
            Self::Kept => "kept",
            Self::Degraded => "degraded",
            Self::EndedByCognito => "ended_by_cognito",
            Self::Superseded => "superseded",
            Self::SignedOut => "signed_out",
            Self::Replaced => "replaced",
            Self::IdleLimit => "idle_limit",
            Self::AbsoluteLimit => "absolute_limit",
            Self::OtherIssuer => "other_issuer",
            Self::OtherClient => "other_client",
        }
    }
}

/// How far a sign-out held, for the page that follows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignOutOutcome {
    /// One session was to end, and has ended.
    Here,
    /// All sessions of the user were to end, and have ended.
    Everywhere,
    /// All sessions of the user were to end, but Cognito could not be told: at other servers they live until their access
    /// tokens end, and what other apps have goes on.
    OnlyHere,
}

/// A line of a session's timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// When: RFC 3339 in UTC.
    pub at: String,
    /// What.
    pub event: SessionEvent,
}

/// A session of a person, for them to recognise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// Names it for `ServerSession::end_session`: a hash of the session's id, as [`Session::id`].
    pub id: String,
    /// When it began: RFC 3339 in UTC.
    pub signed_in_at: String,
    /// When a request last came with it: RFC 3339 in UTC.
    pub last_seen_at: String,
    /// The browser and the system, as far as the browser told: "Firefox on Linux".
    pub browser: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Where the browser stands. NextAuth's `loading`, `unauthenticated`, `authenticated`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Not known yet: show nothing private.
    Loading,
    /// Nobody is signed in.
    SignedOut,
    /// Somebody is.
    SignedIn,
    /// Somebody else is, than the person whose page this is. It shows nothing of theirs, and has to be loaded anew.
    SomeoneElse,
}

impl SessionStatus {
    /// The stable name, as it stands in a page.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::SignedOut => "signed_out",
            Self::SignedIn => "signed_in",
            Self::SomeoneElse => "someone_else",
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Session, User};

    /// A session just renewed, with an hour to go and a month to its end.
    pub(in super::super) fn session(sub: &str, id: &str) -> Session {
        Session {
            id: id.to_owned(),
            user: User { sub: sub.to_owned(), username: sub.to_owned(), name: None, email: None, groups: vec![] },
            signed_in_at: "2026-11-20T10:28:31Z".to_owned(),
            access_token_life_secs: 3600,
            access_token_expires_in_secs: 3600,
            refresh_due_in_secs: 3300,
            refresh_count: 0,
            refreshed_at: None,
            ends_at: "2026-12-20T10:28:31Z".to_owned(),
            ends_in_secs: 2_592_000,
            idle_ends_in_secs: 604_800,
            idle_limit_secs: 604_800,
            degraded: false,
            can_sign_out_everywhere: true,
        }
    }
}
