//! The answer to "why was I signed out?": each outcome of the guard is an event in the log, a counter for operators, and
//! a line of the session's own timeline. Sessions are named by a hash of their id.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    super::{SessionEvent, TimelineEntry},
    clock::Clock,
    per_user::PerUser,
    sealed_session::SealedSession,
};

/// Sessions whose timeline is kept.
const MAX_TIMELINES: u64 = 10_000;
/// Lines of one session; beyond it the oldest go.
const MAX_ENTRIES: usize = 24;

/// How often each outcome occurred since the process started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// The token was good and nothing was due.
    pub fresh: u64,
    /// Cognito was asked and gave new tokens.
    pub refreshed: u64,
    /// A request got the result of another's refresh.
    pub shared: u64,
    /// A refresh failed and the token that is still good was kept.
    pub kept: u64,
    /// A refresh failed and the token has expired.
    pub degraded: u64,
    /// A session ended, by Cognito's verdict, a limit or sign-out.
    pub ended: u64,
}

type Timeline = Arc<Mutex<VecDeque<TimelineEntry>>>;

#[derive(Debug)]
pub(super) struct Journal {
    clock: Clock,
    counters: [AtomicU64; 6],
    timelines: PerUser<Timeline>,
}

impl Journal {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, counters: Default::default(), timelines: PerUser::new(MAX_TIMELINES, None) }
    }

    /// Notes an outcome, once for each request it occurs in.
    pub(super) fn note(&self, session: &SealedSession, event: SessionEvent) {
        if let Some(counter) = counter_of(event) {
            self.counters[counter].fetch_add(1, Ordering::Relaxed);
        }
        let (log_id, name) = (session.log_id(), event.code());
        let generation = session.generation;
        // A request that finds its session as the last one left it is no news: an open page asks every few seconds.
        let is_usual = matches!(event, SessionEvent::Fresh | SessionEvent::Shared);
        let is_quiet = is_usual && !self.last(session).is_some_and(is_outage);
        if is_quiet || !self.add_to_timeline(session, event) {
            tracing::debug!(session = log_id, generation, outcome = name, "session");
        } else if event == SessionEvent::Superseded {
            let what = "a copy of an old cookie, and possibly a theft; the newest one is not affected";
            tracing::warn!(session = log_id, generation, outcome = name, "{what}");
        } else {
            tracing::info!(session = log_id, generation, outcome = name, "session");
        }
    }

    /// Notes the end of a session that no request brought; named as the log names it.
    pub(super) fn note_end_unseen(&self, log_id: &str, event: SessionEvent) {
        if let Some(counter) = counter_of(event) {
            self.counters[counter].fetch_add(1, Ordering::Relaxed);
        }
        tracing::info!(session = log_id, outcome = event.code(), "session");
    }

    /// The session's timeline, oldest first.
    pub(super) fn timeline(&self, session: &SealedSession) -> Vec<TimelineEntry> {
        let timeline = self.timelines.get(&session.sub, &session.session_id);
        timeline
            .map(|entries| entries.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect())
            .unwrap_or_default()
    }

    fn last(&self, session: &SealedSession) -> Option<SessionEvent> {
        let timeline = self.timelines.get(&session.sub, &session.session_id)?;
        let entries = timeline.lock().unwrap_or_else(PoisonError::into_inner);
        entries.back().map(|entry| entry.event)
    }

    pub(super) fn counters(&self) -> Counters {
        let [fresh, refreshed, shared, kept, degraded, ended] =
            std::array::from_fn(|index| self.counters[index].load(Ordering::Relaxed));
        Counters { fresh, refreshed, shared, kept, degraded, ended }
    }

    /// Whether that is news: an outage is told once, however many requests meet it.
    fn add_to_timeline(&self, session: &SealedSession, event: SessionEvent) -> bool {
        let timeline = self.timelines.update(&session.sub, &session.session_id, |timeline| {
            let timeline: Timeline = timeline.unwrap_or_default();
            (Some(timeline.clone()), timeline)
        });
        let mut entries = timeline.lock().unwrap_or_else(PoisonError::into_inner);
        let repeats = is_outage(event) && entries.back().is_some_and(|last| last.event == event);
        if !repeats {
            entries.push_back(TimelineEntry { at: self.clock.now().to_rfc3339(), event });
        }
        if entries.len() > MAX_ENTRIES {
            entries.pop_front();
        }
        !repeats
    }
}

/// Cognito is away; the session stays so until something else is noted.
fn is_outage(event: SessionEvent) -> bool {
    matches!(event, SessionEvent::Kept | SessionEvent::Degraded)
}

fn counter_of(event: SessionEvent) -> Option<usize> {
    match event {
        SessionEvent::SignedIn => None,
        SessionEvent::Fresh => Some(0),
        SessionEvent::Refreshed => Some(1),
        SessionEvent::Shared => Some(2),
        SessionEvent::Kept => Some(3),
        SessionEvent::Degraded => Some(4),
        SessionEvent::EndedByCognito
        | SessionEvent::Superseded
        | SessionEvent::SignedOut
        | SessionEvent::Replaced
        | SessionEvent::IdleLimit
        | SessionEvent::AbsoluteLimit
        | SessionEvent::OtherIssuer
        | SessionEvent::OtherClient => Some(5),
    }
}
