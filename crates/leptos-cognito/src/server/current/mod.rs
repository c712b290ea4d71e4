//! The session of the request that is running: for server functions, SSR and axum handlers alike. The guard put it
//! there; all see the same one.

mod require;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

pub use self::require::{current_session, require_group, require_person, require_session};
pub(super) use self::require::{from_context, refuse, typed_error};
use super::{
    super::{AuthError, Session, SessionEvent, SignIn, TimelineEntry},
    error::Cause,
    sealed_session::{SealedSession, view::View},
    secret::Secret,
    sign_out::end,
    state::Shared,
    visit::{Loaded, Write},
};

/// What the guard found: a session, or none. A request extension, and an axum extractor that never refuses.
#[derive(Clone, Debug)]
pub struct CurrentSession(Option<ServerSession>);

/// A session on the server: what pages may know, and calls upstream with the access token. As an axum extractor it
/// refuses with 401 where nobody is signed in.
#[derive(Clone)]
pub struct ServerSession {
    auth: Shared,
    sealed: Arc<SealedSession>,
    view: Arc<Session>,
    retry_after: Option<Duration>,
    has_current_claims: bool,
    /// What became of it after the guard had let the request in.
    later: Arc<OnceLock<Later>>,
}

/// What a request's work did to its session.
#[derive(Clone)]
struct Later {
    write: Write,
    /// The renewed session; none where it has ended.
    session: Option<(Arc<SealedSession>, Option<Duration>)>,
}

impl CurrentSession {
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn of(auth: &Shared, sealed: Arc<SealedSession>, retry_after: Option<Duration>) -> Self {
        Self(Some(ServerSession::new(auth, sealed, retry_after, Arc::default())))
    }

    /// What the handler's work did to the cookie, if anything.
    pub(super) fn later_write(&self) -> Option<Write> {
        self.0.as_ref().and_then(|session| session.later.get().map(|later| later.write.clone()))
    }

    /// The session as it is now: the request's work may have renewed or ended it.
    fn latest(self) -> Self {
        let Some(session) = &self.0 else { return self };
        match session.later.get().cloned() {
            None => self,
            Some(Later { session: None, .. }) => Self::none(),
            Some(Later { session: Some((sealed, retry_after)), .. }) => {
                Self(Some(ServerSession::new(&session.auth, sealed, retry_after, session.later.clone())))
            }
        }
    }

    /// The session, if somebody is signed in.
    #[must_use]
    pub fn get(&self) -> Option<&ServerSession> {
        self.0.as_ref()
    }
}

impl ServerSession {
    fn new(
        auth: &Shared,
        sealed: Arc<SealedSession>,
        retry_after: Option<Duration>,
        later: Arc<OnceLock<Later>>,
    ) -> Self {
        let now = auth.clock.now();
        let has_current_claims = sealed.has_current_claims(auth.config.stale_claims_limit, now);
        let view = View {
            limits: auth.config.limits(),
            retry_after,
            has_current_claims,
            can_sign_out_everywhere: auth.can_sign_out_everywhere(),
        };
        let view = Arc::new(sealed.to_session(&view, now));
        Self { auth: auth.clone(), sealed, view, retry_after, has_current_claims, later }
    }

    /// What pages may know of it.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.view
    }

    /// The access token, for this folder alone: elsewhere [`upstream`](Self::upstream) sends it. The guard renewed it before this request if that was due; it is checked
    /// again here, because a long request may outlive it, and an expired token never leaves (B36).
    ///
    /// # Errors
    /// [`AuthErrorCode::ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable) while the token has expired and Cognito cannot be reached for a new one; it says
    /// how long until the server tries again. [`AuthErrorCode::Configuration`](super::super::AuthErrorCode::Configuration) for
    /// a user in so many groups that the token did not fit into cookies.
    pub(super) fn access_token(&self) -> Result<&Secret, AuthError> {
        if !self.sealed.has_access_token() {
            let why = "the access token did not fit into the session's cookies: the user is in too many groups";
            Err(refuse(&Cause::Configuration(why.to_owned()), "call"))
        } else if self.auth.clock.now() < self.sealed.access_expires_at {
            Ok(&self.sealed.access_token)
        } else {
            let why = "the access token has expired and was not renewed".to_owned();
            Err(refuse(&Cause::Unavailable { why, retry_after: self.retry_after }, "call"))
        }
    }

    /// The user's attributes as Cognito has them now (`GetUser`), name and value. Needs the scope
    /// `aws.cognito.signin.user.admin`.
    ///
    /// # Errors
    /// [`AuthErrorCode::ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable) while the token has expired and Cognito cannot be reached for a new one, and what
    /// Cognito's answer stands for.
    pub async fn user_attributes(&self) -> Result<Vec<(String, String)>, AuthError> {
        match self.auth.cognito.user_attributes(self.access_token()?).await {
            Err(Cause::SignedOut) => {
                let renewed = self.renew_refused().await?;
                renewed.auth.cognito.user_attributes(renewed.access_token()?).await
            }
            answer => answer,
        }
        .map_err(|cause| refuse(&cause, "GetUser"))
    }

    /// The session with a new access token, after a call upstream was refused (401) though the token's end had not come: it
    /// was revoked, or the user disabled or deleted. The new tokens are in this answer's cookie where its headers are not
    /// sent yet, and else in the next one's. A token that is refused within a minute of such a renewal is not renewed again.
    ///
    /// # Errors
    /// [`AuthErrorCode::SignedOut`](super::super::AuthErrorCode::SignedOut) where Cognito has ended the session; as
    /// [`access_token`](Self::access_token) while it cannot be reached.
    pub async fn renew_refused(&self) -> Result<Self, AuthError> {
        let Loaded { session, retry_after, write } = self.auth.lifecycle.judge(self.sealed.clone()).await;
        // Nothing to write takes nothing away that the guard has to write.
        if !matches!(write, Write::Nothing) {
            let _ = self.later.set(Later { write, session: session.clone().map(|session| (session, retry_after)) });
        }
        let Some(sealed) = session else { return Err(refuse(&Cause::SignedOut, "call")) };
        if sealed.generation == self.sealed.generation {
            let why = "the access token was refused and could not be renewed".to_owned();
            return Err(refuse(&Cause::Unavailable { why, retry_after }, "call"));
        }
        Ok(Self::new(&self.auth, sealed, retry_after, self.later.clone()))
    }

    /// Requires the user to be in that Cognito group; for axum handlers. Server functions have [`require_group`].
    ///
    /// # Errors
    /// [`AuthErrorCode::NotAllowed`](super::super::AuthErrorCode::NotAllowed); and
    /// [`AuthErrorCode::ProviderUnavailable`](super::super::AuthErrorCode::ProviderUnavailable) if Cognito could not confirm
    /// the groups for so long (`SESSION_STALE_CLAIMS_SECS`) that they may not be relied on.
    pub fn require_group(&self, group: &str) -> Result<(), AuthError> {
        self.check_group(group).map_err(|cause| refuse(&cause, "call"))
    }

    /// What stands in the way of somebody who has to be in that group.
    pub(super) fn check_group(&self, group: &str) -> Result<(), Cause> {
        if !self.has_current_claims {
            Err(Cause::StaleClaims { retry_after: self.retry_after })
        } else if self.view.user.is_in_group(group) {
            Ok(())
        } else {
            Err(Cause::NotAllowed)
        }
    }

    /// What became of this session at this server so far, oldest first; bounded, and empty after a restart.
    #[must_use]
    pub fn timeline(&self) -> Vec<TimelineEntry> {
        self.auth.lifecycle.journal.timeline(&self.sealed)
    }

    /// Where this person is signed in: the sessions that this server has seen since it started, this one first. Bounded;
    /// another process of the app knows of others.
    #[must_use]
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.auth.lifecycle.list_sign_ins(&self.sealed)
    }

    /// Ends another of this person's [`sign_ins`](Self::sign_ins), by its `id`: this server refuses its cookie from now on. Cognito
    /// is told if this server has renewed that session, and so knows its refresh token. Another process, or this one after a
    /// restart, still takes the cookie. False where there is no such session, or it is this one.
    pub fn end_session(&self, id: &str) -> bool {
        let ended = self.auth.lifecycle.end_other(&self.sealed, id);
        if let Some(Some(newest)) = &ended {
            drop(end(&self.auth, SealedSession::clone(newest), SessionEvent::SignedOut));
        }
        ended.is_some()
    }

    pub(super) fn auth(&self) -> &Shared {
        &self.auth
    }

    pub(super) fn sealed(&self) -> &SealedSession {
        &self.sealed
    }
}

impl std::fmt::Debug for ServerSession {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "ServerSession({})", self.sealed.log_id())
    }
}
