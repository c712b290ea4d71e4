//! `SealedSession`: the claims inside the session cookie, tokens included. It never leaves the server unsealed; what
//! pages and browsers see of it is [`Session`].

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    super::{Session, User},
    clock::UnixTime,
    error::Cause,
    random::{fingerprint, random_token},
    refresh::token_due_at,
    secret::Secret,
    tokens::{IdClaims, TokenSet},
};

/// The version of the claims' layout that is written. An older known one is read; there is none yet.
const VERSION: u8 = 1;

/// The session as the cookie holds it. The ID token is not in it: its claims were checked once and copied.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SealedSession {
    #[serde(rename = "ver")]
    version: u8,
    #[serde(rename = "iss")]
    pub(super) issuer: String,
    pub(super) sub: String,
    /// The pool's real username, for `SECRET_HASH`.
    pub(super) username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<String>,
    #[serde(rename = "sid")]
    pub(super) session_id: String,
    #[serde(rename = "iat")]
    pub(super) signed_in_at: UnixTime,
    /// The absolute limit; a refresh never moves it.
    #[serde(rename = "exp")]
    pub(super) ends_at: UnixTime,
    /// How often the session has been renewed.
    #[serde(rename = "gen")]
    pub(super) generation: u32,
    /// When these tokens came: at the sign-in or the last refresh.
    #[serde(rename = "upd")]
    pub(super) written_at: UnixTime,
    /// When the person was last seen, as far as it was written down: the idle limit counts from it.
    #[serde(rename = "seen")]
    pub(super) seen_at: UnixTime,
    #[serde(rename = "at")]
    pub(super) access_token: Secret,
    #[serde(rename = "ate")]
    pub(super) access_expires_at: UnixTime,
    #[serde(rename = "rt")]
    pub(super) refresh_token: Secret,
}

/// Why a session that opened is not one any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Invalid {
    OtherIssuer,
    Version,
    AbsoluteLimit,
    IdleLimit,
}

impl SealedSession {
    /// A new session, with an id of its own (B25), for a verified ID token and the tokens that came with it.
    pub(super) fn begin(
        issuer: &str,
        claims: IdClaims,
        tokens: TokenSet,
        now: UnixTime,
        absolute_limit: Duration,
    ) -> Result<Self, Cause> {
        let refresh_token = tokens.refresh_token.ok_or_else(|| {
            Cause::Configuration(
                "Cognito sent no refresh token: is the app client's grant type \"authorization code\"?".into(),
            )
        })?;
        Ok(Self {
            version: VERSION,
            issuer: issuer.to_owned(),
            sub: claims.sub,
            username: claims.username,
            name: claims.name,
            email: claims.email,
            groups: claims.groups,
            session_id: random_token::<16>()?,
            signed_in_at: now,
            ends_at: now.plus(absolute_limit),
            generation: 0,
            written_at: now,
            seen_at: now,
            access_token: tokens.access_token,
            access_expires_at: tokens.access_expires_at,
            refresh_token,
        })
    }

    /// The session after a refresh. `claims` are the new ID token's, where one came: groups and attributes are re-read.
    pub(super) fn renewed(&self, tokens: TokenSet, claims: Option<IdClaims>, now: UnixTime) -> Self {
        let mut session = self.clone();
        if let Some(claims) = claims {
            (session.name, session.email, session.groups) = (claims.name, claims.email, claims.groups);
        }
        session.generation = session.generation.saturating_add(1);
        session.written_at = now;
        session.access_token = tokens.access_token;
        session.access_expires_at = tokens.access_expires_at;
        session.refresh_token = tokens.refresh_token.unwrap_or(session.refresh_token);
        session
    }

    /// The session of a person who was seen now.
    pub(super) fn seen(&self, now: UnixTime) -> Self {
        Self { seen_at: now, ..self.clone() }
    }

    /// Whether the session still holds: layout, issuer and both limits (B26, B27).
    pub(super) fn check(&self, issuer: &str, idle_limit: Duration, now: UnixTime) -> Result<(), Invalid> {
        if self.version != VERSION {
            Err(Invalid::Version)
        } else if self.issuer != issuer {
            Err(Invalid::OtherIssuer)
        } else if now >= self.ends_at {
            Err(Invalid::AbsoluteLimit)
        } else if now.since(self.seen_at) >= idle_limit {
            Err(Invalid::IdleLimit)
        } else {
            Ok(())
        }
    }

    /// What names the session in logs: a hash of its id (B46).
    pub(super) fn log_id(&self) -> String {
        fingerprint::<6>(&self.session_id)
    }

    /// What pages and browsers may know of it.
    /// `retry_after`: while Cognito is away, how long until it is asked again.
    pub(super) fn to_session(&self, now: UnixTime, idle_limit: Duration, retry_after: Option<Duration>) -> Session {
        let due_in = token_due_at(self).since(now);
        Session {
            id: self.log_id(),
            user: User {
                sub: self.sub.clone(),
                name: self.name.clone(),
                email: self.email.clone(),
                groups: self.groups.clone(),
            },
            signed_in_at: self.signed_in_at.to_rfc3339(),
            access_token_life_secs: self.access_expires_at.since(self.written_at).as_secs(),
            access_token_expires_in_secs: self.access_expires_at.since(now).as_secs(),
            refresh_due_in_secs: due_in.max(retry_after.unwrap_or_default()).as_secs(),
            refresh_count: self.generation,
            refreshed_at: (self.generation > 0).then(|| self.written_at.to_rfc3339()),
            ends_at: self.ends_at.to_rfc3339(),
            ends_in_secs: self.ends_at.since(now).as_secs(),
            idle_ends_in_secs: self.seen_at.plus(idle_limit).since(now).as_secs(),
            idle_limit_secs: idle_limit.as_secs(),
            degraded: now >= self.access_expires_at,
        }
    }
}

impl fmt::Debug for SealedSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealedSession({}, generation {})", self.log_id(), self.generation)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A session of a token that was got at 10 000 s and lives for `access_secs`.
    pub(in super::super) fn session(access_secs: u64) -> SealedSession {
        let now = UnixTime::from_secs(10_000);
        SealedSession {
            version: VERSION,
            issuer: "https://issuer.example/eu-central-1_AbC".to_owned(),
            sub: "sub".to_owned(),
            username: "username".to_owned(),
            name: Some("Demo".to_owned()),
            email: Some("demo@example.com".to_owned()),
            groups: vec!["admin".to_owned()],
            session_id: "sid".to_owned(),
            signed_in_at: now,
            ends_at: now.plus(Duration::from_secs(100_000)),
            generation: 0,
            written_at: now,
            seen_at: now,
            access_token: Secret::new("access-token-text"),
            access_expires_at: now.plus(Duration::from_secs(access_secs)),
            refresh_token: Secret::new("refresh-token-text"),
        }
    }

    #[test]
    fn b26_b27_limits_end_a_session() {
        let session = session(3600);
        let (issuer, idle) = (session.issuer.clone(), Duration::from_secs(50_000));
        for (at, outcome) in [
            (10_000, Ok(())),
            (59_999, Ok(())),
            (60_000, Err(Invalid::IdleLimit)),
            (110_000, Err(Invalid::AbsoluteLimit)),
        ] {
            assert_eq!(session.check(&issuer, idle, UnixTime::from_secs(at)), outcome, "at {at}");
        }
        assert_eq!(session.check("https://other", idle, session.signed_in_at), Err(Invalid::OtherIssuer));
    }

    #[test]
    fn b27_b33_a_refresh_keeps_the_refresh_token_unless_a_new_one_comes_and_never_moves_the_limit() {
        let (old, later) = (session(3600), UnixTime::from_secs(13_000));
        let tokens = |refresh_token: Option<&str>| TokenSet {
            access_token: Secret::new("new"),
            access_expires_at: later.plus(Duration::from_secs(3600)),
            id_token: None,
            refresh_token: refresh_token.map(Secret::new),
        };
        let kept = old.renewed(tokens(None), None, later);
        assert_eq!((kept.refresh_token.expose(), kept.generation), ("refresh-token-text", 1));
        assert_eq!((kept.ends_at, kept.session_id.as_str()), (old.ends_at, "sid"));
        assert_eq!(kept.renewed(tokens(Some("rotated")), None, later).refresh_token.expose(), "rotated");
    }

    #[test]
    fn b28_neither_debug_nor_the_browsers_view_shows_a_token() {
        let session = session(3600);
        let view =
            serde_json::to_string(&session.to_session(session.signed_in_at, Duration::from_secs(1), None)).unwrap();
        for text in [format!("{session:?}"), view] {
            assert!(!text.contains("token-text"), "{text}");
        }
        assert!(!format!("{session:?}").contains("demo@"), "nor the log an e-mail address");
    }
}
