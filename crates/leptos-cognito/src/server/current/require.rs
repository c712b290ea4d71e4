//! How server functions, SSR and axum handlers come by the session of their request, and how they refuse.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue,
    header::{CONTENT_TYPE, RETRY_AFTER},
    request::Parts,
};
use leptos::{
    prelude::{use_context, with_context},
    server_fn::error::FromServerFnError,
};
use leptos_axum::ResponseOptions;

use super::{
    super::{super::AuthError, access::Kind, error::Cause},
    CurrentSession, ServerSession,
};

/// The session, if somebody is signed in; for server functions and SSR. Never refuses for want of one.
///
/// # Errors
/// [`AuthErrorCode::Internal`](super::super::super::AuthErrorCode::Internal) where the router is not mounted with [`Auth::mount`]; the log says so.
pub async fn current_session() -> Result<Option<ServerSession>, AuthError> {
    Ok(from_context().map_err(|cause| refuse(&cause, "call"))?.0)
}

/// The session; the first line of a server function that needs somebody.
///
/// # Errors
/// [`AuthErrorCode::SignedOut`](super::super::super::AuthErrorCode::SignedOut), status 401; and as [`current_session`].
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
/// As [`ServerSession::require_group`], with status 403 or 503; and as [`require_session`].
pub async fn require_group(group: &str) -> Result<ServerSession, AuthError> {
    let session = require_session().await?;
    session.require_group(group)?;
    Ok(session)
}

pub(in super::super) fn from_context() -> Result<CurrentSession, Cause> {
    let current = with_context::<Parts, _>(|parts| parts.extensions.get().cloned()).flatten();
    current.map(CurrentSession::latest).ok_or(Cause::NotMounted)
}

/// Reports the cause and sets the status of the server function that is running, if one is.
pub(in super::super) fn refuse(cause: &Cause, during: &'static str) -> AuthError {
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
pub(in super::super) fn typed_error(cause: &Cause, during: &'static str) -> Response {
    let (status, error) = cause.report(during);
    let json = [(CONTENT_TYPE, "application/json")];
    let mut response = (status, json, error.ser()).into_response();
    if error.retry_after_secs > 0 {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(error.retry_after_secs));
    }
    response
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
