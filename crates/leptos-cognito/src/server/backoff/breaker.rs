//! Whether Cognito is away for everybody: a circuit breaker over all users.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{super::clock::SteadyTime, DOUBT, PROBE_LIMIT, WHILE_PROBED, delay};

/// So many different users in a row whose renewals fail mean that Cognito is away. Fewer may be one attacker's doing ...
const OUTAGE_USERS: usize = 3;
/// ... and so may failures that lie further apart than this.
const OUTAGE_WINDOW: Duration = Duration::from_secs(60);

/// Open while Cognito is away. Any answer of Cognito's closes it.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The latest different users whose renewal failed, and when; nobody's succeeded since.
    failed: Vec<(String, SteadyTime)>,
    /// In a row.
    openings: u32,
    retry_at: Option<SteadyTime>,
    /// Somebody is asking whether Cognito is back, since then.
    probed_at: Option<SteadyTime>,
}

impl Breaker {
    /// When Cognito may be asked again, if it has to be left alone now. Once that time has come one caller is let
    /// through, to see whether Cognito is back: only a user who has not failed is asked for here.
    pub(super) fn open_until(&self, now: SteadyTime) -> Option<SteadyTime> {
        let mut state = self.state();
        let retry_at = state.retry_at?;
        if now < retry_at {
            return Some(retry_at);
        }
        if state.probed_at.is_some_and(|probed_at| now.since(probed_at) < PROBE_LIMIT) {
            return Some(now.plus(WHILE_PROBED));
        }
        state.probed_at = Some(now);
        None
    }

    /// Whether it is an outage, and something was heard of it lately.
    pub(super) fn is_in_doubt(&self, now: SteadyTime) -> bool {
        let state = self.state();
        state.retry_at.is_some() && state.failed.last().is_some_and(|(_, at)| now.since(*at) < DOUBT)
    }

    pub(super) fn note_answer(&self) {
        let mut state = self.state();
        if !state.failed.is_empty() || state.retry_at.is_some() {
            *state = State::default();
        }
    }

    pub(super) fn note_failure(&self, user: &str, now: SteadyTime, spread: u8) {
        let mut state = self.state();
        let is_new = !state.failed.iter().any(|(other, _)| other == user);
        state.failed.retain(|(other, at)| other != user && now.since(*at) < OUTAGE_WINDOW);
        if state.failed.len() >= OUTAGE_USERS {
            state.failed.remove(0);
        }
        state.failed.push((user.to_owned(), now));
        if state.failed.len() < OUTAGE_USERS {
            (state.openings, state.retry_at, state.probed_at) = (0, None, None);
            return;
        }
        // Those that were under way together count once, and so does a user who fails again and again.
        let is_open = state.retry_at.is_some_and(|retry_at| now < retry_at || !is_new);
        if !is_open {
            state.openings = state.openings.saturating_add(1);
            state.probed_at = None;
            state.retry_at = Some(now.plus(delay(state.openings, spread)));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::super::clock::Clock, *};

    fn fail(breaker: &Breaker, user: &str, now: SteadyTime) {
        breaker.note_failure(user, now, 255);
    }

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn b34_the_breaker_opens_after_failures_of_three_users_and_closes_in_time_or_by_an_answer() {
        let (breaker, now) = (Breaker::default(), Clock::system().steady());
        for user in ["anna", "bert", "carl"] {
            assert_eq!((breaker.open_until(now), breaker.is_in_doubt(now)), (None, false), "before {user}");
            fail(&breaker, user, now);
        }
        let retry_at = breaker.open_until(now).unwrap();
        assert_eq!(retry_at, now.plus(secs(2)));
        assert_eq!(breaker.open_until(retry_at), None, "then one tries");
        let others = breaker.open_until(retry_at);
        assert_eq!(others, Some(retry_at.plus(WHILE_PROBED)), "and the others wait for what it finds");
        assert_eq!(breaker.open_until(retry_at.plus(PROBE_LIMIT)), None, "unless nothing is heard of it");
        fail(&breaker, "dora", retry_at);
        assert_eq!(breaker.open_until(retry_at), Some(retry_at.plus(secs(4))), "and left alone for longer");
        assert!(breaker.is_in_doubt(retry_at) && !breaker.is_in_doubt(retry_at.plus(DOUBT)), "doubt passes");
        breaker.note_answer();
        assert_eq!((breaker.open_until(now), breaker.is_in_doubt(now)), (None, false));
    }

    #[test]
    fn b47_neither_one_user_nor_failures_far_apart_nor_those_with_answers_between_open_it() {
        let (breaker, mut now) = (Breaker::default(), Clock::system().steady());
        for _ in 0..100 {
            fail(&breaker, "anna", now);
            fail(&breaker, "bert", now);
        }
        assert_eq!(breaker.open_until(now), None);
        let breaker = Breaker::default();
        for number in 0..100 {
            now = now.plus(OUTAGE_WINDOW / 2);
            fail(&breaker, &number.to_string(), now);
            assert_eq!(breaker.open_until(now), None, "{number}");
        }
        for number in 0..100 {
            breaker.note_answer();
            fail(&breaker, &number.to_string(), now);
            fail(&breaker, "anna", now);
            assert_eq!(breaker.open_until(now), None, "{number}");
        }
    }

    #[test]
    fn b47_users_who_have_failed_prolong_no_outage() {
        let (breaker, now) = (Breaker::default(), Clock::system().steady());
        ["anna", "bert", "carl"].iter().for_each(|user| fail(&breaker, user, now));
        let later = now.plus(secs(3));
        ["anna", "bert", "carl"].iter().for_each(|user| fail(&breaker, user, later));
        assert_eq!(breaker.open_until(later), None, "somebody else may try");
    }
}
