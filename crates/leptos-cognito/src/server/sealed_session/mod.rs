//! `SealedSession`: the claims inside the session cookie, tokens included. It never leaves the server unsealed; what
//! pages and browsers see of it is [`Session`].

mod stored;
#[cfg(test)]
pub(super) mod tests;
pub(super) mod view;

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    clock::UnixTime,
    error::Cause,
    id_claims::IdClaims,
    random::{fingerprint, random_token},
    secret::Secret,
    token_source::RefreshGrant,
    tokens::{TokenSet, client_of},
};

/// The version of the claims' layout that is written. An older known one is read; there is none yet.
const VERSION: u8 = 1;
/// What lies further in the future than this was written before the clock was set back, in seconds.
const FUTURE_LEEWAY_SECS: u64 = 2 * 60;

/// The session as the cookie holds it. The ID token is not in it: its claims were checked once and copied.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct SealedSession {
    #[serde(rename = "ver")]
    version: u8,
    #[serde(rename = "iss")]
    pub(super) issuer: String,
    /// The app client that the tokens are for. Absent in cookies of before this claim was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<String>,
    pub(super) sub: String,
    /// The pool's real username, for `SECRET_HASH`.
    pub(super) username: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<String>,
    /// In a cookie: the groups are those of the access token, and stand nowhere else.
    #[serde(rename = "gat", default, skip_serializing_if = "std::ops::Not::not")]
    has_groups_in_token: bool,
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
    /// When the claims about the user were last confirmed by a verified ID token, where that was not at `upd`: a refresh
    /// whose ID token could not be verified keeps the old claims.
    #[serde(rename = "cla", default, skip_serializing_if = "Option::is_none")]
    pub(super) claims_at: Option<UnixTime>,
    /// When the person was last seen, as far as it was written down: the idle limit counts from it.
    #[serde(rename = "seen")]
    pub(super) seen_at: UnixTime,
    /// Empty where it did not fit into the cookie.
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
    OtherClient,
    Version,
    AbsoluteLimit,
    IdleLimit,
}

/// Whose sessions are this app's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Owner<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
}

/// How long a session may last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) idle: Duration,
    pub(super) absolute: Duration,
}

impl SealedSession {
    /// A new session, with an id of its own (B25), for a verified ID token and the tokens that came with it.
    pub(super) fn begin(
        owner: Owner<'_>,
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
            issuer: owner.issuer.to_owned(),
            client_id: Some(owner.client_id.to_owned()),
            sub: claims.sub,
            username: claims.username,
            name: claims.name,
            email: claims.email,
            groups: claims.groups,
            has_groups_in_token: false,
            session_id: random_token::<16>()?,
            signed_in_at: now,
            ends_at: now.plus(absolute_limit),
            generation: 0,
            written_at: now,
            claims_at: None,
            seen_at: now,
            access_token: tokens.access_token,
            access_expires_at: tokens.access_expires_at,
            refresh_token,
        })
    }

    /// The session after a refresh. `claims` are the new ID token's, where one came: groups and attributes are re-read.
    pub(super) fn renewed(&self, tokens: TokenSet, claims: Option<IdClaims>, now: UnixTime) -> Self {
        let mut session = self.clone();
        session.claims_at = Some(self.claims_at.unwrap_or(self.written_at));
        if let Some(claims) = claims {
            (session.name, session.email, session.groups) = (claims.name, claims.email, claims.groups);
            session.claims_at = None;
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

    /// Whether it is a session of this issuer's, for this client, in a layout that is known. If not, nothing may be done
    /// with it, ending it at Cognito included.
    pub(super) fn check_owner(&self, owner: Owner<'_>) -> Result<(), Invalid> {
        let is_own_client = || match &self.client_id {
            Some(client_id) => client_id == owner.client_id,
            None => client_of(&self.access_token).is_some_and(|client_id| client_id == owner.client_id),
        };
        if self.version != VERSION {
            Err(Invalid::Version)
        } else if self.issuer != owner.issuer {
            Err(Invalid::OtherIssuer)
        } else if !is_own_client() {
            Err(Invalid::OtherClient)
        } else {
            Ok(())
        }
    }

    /// What new tokens are asked for with.
    pub(super) fn refresh_grant(&self) -> RefreshGrant {
        RefreshGrant {
            refresh_token: self.refresh_token.clone(),
            username: self.username.clone(),
            subject: self.sub.clone(),
            log_id: self.log_id(),
            generation: self.generation,
        }
    }

    /// Whether the session is within both limits (B26, B27), as they are today.
    pub(super) fn check_limits(&self, limits: Limits, now: UnixTime) -> Result<(), Invalid> {
        if now >= self.end(limits) {
            Err(Invalid::AbsoluteLimit)
        } else if now.since(self.seen_at) >= limits.idle {
            Err(Invalid::IdleLimit)
        } else {
            Ok(())
        }
    }

    /// The absolute limit: the session's own, or today's where that is earlier. A limit that is lowered ends sessions that
    /// have begun; one that is raised prolongs none.
    pub(super) fn end(&self, limits: Limits) -> UnixTime {
        self.ends_at.min(self.signed_in_at.plus(limits.absolute))
    }

    /// Whether the groups may still be relied on: confirmed by Cognito within an access token's life and `allowance`.
    pub(super) fn has_current_claims(&self, allowance: Duration, now: UnixTime) -> bool {
        let (life, confirmed_at) =
            (self.access_expires_at.since(self.written_at), self.claims_at.unwrap_or(self.written_at));
        !is_from_the_future(confirmed_at, now) && now < confirmed_at.plus(life).plus(allowance)
    }

    /// Whether the wall clock was set back since the session was written: its token and claims would look younger than they
    /// are.
    pub(super) fn is_from_the_future(&self, now: UnixTime) -> bool {
        is_from_the_future(self.written_at, now)
    }

    /// What names the session in logs: a hash of its id (B46).
    pub(super) fn log_id(&self) -> String {
        fingerprint::<6>(&self.session_id)
    }
}

fn is_from_the_future(instant: UnixTime, now: UnixTime) -> bool {
    instant > now.plus(Duration::from_secs(FUTURE_LEEWAY_SECS))
}

impl fmt::Debug for SealedSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SealedSession({}, generation {})", self.log_id(), self.generation)
    }
}
