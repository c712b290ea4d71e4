//! The sessions of a person as their page lists them, and how one of the others is ended from there. Called through
//! `ServerSession`.

use std::sync::Arc;

use super::{
    super::{SessionEvent, SignIn},
    lifecycle::Lifecycle,
    sealed_session::SealedSession,
    token_source::TokenSource,
};

impl<S: TokenSource> Lifecycle<S> {
    /// Ends another session of the same person, by the hash that their page has. It is refused from now on. With its newest
    /// tokens, where this process renewed them: of a session that it never renewed it has none to end at Cognito.
    pub(super) fn end_other(&self, own: &SealedSession, id: &str) -> Option<Option<Arc<SealedSession>>> {
        let session_id = self.sign_ins.take_other(own, id)?;
        let now = self.clock.now();
        // No session of whatever beginning lasts longer.
        self.ended.end(&own.sub, &session_id, now.plus(self.rules.limits.absolute), now);
        let newest = self.refresher.newest_by_id(&own.sub, &session_id);
        if newest.is_none() {
            self.journal.note_end_unseen(id, SessionEvent::SignedOut);
        }
        Some(newest)
    }

    /// The sessions of this session's person that live, for them to look at.
    pub(super) fn list_sign_ins(&self, session: &SealedSession) -> Vec<SignIn> {
        self.sign_ins.list(session, self.clock.now(), |session_id| self.ended.is_ended(&session.sub, session_id))
    }
}
