//! The few codes that cross the wire. What went wrong in detail stays in the server's log.

use leptos::{
    prelude::ServerFnError,
    serde_json,
    server_fn::{
        codec::JsonEncoding,
        error::{FromServerFnError, ServerFnErrorErr},
    },
};
use serde::{Deserialize, Serialize};

use super::side::UNREADABLE;

/// Why a request was refused, in the only words a browser gets. As JSON:
/// `{"code":"signed_out","reference":"oY1R_LqM"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}")]
pub struct AuthError {
    /// What kind of failure it is.
    pub code: AuthErrorCode,
    /// With [`AuthErrorCode::ProviderUnavailable`]: how long the server leaves Cognito alone before it tries again, in
    /// seconds; 0 where it tries at the next call, and with every other code.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub retry_after_secs: u64,
    /// The correlation id: the server's log has a line with this `reference` (B46). None where the failure happened in
    /// the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

impl From<AuthErrorCode> for AuthError {
    fn from(code: AuthErrorCode) -> Self {
        Self { code, retry_after_secs: 0, reference: None }
    }
}

impl AuthError {
    /// What the guard, or a `require_…` function, refused a server function with whose error type is Leptos' own
    /// [`ServerFnError`]; `None` for any other failure. Such a function keeps its signature, and `?` works in it.
    ///
    /// An error type of your own that is sent as JSON reads a refusal by itself with one more variant, the last:
    /// `#[serde(untagged)] Auth(AuthError)`.
    ///
    /// ```
    /// use leptos::prelude::ServerFnError;
    /// use leptos_cognito::{AuthError, AuthErrorCode};
    ///
    /// fn say(error: &ServerFnError) -> String {
    ///     match AuthError::of(error) {
    ///         Some(AuthError { code: AuthErrorCode::SignedOut, .. }) => "Please sign in.".to_owned(),
    ///         _ => error.to_string(),
    ///     }
    /// }
    /// # let refused = ServerFnError::from(AuthError::from(AuthErrorCode::SignedOut));
    /// # assert_eq!(say(&refused), "Please sign in.");
    /// ```
    #[must_use]
    pub fn of(error: &ServerFnError) -> Option<Self> {
        match error {
            // The guard's answer is JSON, which that type does not read: it quotes what it got.
            ServerFnError::Deserialization(told) => {
                let quoted = told.get(told.find('"')?..=told.rfind('"')?)?;
                let json: String = serde_json::from_str(quoted).ok()?;
                serde_json::from_str(&json).ok()
            }
            // From `?`, in the function itself: the code's sentence.
            ServerFnError::ServerError(sentence) => {
                AuthErrorCode::ALL.into_iter().find(|code| code.to_string() == *sentence).map(Self::from)
            }
            _ => None,
        }
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "what serde calls it with; where a pointer has 32 bits, nothing to say"
)]
fn is_zero(secs: &u64) -> bool {
    *secs == 0
}

/// The kinds of failure. The list is closed: a page can have a sentence for each, and nothing of a cause leaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AuthErrorCode {
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
    #[error("Your browser didn't bring back what this sign-in began with.")]
    SignInExpired,
    /// The page asked for has a longer address (2 KB) than can be come back to after a sign-in.
    #[error("The link you opened is too long to come back to after signing in.")]
    LinkTooLong,
    /// Cognito's answer did not pass a check.
    #[error("The sign-in could not be completed.")]
    SignInFailed,
    /// Cognito could not be reached, or is overloaded. Worth another try.
    #[error("The sign-in service cannot be reached right now. Please try again in a moment.")]
    ProviderUnavailable,
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

impl AuthErrorCode {
    /// Every code, for pages and tests that have something for each.
    pub const ALL: [Self; 11] = [
        Self::SignedOut,
        Self::NotAllowed,
        Self::AccessDenied,
        Self::SignInExpired,
        Self::LinkTooLong,
        Self::SignInFailed,
        Self::ProviderUnavailable,
        Self::Configuration,
        Self::InvalidRequest,
        Self::Connection,
        Self::Internal,
    ];

    /// The stable code, as it stands in JSON and in URLs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::NotAllowed => "not_allowed",
            Self::AccessDenied => "access_denied",
            Self::SignInExpired => "sign_in_expired",
            Self::LinkTooLong => "link_too_long",
            Self::SignInFailed => "sign_in_failed",
            Self::ProviderUnavailable => "provider_unavailable",
            Self::Configuration => "configuration",
            Self::InvalidRequest => "invalid_request",
            Self::Connection => "connection",
            Self::Internal => "internal",
        }
    }

    /// The code that is written so; an unknown one is [`Internal`](Self::Internal), so that nothing foreign is ever shown.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|code| code.as_str() == text).unwrap_or(Self::Internal)
    }
}

impl FromServerFnError for AuthError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
        Self::from(match value {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => AuthErrorCode::Connection,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => AuthErrorCode::InvalidRequest,
            ServerFnErrorErr::Deserialization(_) => UNREADABLE,
            _ => AuthErrorCode::Internal,
        })
    }
}

#[cfg(test)]
mod tests {
    use leptos::{
        prelude::ServerFnError,
        server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
    };
    use serde::{Deserialize, Serialize};

    use super::*;

    /// An app's own.
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum OrderError {
        SoldOut,
        #[serde(untagged)]
        Auth(AuthError),
    }

    impl FromServerFnError for OrderError {
        type Encoder = JsonEncoding;

        fn from_server_fn_error(value: ServerFnErrorErr) -> Self {
            Self::Auth(AuthError::from_server_fn_error(value))
        }
    }

    #[test]
    fn a_refusal_is_read_in_whichever_error_type_a_server_function_has() {
        for code in AuthErrorCode::ALL {
            let told = AuthError { retry_after_secs: 7, reference: Some("oY1R_LqM".to_owned()), ..code.into() };
            let sent = told.ser();
            assert_eq!(AuthError::de(sent.clone()), told);
            assert_eq!(AuthError::of(&ServerFnError::de(sent.clone())), Some(told.clone()));
            assert_eq!(OrderError::de(sent), OrderError::Auth(told));
            // From `?`, through the wire and back.
            let returned: ServerFnError = AuthError::from(code).into();
            assert_eq!(AuthError::of(&ServerFnError::de(returned.ser())), Some(code.into()));
        }
        assert_eq!(OrderError::de(OrderError::SoldOut.ser()), OrderError::SoldOut);
        for other in ["the database is away", "{}", "\"\"", "\"{}\"", "\u{e9}\"{\\\"code\\\":1}\""] {
            assert_eq!(AuthError::of(&ServerFnError::new(other)), None, "{other}");
            assert_eq!(AuthError::of(&ServerFnError::Deserialization(other.to_owned())), None, "{other}");
        }
    }

    #[test]
    fn a_code_reads_back_as_itself() {
        for code in AuthErrorCode::ALL {
            assert_eq!(AuthErrorCode::parse(code.as_str()), code);
            let error = AuthError { retry_after_secs: 7, reference: Some("oY1R_LqM".to_owned()), ..code.into() };
            let json = serde_json::to_string(&error).unwrap();
            assert!(json.contains(&format!("\"code\":\"{}\"", code.as_str())), "{json}");
            assert_eq!(serde_json::from_str::<AuthError>(&json).unwrap(), error);
        }
        assert_eq!(AuthErrorCode::parse("<script>"), AuthErrorCode::Internal);
        assert_eq!(serde_json::to_string(&AuthError::from(AuthErrorCode::Internal)).unwrap(), r#"{"code":"internal"}"#);
    }
}
