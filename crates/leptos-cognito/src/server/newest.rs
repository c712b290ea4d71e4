//! The newest tokens of each session that was renewed here, and which cookies have been presented since. With refresh
//! token rotation an old cookie is of no use any more; it is honoured while its successor may have been lost on its way,
//! and not after the successor has been seen: then it is a copy, and may be a thief's. Used by `refresher`.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{clock::SteadyTime, per_user::PerUser, sealed_session::SealedSession};

/// How long a renewal answers for the old cookie, and an old cookie is honoured beside a later one.
pub(super) const GRACE: Duration = Duration::from_secs(60);
/// Generations of a session of which it is known when they were first presented.
const MAX_PRESENTED: usize = 8;

/// What is known of the cookie that follows an old one.
#[derive(Clone, Debug)]
pub(super) enum Known {
    /// Nothing, or the refresh token is still the same.
    Nothing,
    /// The session with the newest tokens: no later cookie has been seen yet, or only just.
    Successor(Arc<SealedSession>),
    /// A later cookie of the session was presented longer ago than the grace time.
    Superseded,
}

#[derive(Debug)]
pub(super) struct NewestSessions(PerUser<Newest>);

#[derive(Clone, Debug)]
struct Newest {
    session: Arc<SealedSession>,
    presented: Arc<Mutex<Presented>>,
}

/// When each generation was first presented; only ever later ones are added.
#[derive(Debug, Default)]
struct Presented(VecDeque<(u32, SteadyTime)>);

impl NewestSessions {
    /// `entries` bounds the sessions that are remembered.
    pub(super) fn new(entries: u64) -> Self {
        Self(PerUser::new(entries, None))
    }

    /// `from` was renewed: the cookie that a request brought, or what is known here to follow it.
    pub(super) fn note_renewed(&self, from: &SealedSession, renewed: &Arc<SealedSession>, now: SteadyTime) {
        self.0.update(&renewed.sub, &renewed.session_id, |known| {
            let newest = match known {
                Some(known) if known.session.generation > renewed.generation => known,
                Some(known) => Newest { session: renewed.clone(), ..known },
                // Nothing is known to follow another cookie, so it was this one that came.
                None => Newest { session: renewed.clone(), presented: Presented::with(from.generation, now) },
            };
            (Some(newest), ())
        });
    }

    /// A request came with this cookie.
    pub(super) fn note_presented(&self, session: &SealedSession, now: SteadyTime) {
        // The first cookie of a session follows no other.
        if session.generation > 0
            && let Some(known) = self.0.get(&session.sub, &session.session_id)
        {
            lock(&known.presented).note(session.generation, now);
        }
    }

    pub(super) fn successor_of(&self, session: &SealedSession, now: SteadyTime) -> Known {
        let Some(known) = self.find_newer(session) else { return Known::Nothing };
        match lock(&known.presented).first_after(session.generation) {
            Some(at) if now.since(at) >= GRACE => Known::Superseded,
            _ => Known::Successor(known.session),
        }
    }

    /// For whoever ends the session at Cognito: the newest tokens, whoever has them.
    pub(super) fn newest_of(&self, session: &SealedSession) -> Option<Arc<SealedSession>> {
        self.find_newer(session).map(|known| known.session)
    }

    /// The newest tokens of a user's session.
    pub(super) fn find(&self, user: &str, session_id: &str) -> Option<Arc<SealedSession>> {
        self.0.get(user, session_id).map(|known| known.session)
    }

    pub(super) fn forget(&self, session: &SealedSession) {
        self.0.remove(&session.sub, &session.session_id);
    }

    fn find_newer(&self, session: &SealedSession) -> Option<Newest> {
        let known = self.0.get(&session.sub, &session.session_id)?;
        let is_rotated = known.session.refresh_token != session.refresh_token;
        (known.session.generation > session.generation && is_rotated).then_some(known)
    }
}

impl Presented {
    fn with(generation: u32, now: SteadyTime) -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(Self(VecDeque::from([(generation, now)]))))
    }

    fn note(&mut self, generation: u32, now: SteadyTime) {
        if self.0.back().is_none_or(|(latest, _)| *latest < generation) {
            if self.0.len() >= MAX_PRESENTED {
                self.0.pop_front();
            }
            self.0.push_back((generation, now));
        }
    }

    /// When a later one was first presented.
    fn first_after(&self, generation: u32) -> Option<SteadyTime> {
        self.0.iter().find(|(later, _)| *later > generation).map(|(_, at)| *at)
    }
}

fn lock(presented: &Mutex<Presented>) -> MutexGuard<'_, Presented> {
    presented.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{clock::Clock, sealed_session::tests::session, secret::Secret},
        *,
    };

    /// A session's cookie of that generation.
    fn cookie(generation: u32) -> Arc<SealedSession> {
        let mut cookie = session(3600);
        (cookie.generation, cookie.refresh_token) = (generation, Secret::new(format!("rt {generation}")));
        Arc::new(cookie)
    }

    #[test]
    fn b51_an_old_cookie_has_a_successor_until_a_later_one_was_presented_and_the_grace_time_is_over() {
        let (newest, now) = (NewestSessions::new(100), Clock::system().steady());
        let is_successor = |old: u32, now| matches!(newest.successor_of(&cookie(old), now), Known::Successor(_));
        let is_superseded = |old: u32, now| matches!(newest.successor_of(&cookie(old), now), Known::Superseded);
        assert!(matches!(newest.successor_of(&cookie(0), now), Known::Nothing));
        newest.note_renewed(&cookie(0), &cookie(1), now);
        assert!(is_successor(0, now.plus(100 * GRACE)), "however late: the answer may have been lost");
        newest.note_presented(&cookie(0), now);
        assert!(is_successor(0, now.plus(100 * GRACE)), "an old one proves nothing");
        newest.note_renewed(&cookie(1), &cookie(2), now);
        assert!(is_successor(0, now.plus(100 * GRACE)), "nor what was renewed for one");
        newest.note_presented(&cookie(2), now);
        newest.note_presented(&cookie(2), now.plus(10 * GRACE));
        assert!(is_successor(0, now) && is_superseded(0, now.plus(GRACE)) && is_superseded(1, now.plus(GRACE)));
        assert!(matches!(newest.successor_of(&cookie(2), now.plus(GRACE)), Known::Nothing));
        assert_eq!(newest.newest_of(&cookie(0)).map(|newest| newest.generation), Some(2), "for who ends the session");
    }

    #[test]
    fn b51_a_cookie_that_is_renewed_by_a_server_new_to_the_session_was_presented_there() {
        let (newest, now) = (NewestSessions::new(100), Clock::system().steady());
        newest.note_renewed(&cookie(3), &cookie(4), now);
        let known = |generation| newest.successor_of(&cookie(generation), now.plus(GRACE));
        assert!(matches!((known(2), known(3)), (Known::Superseded, Known::Successor(_))));
    }

    #[test]
    fn a_late_renewal_of_an_older_cookie_does_not_become_the_newest() {
        let newest = NewestSessions::new(100);
        let now = Clock::system().steady();
        for generation in [3, 1] {
            newest.note_renewed(&cookie(generation - 1), &cookie(generation), now);
        }
        assert_eq!(newest.newest_of(&cookie(0)).map(|newest| newest.generation), Some(3));
        newest.forget(&cookie(0));
        assert!(newest.newest_of(&cookie(0)).is_none());
    }
}
