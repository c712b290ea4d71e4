//! What can go wrong, in detail, and the one place where it becomes a code for the browser and a line in the log.

use std::time::Duration;

use http::StatusCode;

use super::{
    super::{AuthError, AuthErrorCode},
    random::random_token,
};

/// Where nothing says when it is worth another try, in seconds.
const MIN_RETRY_SECS: u64 = 5;

/// A cause. It is logged once, by [`Cause::report`]; none of its texts holds a token, a code or an e-mail address.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Cause {
    /// No session came with the request.
    #[error("nobody is signed in")]
    SignedOut,
    /// The session lacks the group.
    #[error("the user is not in the group")]
    NotAllowed,
    /// Cognito answered `access_denied`.
    #[error("Cognito answered access_denied")]
    AccessDenied,
    /// The callback's `state` is none that this browser has under way.
    #[error("the answer's state was refused: {0}")]
    State(&'static str),
    /// The page asked for has a longer address than a sign-in keeps.
    #[error("the address of the page asked for is too long to come back to")]
    LinkTooLong,
    /// Cognito's answer to the browser was an error other than those with a cause of their own.
    #[error("Cognito answered the sign-in with the error {0:?}")]
    AuthorizationError(String),
    /// The code was refused (RFC 6749 §5.2 `invalid_grant`).
    #[error("Cognito refused the code: {0}")]
    CodeRefused(String),
    /// A token did not pass a check.
    #[error("the ID token was refused: {0}")]
    IdToken(&'static str),
    /// The ID token lacks a claim, or has it of an unexpected type.
    #[error("the ID token was refused: its claim {0} is missing or has an unexpected type")]
    Claim(&'static str),
    /// The ID token is signed with a key that the issuer does not publish, or not yet here.
    #[error("the ID token's key is not one of the issuer's")]
    UnknownKey,
    /// The session does not fit into the cookie budget.
    #[error("the session needs {0} bytes of cookies, more than the budget; ask for fewer scopes or groups")]
    SessionTooLarge(usize),
    /// No answer from Cognito, or one that says "later".
    #[error("Cognito cannot be reached: {why}")]
    Unavailable {
        /// What happened.
        why: String,
        /// How long until it is worth another try, where that is known.
        retry_after: Option<Duration>,
    },
    /// The user's groups are too old to be relied on: Cognito could not be asked for newer ones.
    #[error("the user's groups were not confirmed for too long, as the session could not be renewed")]
    StaleClaims {
        /// How long until it is worth another try, where that is known.
        retry_after: Option<Duration>,
    },
    /// Signing out everywhere needs a scope that this app does not ask for.
    #[error("COGNITO_SCOPES lacks aws.cognito.signin.user.admin, which signing out everywhere needs")]
    NoGlobalSignOut,
    /// The app and the user pool do not fit each other.
    #[error("configuration: {0}")]
    Configuration(String),
    /// The cryptographic library refused.
    #[error("cryptography: {0}")]
    Cryptography(&'static str),
    /// The request was sent by a page of another site.
    #[error("it comes from another site")]
    CrossSite,
    /// A call with the user's token to where none may go; nothing was sent (B44).
    #[error("no token goes to {origin}: {why}")]
    UpstreamRefused {
        /// Scheme, host and port.
        origin: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A call with the user's token that brought no good answer.
    #[error("the call to {origin} brought nothing: {why}")]
    UpstreamFailed {
        /// Scheme, host and port.
        origin: String,
        /// What happened.
        why: String,
    },
    /// A server function ran without the guard around it.
    #[error("no session was loaded for this request: is the router mounted with Auth::mount?")]
    NotMounted,
}

/// What the cryptographic library says when the system gives no randomness.
impl From<aws_lc_rs::error::Unspecified> for Cause {
    fn from(_: aws_lc_rs::error::Unspecified) -> Self {
        Self::Cryptography("the system gave no randomness")
    }
}

impl Cause {
    pub(super) fn unavailable(why: impl Into<String>) -> Self {
        Self::Unavailable { why: why.into(), retry_after: None }
    }

    /// The code for the browser and the status for a server function.
    #[must_use]
    pub fn verdict(&self) -> (StatusCode, AuthErrorCode) {
        match self {
            Self::SignedOut => (StatusCode::UNAUTHORIZED, AuthErrorCode::SignedOut),
            Self::NotAllowed => (StatusCode::FORBIDDEN, AuthErrorCode::NotAllowed),
            Self::CrossSite => (StatusCode::FORBIDDEN, AuthErrorCode::InvalidRequest),
            Self::AccessDenied => (StatusCode::FORBIDDEN, AuthErrorCode::AccessDenied),
            Self::LinkTooLong => (StatusCode::URI_TOO_LONG, AuthErrorCode::LinkTooLong),
            Self::State(_) => (StatusCode::BAD_REQUEST, AuthErrorCode::SignInExpired),
            Self::AuthorizationError(_)
            | Self::CodeRefused(_)
            | Self::IdToken(_)
            | Self::Claim(_)
            | Self::UnknownKey => (StatusCode::BAD_REQUEST, AuthErrorCode::SignInFailed),
            Self::Unavailable { .. } | Self::StaleClaims { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, AuthErrorCode::ProviderUnavailable)
            }
            Self::NoGlobalSignOut => (StatusCode::FORBIDDEN, AuthErrorCode::NotAllowed),
            Self::Configuration(_) | Self::SessionTooLarge(_) | Self::UpstreamRefused { .. } => {
                (StatusCode::INTERNAL_SERVER_ERROR, AuthErrorCode::Configuration)
            }
            Self::UpstreamFailed { .. } => (StatusCode::BAD_GATEWAY, AuthErrorCode::Internal),
            Self::Cryptography(_) | Self::NotMounted => (StatusCode::INTERNAL_SERVER_ERROR, AuthErrorCode::Internal),
        }
    }

    /// Logs the cause, once, and gives the status and what the browser is told: a code, and the reference under which the
    /// line is found.
    pub(super) fn report(&self, during: &'static str) -> (StatusCode, AuthError) {
        let (status, code) = self.verdict();
        let reference = random_token::<6>().unwrap_or_default();
        let name = code.as_str();
        match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                tracing::error!(during, reference, code = name, cause = %self, "failed");
            }
            // Nothing went wrong: a session ended, and a page did not know it yet.
            StatusCode::UNAUTHORIZED => tracing::info!(during, reference, code = name, cause = %self, "refused"),
            _ => tracing::warn!(during, reference, code = name, cause = %self, "refused"),
        }
        let retry_after_secs = match self {
            Self::Unavailable { retry_after: Some(wait), .. } => wait.as_secs_f64().ceil() as u64,
            Self::StaleClaims { retry_after } => {
                (retry_after.unwrap_or_default().as_secs_f64().ceil() as u64).max(MIN_RETRY_SECS)
            }
            _ => 0,
        };
        (status, AuthError { code, retry_after_secs, reference: Some(reference) })
    }
}
