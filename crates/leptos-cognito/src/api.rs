//! The five server functions, each one line into `server/`. Paths are NextAuth's, so that an existing app client's
//! callback URL keeps working. Browsers follow links and forms to all but `get_session`.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{AuthError, Session};

/// `GET /api/auth/signin`: sends the browser to Cognito's hosted UI (RFC 6749 §4.1.1, RFC 7636).
///
/// # Errors
/// None reach the caller: a failure is a redirect to the sign-in failed page.
#[server(prefix = "/api/auth", endpoint = "signin", input = GetUrl)]
pub async fn sign_in(return_to: Option<String>) -> Result<(), AuthError> {
    super::server::answer_sign_in(return_to).await
}

/// `GET /api/auth/callback/cognito`: Cognito's answer (RFC 6749 §4.1.2).
///
/// # Errors
/// None reach the caller: a failure is a redirect to the sign-in failed page.
#[server(prefix = "/api/auth", endpoint = "callback/cognito", input = GetUrl)]
pub async fn callback(
    code: Option<String>,
    state: Option<String>,
    error: Option<String>,
    iss: Option<String>,
) -> Result<(), AuthError> {
    super::server::answer_callback(code, state, error, iss).await
}

/// `GET /api/auth/session`: the session, or nothing. Renews the access token if that is due; starts no sign-in. With
/// `by_itself`, an open page asks and not a person: that does not count against the idle limit.
///
/// # Errors
/// [`AuthErrorCode::Connection`](super::AuthErrorCode::Connection) in a browser that cannot reach the server.
#[server(prefix = "/api/auth", endpoint = "session", input = GetUrl)]
pub async fn get_session(by_itself: Option<bool>) -> Result<Option<Session>, AuthError> {
    // The guard has read it already: it decides before this runs.
    let _ = by_itself;
    super::server::answer_session().await
}

/// `POST /api/auth/signout`: ends the session here and at Cognito, then goes to `return_to`, a path on this site, or home.
///
/// # Errors
/// [`AuthErrorCode::Internal`](super::AuthErrorCode::Internal) where the guard is not mounted.
#[server(prefix = "/api/auth", endpoint = "signout")]
pub async fn sign_out(return_to: Option<String>) -> Result<(), AuthError> {
    super::server::answer_sign_out(return_to).await
}

/// `POST /api/auth/signout-everywhere`: ends all sessions of this person, here and at Cognito (`GlobalSignOut`, which needs
/// the scope `aws.cognito.signin.user.admin`).
///
/// # Errors
/// As [`sign_out`].
#[server(prefix = "/api/auth", endpoint = "signout-everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AuthError> {
    super::server::answer_sign_out_everywhere().await
}
