//! `POST /api/auth/signout`: the session ends here, then at Cognito. The local part never depends on Cognito.

use std::time::Duration;

use tokio::task::JoinHandle;

use super::{
    super::{HOME, SessionEvent},
    Auth, CurrentSession,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
    sealed_session::SealedSession,
};

/// How long a person waits for Cognito while signing out. The revocation itself goes on.
const COGNITO_TIMEOUT: Duration = Duration::from_secs(3);
/// Waits between the attempts to revoke a token.
const REVOKE_RETRIES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(20), Duration::from_secs(120)];

/// Clears every cookie of this folder, revokes the refresh token, and leaves for Cognito's `/logout`, which ends the
/// hosted UI's own session and comes home. Without it one click would sign the person in again.
pub(super) async fn finish(auth: &Auth, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    let cleared = SetCookies::from(auth.session_cookie.clear(cookies)).and(auth.flow_cookie.clear_all(cookies));
    if let Some(session) = current.get() {
        // From here on nothing brings this session back: not a copied cookie, not a refresh that is still under way.
        auth.lifecycle.end(session.sealed(), SessionEvent::SignedOut);
        let revocation = revoke(auth, session.sealed().clone());
        drop(tokio::time::timeout(COGNITO_TIMEOUT, revocation).await);
    }
    let home = auth.config.app_url.join(HOME);
    let logout_url = tokio::time::timeout(COGNITO_TIMEOUT, auth.cognito.logout_url(&home)).await;
    match logout_url {
        Ok(Ok(url)) => Answer::signed_out(url, cleared),
        _ => {
            tracing::warn!("signed out here alone: Cognito's endpoints are not known");
            Answer::signed_out(HOME, cleared)
        }
    }
}

/// Revokes the refresh token, in a task of its own: a browser that goes away, or a Cognito that is away for a moment,
/// leaves no token behind.
pub(super) fn revoke(auth: &Auth, session: SealedSession) -> JoinHandle<()> {
    let cognito = auth.cognito.clone();
    tokio::spawn(async move {
        let log_id = session.log_id();
        for wait in REVOKE_RETRIES {
            match cognito.revoke(&session.refresh_token).await {
                Ok(()) => return,
                Err(cause) => tracing::warn!(session = log_id, %cause, "the refresh token could not be revoked yet"),
            }
            tokio::time::sleep(wait).await;
        }
        if let Err(cause) = cognito.revoke(&session.refresh_token).await {
            tracing::error!(session = log_id, %cause, "the refresh token was not revoked");
        }
    })
}
