//! The life of a session between two cookies: the one a request brought, and the one its answer carries. No HTTP here:
//! `guard` reads and writes the cookies, the simulation plays with the values.

use std::{sync::Arc, time::Duration};

use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    super::SessionEvent,
    clock::{Clock, SteadyTime, UnixTime},
    journal::Journal,
    refresh::{Freshness, decide},
    refresher::{Outcome, Refresher},
    sealed_session::{Invalid, SealedSession},
    sign_ins::SignIns,
    token_source::TokenSource,
    visit::{Loaded, Visit, Write},
};

/// Ended sessions that are remembered; beyond it those that nobody asked for longest go.
const MAX_ENDED: u64 = 100_000;
/// A token that is refused this soon after it was issued is not renewed again: the new one would be refused as well.
const JUST_ISSUED: Duration = Duration::from_secs(60);
/// A session that turns out to have a successor is followed this often.
const MAX_SUCCESSORS: usize = 3;

/// Who the sessions belong to and how long they last.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) issuer: String,
    pub(super) idle_limit: Duration,
    pub(super) absolute_limit: Duration,
    /// Sessions whose refresh is remembered.
    pub(super) refresh_entries: u64,
    /// While the token is good nobody waits longer than this for a new one.
    pub(super) patience_when_due: Duration,
    /// After a failure no page waits longer than this for a new token, good or not the one it has.
    pub(super) patience_in_doubt: Duration,
}

/// An access token that was refused before its end.
#[derive(Clone, Copy, Debug)]
struct Refused {
    generation: u32,
    /// The session that was renewed for it.
    replaced_by: Option<u32>,
}

/// Sessions, renewed and ended.
#[derive(Debug)]
pub(super) struct Lifecycle<S> {
    rules: Rules,
    pub(super) clock: Clock,
    pub(super) refresher: Refresher<S>,
    pub(super) ended: Cache<String, ()>,
    /// People who signed out everywhere, and when: every session from before that is over.
    ended_people: Cache<String, UnixTime>,
    /// Sessions whose access token was refused before its end, with the generation of that token.
    refused: Cache<String, Refused>,
    pub(super) journal: Journal,
    pub(super) sign_ins: SignIns,
}

impl<S: TokenSource> Lifecycle<S> {
    pub(super) fn new(source: Arc<S>, rules: Rules, clock: Clock) -> Self {
        // Least recently used, not the cache's own choice: a new tombstone must never be the one that is dropped.
        let ended = Cache::builder().max_capacity(MAX_ENDED).eviction_policy(EvictionPolicy::lru());
        let ended_people = Cache::builder().max_capacity(MAX_ENDED).eviction_policy(EvictionPolicy::lru());
        let refused = Cache::builder().max_capacity(rules.refresh_entries).eviction_policy(EvictionPolicy::lru());
        Self {
            refresher: Refresher::new(source, clock.clone(), rules.refresh_entries),
            ended: ended.time_to_live(rules.absolute_limit).build(),
            ended_people: ended_people.time_to_live(rules.absolute_limit).build(),
            refused: refused.time_to_live(rules.absolute_limit).build(),
            journal: Journal::new(clock.clone()),
            sign_ins: SignIns::new(rules.idle_limit),
            rules,
            clock,
        }
    }

    /// The session that a request brought, renewed if that is due, and what that does to the cookie.
    pub(super) async fn load(&self, session: SealedSession, visit: Visit) -> Loaded {
        if let Err(why) = session.check(&self.rules.issuer, self.rules.idle_limit, self.clock.now()) {
            self.journal.note(&session, end_event(why));
            return Loaded::none();
        }
        if self.has_ended(&session) {
            return Loaded::none();
        }
        let session = Arc::new(session);
        match self.freshness(&session, visit) {
            Freshness::Fresh => {
                self.journal.note(&session, SessionEvent::Fresh);
                self.keep(session)
            }
            _ if visit == Visit::Glance => self.keep(session),
            _ => self.renew(session, visit).await,
        }
    }

    /// Ends a session for this process: its cookie is refused from now on, wherever a copy of it is, and no answer that
    /// is still under way brings it back.
    pub(super) fn end(&self, session: &SealedSession, why: SessionEvent) {
        self.ended.insert(session.session_id.clone(), ());
        self.refresher.forget(session);
        self.sign_ins.forget(session);
        self.journal.note(session, why);
    }

    /// As [`end`](Self::end), and ends all other sessions of the same person. Seconds are all that tells before from after:
    /// of this very second, those end that this process has seen, and a sign-in that comes now is kept.
    pub(super) fn end_all(&self, session: &SealedSession, why: SessionEvent) {
        self.ended_people.insert(session.sub.clone(), self.clock.now());
        for session_id in self.sign_ins.take_all(session) {
            self.ended.insert(session_id, ());
        }
        self.end(session, why);
    }

    /// Whether the session may still be written into a cookie (B37).
    pub(super) fn has_ended(&self, session: &SealedSession) -> bool {
        let ended_before = || self.ended_people.get(&session.sub);
        self.ended.contains_key(&session.session_id) || ended_before().is_some_and(|at| session.signed_in_at < at)
    }

    /// The newest tokens of a session, for whoever ends it at Cognito: those of a cookie may be old. Ask before
    /// [`end`](Self::end), which forgets them.
    pub(super) fn newest(&self, session: SealedSession) -> impl Future<Output = Arc<SealedSession>> + Send + 'static {
        self.refresher.newest(Arc::new(session))
    }

    /// The session of a token that Cognito, or an API upstream, refused before its end: revoked, or the user is gone.
    /// Renewed at once, so that Cognito's verdict on the refresh token decides.
    pub(super) async fn judge(&self, session: Arc<SealedSession>) -> Loaded {
        let (id, generation) = (session.session_id.clone(), session.generation);
        let is_just_issued = self.clock.now().since(session.written_at) < JUST_ISSUED;
        let was_renewed_for_this = self.refused.get(&id).is_some_and(|old| old.replaced_by == Some(generation));
        if self.has_ended(&session) || (was_renewed_for_this && is_just_issued) {
            return Loaded::none();
        }
        self.refused.insert(id.clone(), Refused { generation, replaced_by: None });
        let loaded = self.renew(session, Visit::Call).await;
        let replaced_by = loaded.session.as_ref().map(|new| new.generation).filter(|new| *new > generation);
        self.refused.insert(id, Refused { generation, replaced_by });
        loaded
    }

    async fn renew(&self, presented: Arc<SealedSession>, visit: Visit) -> Loaded {
        let mut session = presented.clone();
        for _ in 0..MAX_SUCCESSORS {
            if let Some(successor) = self.refresher.rotated_successor(&session) {
                session = successor;
                if self.freshness(&session, visit) == Freshness::Fresh {
                    self.journal.note(&session, SessionEvent::Shared);
                    return self.replace(session, visit);
                }
            }
            let answer = self.refresher.refresh(session.clone(), self.patience(&session, visit)).await;
            match answer.outcome {
                Outcome::Renewed(renewed) if self.freshness(&renewed, visit) != Freshness::Expired => {
                    let event = if answer.is_shared { SessionEvent::Shared } else { SessionEvent::Refreshed };
                    self.journal.note(&renewed, event);
                    return self.replace(renewed, visit);
                }
                // The newest that is known is old, too: it is the one to renew.
                Outcome::Renewed(renewed) => session = renewed,
                Outcome::Ended if self.has_ended(&session) => return Loaded::none(),
                Outcome::Ended => {
                    self.end(&session, SessionEvent::EndedByCognito);
                    return Loaded { write: Write::Clear, ..Loaded::none() };
                }
                // Neither remembered as ended nor cleared: the same browser may have the newest cookie by now.
                Outcome::Superseded => {
                    self.journal.note(&session, SessionEvent::Superseded);
                    return Loaded::none();
                }
                Outcome::Kept { retry_at } => return self.stay(&presented, session, visit, retry_at),
            }
        }
        self.stay(&presented, session, visit, self.clock.steady())
    }

    /// How long this visit waits for a new token; none: as long as it takes.
    fn patience(&self, session: &SealedSession, visit: Visit) -> Option<Duration> {
        let when_due = (self.freshness(session, visit) == Freshness::Due).then_some(self.rules.patience_when_due);
        let is_in_doubt = visit != Visit::Call && self.refresher.is_in_doubt();
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
        let is_seen = visit.is_of_a_person() && now.since(session.seen_at) >= self.rules.idle_limit / 2;
        let loaded = if is_newer || is_seen { self.replace(session, visit) } else { self.keep_unless_ended(session) };
        if let Some(session) = &loaded.session {
            self.journal.note(session, if is_expired { SessionEvent::Degraded } else { SessionEvent::Kept });
        }
        Loaded { retry_after, ..loaded }
    }

    fn keep_unless_ended(&self, session: Arc<SealedSession>) -> Loaded {
        if self.has_ended(&session) { Loaded::none() } else { self.keep(session) }
    }

    fn keep(&self, session: Arc<SealedSession>) -> Loaded {
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

    fn freshness(&self, session: &SealedSession, visit: Visit) -> Freshness {
        let is_refused =
            self.refused.get(&session.session_id).is_some_and(|refused| refused.generation == session.generation);
        // A renewal for the idle limit's sake would come to nothing: the person is not seen, and it stays due.
        let idle_limit = if visit == Visit::Page { Duration::MAX } else { self.rules.idle_limit };
        if is_refused { Freshness::Expired } else { decide(session, idle_limit, self.clock.now()) }
    }
}

fn end_event(why: Invalid) -> SessionEvent {
    match why {
        Invalid::AbsoluteLimit => SessionEvent::AbsoluteLimit,
        Invalid::IdleLimit => SessionEvent::IdleLimit,
        Invalid::OtherIssuer | Invalid::Version => SessionEvent::OtherIssuer,
    }
}
