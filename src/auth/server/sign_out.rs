//! `POST /api/auth/signout` and `signout-everywhere`: the session ends here, then at Cognito; or all sessions of the person
//! do. The local part never depends on Cognito.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::{
    super::{HOME, SessionEvent},
    Auth, CurrentSession,
    answer::Answer,
    cognito::Cognito,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    sealed_session::SealedSession,
    secret::Secret,
    visit::Visit,
};

/// How long a person waits for Cognito while signing out. The revocation itself goes on.
const COGNITO_TIMEOUT: Duration = Duration::from_secs(3);
/// Waits between the attempts to tell Cognito.
const RETRIES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(20), Duration::from_secs(120)];

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

/// As [`finish`] for all sessions of the person: those that this process has seen are refused from now on, and Cognito
/// revokes every token (`GlobalSignOut`), so that all others end when they are renewed.
pub(super) async fn finish_everywhere(auth: &Auth, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    if let Some(session) = current.get() {
        let session = session.sealed();
        match tokio::time::timeout(COGNITO_TIMEOUT, good_access_token(auth, session)).await {
            Ok(Some(token)) => {
                auth.lifecycle.end_all(session, SessionEvent::SignedOut);
                drop(tokio::time::timeout(COGNITO_TIMEOUT, end_all_at_cognito(auth, session, token)).await);
            }
            _ => {
                auth.lifecycle.end_all(session, SessionEvent::SignedOut);
                tracing::error!(
                    session = session.log_id(),
                    "signed out everywhere at this server alone: Cognito gave no access token to tell it with"
                );
            }
        }
    }
    finish(auth, current, cookies).await
}

/// `GlobalSignOut` takes an access token that is still good: a new one, where this one has expired.
async fn good_access_token(auth: &Auth, session: &SealedSession) -> Option<Secret> {
    let loaded = auth.lifecycle.load(session.clone(), Visit::Call).await.session?;
    (auth.clock.now() < loaded.access_expires_at).then(|| loaded.access_token.clone())
}

fn end_all_at_cognito(auth: &Auth, session: &SealedSession, access_token: Secret) -> JoinHandle<()> {
    tokio::spawn(tell(auth.cognito.clone(), session.log_id(), Ending::AllSessions { access_token }))
}

/// Revokes the refresh token, in a task of its own: a browser that goes away, or a Cognito that is away for a moment,
/// leaves no token behind.
pub(super) fn revoke(auth: &Auth, session: SealedSession) -> JoinHandle<()> {
    let log_id = session.log_id();
    tokio::spawn(tell(auth.cognito.clone(), log_id, Ending::OneSession { refresh_token: session.refresh_token }))
}

/// What Cognito has to end.
enum Ending {
    OneSession { refresh_token: Secret },
    AllSessions { access_token: Secret },
}

/// Tells Cognito, several times if need be.
async fn tell(cognito: Arc<Cognito>, log_id: String, ending: Ending) {
    let (mut waits, what) = (RETRIES.into_iter(), ending.name());
    loop {
        let answer = match &ending {
            Ending::OneSession { refresh_token } => cognito.revoke(refresh_token).await,
            Ending::AllSessions { access_token } => cognito.global_sign_out(access_token).await,
        };
        match (answer, waits.next()) {
            // A verdict: there is nothing left to end.
            (Ok(()) | Err(Cause::SignedOut), _) => return,
            (Err(cause), Some(wait)) => {
                tracing::warn!(session = log_id, what, %cause, "Cognito could not be told yet");
                tokio::time::sleep(wait).await;
            }
            (Err(cause), None) => {
                tracing::error!(session = log_id, what, %cause, "Cognito was not told");
                return;
            }
        }
    }
}

impl Ending {
    fn name(&self) -> &'static str {
        match self {
            Self::OneSession { .. } => "RevokeToken",
            Self::AllSessions { .. } => "GlobalSignOut",
        }
    }
}
