//! `POST /api/auth/signout` and `signout-everywhere`: the session ends here, then at Cognito; or all sessions of the person
//! do. The local part never depends on Cognito.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinHandle, time::timeout};

use super::{
    super::{HOME, SessionEvent, SignOutOutcome},
    CurrentSession,
    answer::Answer,
    cognito::Cognito,
    cookies::{PresentedCookies, SetCookies},
    error::Cause,
    return_to::ReturnTo,
    sealed_session::SealedSession,
    secret::Secret,
    state::Shared,
    token_source::TokenSource,
};

/// How long a person waits for Cognito while signing out. The revocation itself goes on.
pub(super) const COGNITO_TIMEOUT: Duration = Duration::from_secs(3);
/// Waits between the attempts to tell Cognito.
const RETRIES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(20), Duration::from_secs(120)];

/// Clears every cookie of this folder, revokes the refresh token, and leaves for Cognito's `/logout`, which ends the
/// hosted UI's own session and comes home. Without it one click would sign the person in again. From home the browser goes
/// on to `return_to`.
pub(super) async fn finish(
    auth: &Shared,
    current: &CurrentSession,
    return_to: ReturnTo,
    cookies: &PresentedCookies,
) -> Answer {
    if let Some(session) = current.get() {
        let ending = end(auth, session.sealed().clone(), SessionEvent::SignedOut);
        drop(timeout(COGNITO_TIMEOUT, ending).await);
    }
    let answer = leave(auth, current, SignOutOutcome::Here, cookies).await;
    if return_to.is_home() {
        return answer;
    }
    let now = auth.clock.now();
    match auth.after_logout_cookie.store(return_to, false, now) {
        // Whoever changes accounts is asked who they are, also where an identity provider would sign them in silently.
        Ok(next) => answer.and(next).and(auth.reauthenticate_cookie.note_logout(now)),
        Err(_) => answer,
    }
}

/// As [`finish`] for all sessions of the person: this process refuses them from now on, and Cognito revokes every token
/// (`GlobalSignOut`), so that they end elsewhere when they are renewed.
pub(super) async fn finish_everywhere(auth: &Shared, current: &CurrentSession, cookies: &PresentedCookies) -> Answer {
    let mut outcome = SignOutOutcome::Here;
    if let Some(session) = current.get() {
        let newest = auth.lifecycle.newest(session.sealed().clone());
        auth.lifecycle.end_all(session.sealed(), SessionEvent::SignedOut);
        let ending = tokio::spawn(end_everywhere(auth.clone(), newest));
        outcome = match timeout(COGNITO_TIMEOUT, ending).await {
            Ok(Ok(Told::Yes)) => SignOutOutcome::Everywhere,
            // Cognito may still hear of it; nothing is promised that is not known.
            _ => SignOutOutcome::OnlyHere,
        };
    }
    leave(auth, current, outcome, cookies).await
}

async fn leave(auth: &Shared, current: &CurrentSession, outcome: SignOutOutcome, cookies: &PresentedCookies) -> Answer {
    let cleared = SetCookies::from(auth.session_cookie.clear(cookies)).and(auth.flow_cookie.clear_all(cookies));
    let signed_out = current.get().map(|session| {
        let before = auth.signed_out_cookie.read(cookies);
        auth.signed_out_cookie.add(session.sealed(), Some(outcome), before, auth.clock.now())
    });
    let marks =
        auth.reauthenticate_cookie.clear(cookies).into_iter().chain(auth.after_logout_cookie.clear_all(cookies));
    let cookies = cleared.and(signed_out).and(marks);
    let home = auth.config.app_url.join(HOME);
    match timeout(COGNITO_TIMEOUT, auth.cognito.logout_url(&home)).await {
        Ok(Ok(url)) => Answer::signed_out(url, cookies),
        _ => {
            tracing::warn!("signed out of the app only: Cognito's endpoints are not known");
            Answer::signed_out(HOME, cookies)
        }
    }
}

/// Ends a session here, so that nothing brings it back: not a copied cookie, not a refresh that is still under way. Then, in
/// a task of its own, at Cognito: a browser that goes away, or a Cognito that is away for a moment, leaves no token behind.
pub(super) fn end(auth: &Shared, session: SealedSession, why: SessionEvent) -> JoinHandle<()> {
    let newest = auth.lifecycle.newest(session.clone());
    auth.lifecycle.end(&session, why);
    let auth = auth.clone();
    tokio::spawn(async move { revoke(&auth, &*newest.await).await })
}

/// All sessions first: revoking this one's refresh token takes its access token along, which is what Cognito is told with.
/// So the revocation waits, but only for as long as there is hope that Cognito listens.
async fn end_everywhere(auth: Shared, newest: impl Future<Output = Arc<SealedSession>>) -> Told {
    let session = with_good_token(&auth, newest.await).await;
    let told = if auth.clock.now() < session.access_expires_at {
        let access_token = session.access_token.clone();
        tell(&auth.cognito, &session.log_id(), Ending::AllSessions { access_token }).await
    } else {
        let session = session.log_id();
        tracing::error!(session, "signed out everywhere at this server only: there is no token to tell Cognito with");
        Told::No
    };
    if told == Told::Yes {
        auth.lifecycle.note_all_revoked(&session);
    }
    revoke(&auth, &session).await;
    told
}

async fn revoke(auth: &Shared, session: &SealedSession) {
    let refresh_token = session.refresh_token.clone();
    if tell(&auth.cognito, &session.log_id(), Ending::OneSession { refresh_token }).await == Told::Yes {
        auth.lifecycle.note_revoked(session);
    }
}

/// `GlobalSignOut` takes an access token that is still good: an expired one is renewed, once.
async fn with_good_token(auth: &Shared, session: Arc<SealedSession>) -> Arc<SealedSession> {
    let now = auth.clock.now();
    if now < session.access_expires_at && session.has_access_token() {
        return session;
    }
    match auth.cognito.renew(session.refresh_grant()).await {
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

/// Whether Cognito knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Yes,
    No,
}

/// Tells Cognito. Again where it may listen later: not where its answer is final, or a setting has to be mended first.
async fn tell(cognito: &Cognito, log_id: &str, ending: Ending) -> Told {
    let (mut waits, what) = (RETRIES.into_iter(), ending.name());
    loop {
        let answer = match &ending {
            Ending::OneSession { refresh_token } => cognito.revoke(refresh_token).await,
            Ending::AllSessions { access_token } => cognito.global_sign_out(access_token).await,
        };
        match (answer, &ending) {
            // A verdict on a refresh token: there is nothing left to end. On an access token it says nothing of the others.
            (Ok(()), _) | (Err(Cause::SignedOut), Ending::OneSession { .. }) => return Told::Yes,
            (Err(cause), _) => {
                let is_final = !matches!(cause, Cause::Unavailable { .. });
                let Some(wait) = waits.next().filter(|_| !is_final) else {
                    tracing::error!(session = log_id, what, %cause, "Cognito was not told");
                    return Told::No;
                };
                tracing::warn!(session = log_id, what, %cause, "Cognito could not be told yet");
                tokio::time::sleep(wait).await;
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
