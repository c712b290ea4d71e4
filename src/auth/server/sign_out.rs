//! `POST /api/auth/signout` and `signout-everywhere`: the session ends here, then at Cognito; or all sessions of the person
//! do. The local part never depends on Cognito.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinHandle, time::timeout};

use super::{
    super::{HOME, SessionEvent},
    Auth, CurrentSession,
    answer::Answer,
    cognito::Cognito,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    sealed_session::SealedSession,
    secret::Secret,
    token_source::TokenSource,
};

/// How long a person waits for Cognito while signing out. The revocation itself goes on.
const COGNITO_TIMEOUT: Duration = Duration::from_secs(3);
/// Waits between the attempts to tell Cognito.
const RETRIES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(20), Duration::from_secs(120)];

/// Clears every cookie of this folder, revokes the refresh token, and leaves for Cognito's `/logout`, which ends the
/// hosted UI's own session and comes home. Without it one click would sign the person in again.
pub(super) async fn finish(auth: &Auth, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    if let Some(session) = current.get() {
        let ending = end(auth, session.sealed().clone(), SessionEvent::SignedOut);
        drop(timeout(COGNITO_TIMEOUT, ending).await);
    }
    leave(auth, cookies).await
}

/// As [`finish`] for all sessions of the person: this process refuses them from now on, and Cognito revokes every token
/// (`GlobalSignOut`), so that they end elsewhere when they are renewed.
pub(super) async fn finish_everywhere(auth: &Auth, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    if let Some(session) = current.get() {
        let newest = auth.lifecycle.newest(session.sealed().clone());
        auth.lifecycle.end_all(session.sealed(), SessionEvent::SignedOut);
        let ending = tokio::spawn(end_everywhere(auth.clone(), newest));
        drop(timeout(COGNITO_TIMEOUT, ending).await);
    }
    leave(auth, cookies).await
}

async fn leave(auth: &Auth, cookies: &PresentedCookies) -> Answer {
    let cleared = SetCookies::from(auth.session_cookie.clear(cookies)).and(auth.flow_cookie.clear_all(cookies));
    let home = auth.config.app_url.join(HOME);
    match timeout(COGNITO_TIMEOUT, auth.cognito.logout_url(&home)).await {
        Ok(Ok(url)) => Answer::signed_out(url, cleared),
        _ => {
            tracing::warn!("signed out here alone: Cognito's endpoints are not known");
            Answer::signed_out(HOME, cleared)
        }
    }
}

/// Ends a session here, so that nothing brings it back: not a copied cookie, not a refresh that is still under way. Then, in
/// a task of its own, at Cognito: a browser that goes away, or a Cognito that is away for a moment, leaves no token behind.
pub(super) fn end(auth: &Auth, session: SealedSession, why: SessionEvent) -> JoinHandle<()> {
    let newest = auth.lifecycle.newest(session.clone());
    auth.lifecycle.end(&session, why);
    let cognito = auth.cognito.clone();
    tokio::spawn(async move {
        let session = newest.await;
        let refresh_token = session.refresh_token.clone();
        tell(&cognito, &session.log_id(), Ending::OneSession { refresh_token }).await;
    })
}

/// All sessions first: revoking this one's refresh token takes its access token along, which is what Cognito is told with.
async fn end_everywhere(auth: Auth, newest: impl Future<Output = Arc<SealedSession>>) {
    let session = with_good_token(&auth, newest.await).await;
    let log_id = session.log_id();
    if auth.clock.now() < session.access_expires_at {
        let access_token = session.access_token.clone();
        tell(&auth.cognito, &log_id, Ending::AllSessions { access_token }).await;
    } else {
        tracing::error!(
            session = log_id,
            "signed out everywhere at this server alone: there is no token to tell Cognito with"
        );
    }
    tell(&auth.cognito, &log_id, Ending::OneSession { refresh_token: session.refresh_token.clone() }).await;
}

/// `GlobalSignOut` takes an access token that is still good: an expired one is renewed, once.
async fn with_good_token(auth: &Auth, session: Arc<SealedSession>) -> Arc<SealedSession> {
    let now = auth.clock.now();
    if now < session.access_expires_at {
        return session;
    }
    match auth.cognito.renew(&session).await {
        Ok(renewal) => Arc::new(session.renewed(renewal.tokens, renewal.claims, now)),
        Err(failure) => {
            tracing::warn!(session = session.log_id(), why = failure.why, "no new token for signing out everywhere");
            session
        }
    }
}

/// What Cognito has to end.
enum Ending {
    OneSession { refresh_token: Secret },
    AllSessions { access_token: Secret },
}

/// Tells Cognito, several times if need be.
async fn tell(cognito: &Cognito, log_id: &str, ending: Ending) {
    let (mut waits, what) = (RETRIES.into_iter(), ending.name());
    loop {
        let answer = match &ending {
            Ending::OneSession { refresh_token } => cognito.revoke(refresh_token).await,
            Ending::AllSessions { access_token } => cognito.global_sign_out(access_token).await,
        };
        match (answer, &ending, waits.next()) {
            // A verdict on a refresh token: there is nothing left to end. On an access token it says nothing of the others.
            (Ok(()), ..) | (Err(Cause::SignedOut), Ending::OneSession { .. }, _) => return,
            (Err(cause), _, Some(wait)) if !matches!(cause, Cause::SignedOut) => {
                tracing::warn!(session = log_id, what, %cause, "Cognito could not be told yet");
                tokio::time::sleep(wait).await;
            }
            (Err(cause), ..) => {
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
