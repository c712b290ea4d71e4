//! A session whose token is due, expired or refused: what a refresh makes of it, and of its cookie.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        super::SessionEvent,
        clock::SteadyTime,
        ended_sessions::Standing,
        newest::Known,
        refresh::{Freshness, decide},
        refresher::Outcome,
        sealed_session::SealedSession,
        token_source::TokenSource,
        visit::{Loaded, Visit, Write},
    },
    Lifecycle,
};

/// A session that turns out to have a successor is followed this often.
const MAX_SUCCESSORS: usize = 3;

impl<S: TokenSource> Lifecycle<S> {
    /// A session that may have begun before its user signed out everywhere, or after: Cognito refuses to renew it if it
    /// began before. Until it is known, it is none.
    pub(super) async fn ask_cognito(&self, session: Arc<SealedSession>, visit: Visit) -> Loaded {
        let asked_at = self.clock.steady();
        let answer = self.refresher.refresh(session.clone(), self.patience(&session, visit)).await;
        match answer.outcome {
            Outcome::Renewed(renewed) => {
                self.ended.note_later(&renewed, asked_at);
                self.journal.note(&renewed, SessionEvent::Refreshed);
                self.replace(renewed, visit)
            }
            Outcome::Ended => self.end_by_cognito(&session),
            // What was known before says nothing of what Cognito takes now.
            Outcome::Known(_) | Outcome::Superseded | Outcome::Kept { .. } => Loaded::none(),
        }
    }

    pub(super) async fn renew(&self, presented: Arc<SealedSession>, visit: Visit) -> Loaded {
        let mut session = presented.clone();
        for _ in 0..MAX_SUCCESSORS {
            match self.refresher.known_successor(&session) {
                Known::Nothing => {}
                Known::Superseded => return self.supersede(&session),
                Known::Successor(successor) => {
                    session = successor;
                    if self.freshness(&session, visit) == Freshness::Fresh {
                        self.journal.note(&session, SessionEvent::Shared);
                        return self.replace(session, visit);
                    }
                }
            }
            let answer = self.refresher.refresh(session.clone(), self.patience(&session, visit)).await;
            match answer.outcome {
                Outcome::Renewed(renewed) | Outcome::Known(renewed)
                    if self.freshness(&renewed, visit) != Freshness::Expired =>
                {
                    let event = if answer.is_shared { SessionEvent::Shared } else { SessionEvent::Refreshed };
                    self.journal.note(&renewed, event);
                    return self.replace(renewed, visit);
                }
                // The newest that is known is old, too: it is the one to renew.
                Outcome::Renewed(renewed) | Outcome::Known(renewed) => session = renewed,
                Outcome::Ended => return self.end_by_cognito(&session),
                Outcome::Superseded => return self.supersede(&session),
                Outcome::Kept { retry_at } => return self.stay(&presented, session, visit, retry_at),
            }
        }
        self.stay(&presented, session, visit, self.clock.steady())
    }

    fn end_by_cognito(&self, session: &SealedSession) -> Loaded {
        // Signed out meanwhile: the answer may meet a newer session in the same browser.
        if self.standing(session) == Standing::Ended {
            return Loaded::none();
        }
        self.end(session, SessionEvent::EndedByCognito);
        Loaded { write: Write::ClearAfterVerdict, ..Loaded::none() }
    }

    /// Neither remembered as ended nor cleared: the same browser may have the newest cookie by now.
    fn supersede(&self, session: &SealedSession) -> Loaded {
        self.journal.note(session, SessionEvent::Superseded);
        Loaded::none()
    }

    /// How long this visit waits for a new token; none: as long as it takes.
    fn patience(&self, session: &SealedSession, visit: Visit) -> Option<Duration> {
        let when_due = (self.freshness(session, visit) == Freshness::Due).then_some(self.rules.patience_when_due);
        let is_in_doubt = visit != Visit::Call && self.refresher.is_in_doubt(&session.sub);
        let in_doubt = is_in_doubt.then_some(self.rules.patience_in_doubt);
        when_due.into_iter().chain(in_doubt).min()
    }

    /// The refresh failed, and nothing is decided. An outage must not look like idleness: that the person is there is
    /// written down before half the idle limit is over.
    fn stay(
        &self,
        presented: &SealedSession,
        session: Arc<SealedSession>,
        visit: Visit,
        retry_at: SteadyTime,
    ) -> Loaded {
        let now = self.clock.now();
        let is_expired = self.freshness(&session, visit) == Freshness::Expired;
        let retry_after = Some(retry_at.since(self.clock.steady()));
        let is_newer = session.generation > presented.generation;
        let is_seen = visit.is_of_a_person() && now.since(session.seen_at) >= self.rules.limits.idle / 2;
        let loaded = if is_newer || is_seen { self.replace(session, visit) } else { self.keep_unless_ended(session) };
        if let Some(session) = &loaded.session {
            self.journal.note(session, if is_expired { SessionEvent::Degraded } else { SessionEvent::Kept });
        }
        Loaded { retry_after, ..loaded }
    }

    fn keep_unless_ended(&self, session: Arc<SealedSession>) -> Loaded {
        if self.has_ended(&session) { Loaded::none() } else { self.keep(session) }
    }

    pub(super) fn keep(&self, session: Arc<SealedSession>) -> Loaded {
        Loaded { session: Some(session), retry_after: None, write: Write::Nothing }
    }

    /// A new cookie, unless the session ended while that was under way.
    fn replace(&self, session: Arc<SealedSession>, visit: Visit) -> Loaded {
        if self.has_ended(&session) {
            return Loaded::none();
        }
        let session = if visit.is_of_a_person() { Arc::new(session.seen(self.clock.now())) } else { session };
        Loaded { session: Some(session.clone()), retry_after: None, write: Write::Replace(session) }
    }

    pub(super) fn freshness(&self, session: &SealedSession, visit: Visit) -> Freshness {
        let refused = self.refused.get(&session.sub, &session.session_id);
        let is_refused = refused.is_some_and(|refused| refused.generation == session.generation);
        // A renewal for the idle limit's sake would come to nothing: the person is not seen, and it stays due.
        let idle_limit = if visit == Visit::Page { Duration::MAX } else { self.rules.limits.idle };
        if is_refused { Freshness::Expired } else { decide(session, idle_limit, self.clock.now()) }
    }
}
