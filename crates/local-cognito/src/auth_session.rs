//! Sign-ins by the JSON API that wait for the answer to a challenge: the `Session` that goes to the client and comes
//! back. Held by `Pool`, not saved.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::random::random_opaque;

/// `AuthSessionValidity` by default: 3 minutes.
const SESSION_SECS: u64 = 3 * 60;
const MAX_SESSIONS: usize = 1000;

struct AuthSession {
    sub: String,
    client_id: String,
    /// Unix seconds.
    expires_at: u64,
}

/// Why a session leads nowhere. The messages are Cognito's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum SessionRefusal {
    #[error("Invalid session for the user.")]
    Invalid,
    #[error("Invalid session for the user, session is expired.")]
    Expired,
}

/// By the text the client holds.
#[derive(Default)]
pub(super) struct AuthSessions(Mutex<HashMap<String, AuthSession>>);

impl AuthSessions {
    /// For a user who knew the password and is to choose another.
    pub(super) fn start(&self, sub: &str, client_id: &str, now: u64) -> String {
        let session = AuthSession {
            sub: sub.to_owned(),
            client_id: client_id.to_owned(),
            expires_at: now.saturating_add(SESSION_SECS),
        };
        let mut sessions = self.lock();
        if sessions.len() >= MAX_SESSIONS {
            let oldest = sessions.iter().min_by_key(|(_, kept)| kept.expires_at).map(|(id, _)| id.clone());
            oldest.map(|id| sessions.remove(&id));
        }
        let id = random_opaque();
        sessions.insert(id.clone(), session);
        id
    }

    /// Whose session it is (sub). It goes on, so that a password that is refused can be followed by another.
    pub(super) fn check(&self, id: &str, client_id: &str, now: u64) -> Result<String, SessionRefusal> {
        let sessions = self.lock();
        let session = sessions.get(id).filter(|session| session.client_id == client_id);
        let session = session.ok_or(SessionRefusal::Invalid)?;
        if session.expires_at <= now { Err(SessionRefusal::Expired) } else { Ok(session.sub.clone()) }
    }

    /// `false` where another request was faster.
    pub(super) fn end(&self, id: &str) -> bool {
        self.lock().remove(id).is_some()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, AuthSession>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_for_its_client_for_three_minutes_and_for_one_end() {
        let sessions = AuthSessions::default();
        let id = sessions.start("sub", "client", 1000);
        assert_eq!(sessions.check(&id, "client", 1179).as_deref(), Ok("sub"));
        assert_eq!(sessions.check(&id, "client", 1180), Err(SessionRefusal::Expired));
        assert_eq!(sessions.check(&id, "another", 1000), Err(SessionRefusal::Invalid));
        assert_eq!(sessions.check("x", "client", 1000), Err(SessionRefusal::Invalid));
        assert!(sessions.end(&id) && !sessions.end(&id));
        assert_eq!(sessions.check(&id, "client", 1000), Err(SessionRefusal::Invalid));
    }

    #[test]
    fn when_there_are_too_many_the_oldest_goes() {
        let sessions = AuthSessions::default();
        let first = sessions.start("sub", "client", 0);
        for now in 1..=MAX_SESSIONS {
            sessions.start("sub", "client", now as u64);
        }
        assert_eq!(sessions.lock().len(), MAX_SESSIONS);
        assert_eq!(sessions.check(&first, "client", 0), Err(SessionRefusal::Invalid));
    }
}
