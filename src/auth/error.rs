//! The few codes that cross the wire. What went wrong in detail stays in the server's log.

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// Why a request was refused, in the only words a browser gets.
///
/// The list is closed: a page can have a sentence for each code, and nothing of a cause leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AuthError {
    /// Nobody is signed in, and this needs somebody.
    #[error("Please sign in to go on.")]
    SignedOut,
    /// Signed in, but not in the group that this needs.
    #[error("Your account is not allowed to do this.")]
    NotAllowed,
    /// The person declined, or Cognito refused them (`access_denied`).
    #[error("The sign-in was declined.")]
    AccessDenied,
    /// The answer from Cognito belongs to no sign-in that this browser has under way: too old, used, or not its own.
    #[error("This sign-in is no longer valid. It may have taken too long, or was already used.")]
    SignInExpired,
    /// Cognito's answer did not pass a check.
    #[error("The sign-in could not be completed.")]
    SignInFailed,
    /// Cognito could not be reached, or is overloaded. Worth another try.
    #[error("The sign-in service cannot be reached right now. Please try again in a moment.")]
    ProviderUnavailable {
        /// How long the server leaves Cognito alone before it tries again, in seconds; 0 where it tries at the next call.
        #[serde(default)]
        retry_after_secs: u64,
    },
    /// The app and the user pool do not fit each other; the log says what to mend.
    #[error("Sign-in is not set up correctly. The people who run this site have to look at it.")]
    Configuration,
    /// The request was not understood.
    #[error("The request was not understood.")]
    InvalidRequest,
    /// The browser could not reach this app.
    #[error("The connection was interrupted. Please try again.")]
    Connection,
    /// Anything else.
    #[error("Something went wrong on our side.")]
    Internal,
}

impl AuthError {
    /// Every code, for pages and tests that have something for each.
    pub const ALL: [Self; 10] = [
        Self::SignedOut,
        Self::NotAllowed,
        Self::AccessDenied,
        Self::SignInExpired,
        Self::SignInFailed,
        Self::ProviderUnavailable { retry_after_secs: 0 },
        Self::Configuration,
        Self::InvalidRequest,
        Self::Connection,
        Self::Internal,
    ];

    /// The stable code, as it stands in URLs and JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotAllowed => "not_allowed",
            Self::AccessDenied => "access_denied",
            Self::SignInExpired => "sign_in_expired",
            Self::SignInFailed => "sign_in_failed",
            Self::ProviderUnavailable { .. } => "provider_unavailable",
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connection => "connection",
            Self::Internal => "internal",
        }
    }

    /// The error of a code; an unknown one is [`AuthError::Internal`], so that nothing foreign is ever shown.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|error| error.code() == code).unwrap_or(Self::Internal)
    }
}

impl FromServerFnError for AuthError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        match value {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Connection,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::InvalidRequest,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::AuthError;

    #[test]
    fn a_code_reads_back_as_its_error() {
        for error in AuthError::ALL {
            assert_eq!(AuthError::from_code(error.code()), error);
            let json = serde_json::to_string(&error).unwrap();
            assert!(json.contains(&format!("\"{}\"", error.code())), "{json}");
            assert_eq!(serde_json::from_str::<AuthError>(&json).unwrap(), error);
        }
        assert_eq!(AuthError::from_code("<script>"), AuthError::Internal);
    }
}
