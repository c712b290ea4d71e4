//! `POST /api/auth/signout`: the session ends here, then at Cognito. The local part never depends on Cognito.

use std::time::Duration;

use super::{
    super::HOME,
    Auth, CurrentSession,
    answer::Answer,
    cookies::{PresentedCookies, SetCookies},
};

/// How long a person waits for Cognito while signing out.
const COGNITO_TIMEOUT: Duration = Duration::from_secs(3);

/// Clears every cookie of this folder, revokes the refresh token, and leaves for Cognito's `/logout`, which ends the
/// hosted UI's own session and comes home. Without it one click would sign the person in again.
pub(super) async fn finish(auth: &Auth, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    let cleared = SetCookies::from(auth.session_cookie.clear(cookies)).and(auth.flow_cookie.clear_all(cookies));
    if let Some(session) = current.get() {
        // From here on nothing brings this session back: not a copied cookie, not a refresh that is still under way.
        auth.end(session.sealed());
        revoke(auth, session.sealed()).await;
        tracing::info!(session = session.sealed().log_id(), "signed out");
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

async fn revoke(auth: &Auth, sealed: &super::sealed_session::SealedSession) {
    let log_id = sealed.log_id();
    match tokio::time::timeout(COGNITO_TIMEOUT, auth.cognito.revoke(&sealed.refresh_token)).await {
        Ok(Ok(())) => {}
        Ok(Err(cause)) => tracing::warn!(session = log_id, %cause, "the refresh token could not be revoked"),
        Err(_) => tracing::warn!(session = log_id, "the refresh token was not revoked in time"),
    }
}
