//! The session of the request that is running: for server functions, SSR and axum handlers alike. The guard put it
//! there; all see the same one.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header::RETRY_AFTER, request::Parts};
use leptos::{
    prelude::{use_context, with_context},
    server_fn::error::FromServerFnError,
};
use leptos_axum::ResponseOptions;

use super::{
    super::{AuthError, Session, SessionEvent, SignIn, TimelineEntry},
    Auth,
    access::Kind,
    error::Cause,
    sealed_session::SealedSession,
    secret::Secret,
    sign_out::end,
    visit::{Loaded, Write},
};

/// What the guard found: a session, or none. A request extension, and an axum extractor that never refuses.
#[derive(Clone, Debug)]
pub struct CurrentSession(Option<ServerSession>);

/// A session on the server: what pages may know, and calls upstream with the access token. As an axum extractor it
/// refuses with 401 where nobody is signed in.
#[derive(Clone)]
pub struct ServerSession {
    auth: Auth,
    sealed: Arc<SealedSession>,
    view: Arc<Session>,
    retry_after: Option<Duration>,
    /// What became of the cookie after the guard had let the request in.
    later: Arc<OnceLock<Write>>,
}

impl CurrentSession {
    pub(super) fn none() -> Self {
        Self(None)
    }

    pub(super) fn of(auth: &Auth, sealed: Arc<SealedSession>, retry_after: Option<Duration>) -> Self {
        let view = Arc::new(sealed.to_session(auth.clock.now(), auth.config.idle_limit, retry_after));
        Self(Some(ServerSession { auth: auth.clone(), sealed, view, retry_after, later: Arc::default() }))
    }

    /// What the handler's work did to the cookie, if anything.
    pub(super) fn later_write(&self) -> Option<Write> {
        self.0.as_ref().and_then(|session| session.later.get().cloned())
    }

    /// The session, if somebody is signed in.
    #[must_use]
    pub fn get(&self) -> Option<&ServerSession> {
        self.0.as_ref()
    }
}

impl ServerSession {
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
    /// how long until the server tries again.
    pub(super) fn access_token(&self) -> Result<&Secret, AuthError> {
        if self.auth.clock.now() < self.sealed.access_expires_at {
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
            let _ = self.later.set(write);
        }
        let Some(sealed) = session else { return Err(refuse(&Cause::SignedOut, "call")) };
        if sealed.generation == self.sealed.generation {
            let why = "the access token was refused and could not be renewed".to_owned();
            return Err(refuse(&Cause::Unavailable { why, retry_after }, "call"));
        }
        Ok(Self { sealed, retry_after, ..self.clone() })
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

    pub(super) fn auth(&self) -> &Auth {
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

/// The session, if somebody is signed in; for server functions and SSR. Never refuses for want of one.
///
/// # Errors
/// [`AuthErrorCode::Internal`](super::super::AuthErrorCode::Internal) where the router is not mounted with [`Auth::mount`]; the log says so.
pub async fn current_session() -> Result<Option<ServerSession>, AuthError> {
    Ok(from_context().map_err(|cause| refuse(&cause, "call"))?.0)
}

/// The session; the first line of a server function that needs somebody.
///
/// # Errors
/// [`AuthErrorCode::SignedOut`](super::super::AuthErrorCode::SignedOut), status 401; and as [`current_session`].
pub async fn require_session() -> Result<ServerSession, AuthError> {
    current_session().await?.ok_or_else(|| refuse(&Cause::SignedOut, "call"))
}

/// The session, if it is that person's: for a form that was rendered for them and may have outlived their session. What one
/// person typed is not sent in the name of the next who signs in in the same browser.
///
/// # Errors
/// As [`require_session`], also where somebody else is signed in by now.
pub async fn require_person(sub: &str) -> Result<ServerSession, AuthError> {
    let session = require_session().await?;
    if session.session().user.sub == sub { Ok(session) } else { Err(refuse(&Cause::SignedOut, "call")) }
}

/// The session of somebody in that Cognito group.
///
/// # Errors
/// [`AuthErrorCode::NotAllowed`](super::super::AuthErrorCode::NotAllowed), status 403; and as [`require_session`].
pub async fn require_group(group: &str) -> Result<ServerSession, AuthError> {
    let session = require_session().await?;
    if session.session().user.is_in_group(group) { Ok(session) } else { Err(refuse(&Cause::NotAllowed, "call")) }
}

pub(super) fn from_context() -> Result<CurrentSession, Cause> {
    with_context::<Parts, _>(|parts| parts.extensions.get().cloned()).flatten().ok_or(Cause::NotMounted)
}

/// Reports the cause and sets the status of the server function that is running, if one is.
pub(super) fn refuse(cause: &Cause, during: &'static str) -> AuthError {
    let (status, error) = cause.report(during);
    // While a page renders, a server function's refusal is a part of the page and not its status.
    let renders_page = with_context::<Parts, _>(|parts| parts.extensions.get() == Some(&Kind::Page)).unwrap_or(false);
    if renders_page {
        return error;
    }
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
        if error.retry_after_secs > 0 {
            response.insert_header(RETRY_AFTER, HeaderValue::from(error.retry_after_secs));
        }
    }
    error
}

/// Reports the cause and answers as a server function would.
pub(super) fn typed_error(cause: &Cause, during: &'static str) -> Response {
    let (status, error) = cause.report(during);
    let json = [(http::header::CONTENT_TYPE, "application/json")];
    (status, json, error.ser()).into_response()
}

impl<S: Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get().cloned().ok_or_else(|| rejection(&Cause::NotMounted))
    }
}

impl<S: Sync> FromRequestParts<S> for ServerSession {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let current = CurrentSession::from_request_parts(parts, state).await?;
        current.0.ok_or_else(|| rejection(&Cause::SignedOut))
    }
}

fn rejection(cause: &Cause) -> Response {
    typed_error(cause, "extractor")
}
