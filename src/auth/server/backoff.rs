//! How long Cognito is left alone after a failure that may pass: longer from one to the next, spread so that sessions do
//! not come back all at once. A breaker remembers failures of all sessions, so that pages stay fast while Cognito hangs.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use super::clock::SteadyTime;

const FIRST_DELAY: Duration = Duration::from_secs(2);
/// Below Cognito's longest grace time for rotated tokens (60 s), so that a retry of an answer that was lost succeeds.
const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// So many failures in a row, of whatever sessions, mean that Cognito is away and not one session's bad luck.
const OUTAGE_FAILURES: u32 = 3;

/// The delay after the `failures`th failure in a row: doubled each time, and between half and all of that, by `spread`
/// (of 256).
pub(super) fn delay(failures: u32, spread: u8) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let longest = FIRST_DELAY.saturating_mul(1 << doublings).min(LONGEST_DELAY);
    longest / 2 + longest / 2 * u32::from(spread) / 255
}

/// Whether Cognito is away for everybody.
#[derive(Debug, Default)]
pub(super) struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    retry_at: Option<SteadyTime>,
    failed_at: Option<SteadyTime>,
    /// Somebody is asking whether Cognito is back, since then.
    probed_at: Option<SteadyTime>,
}

/// A probe that nobody has heard of for this long is given up.
const PROBE_LIMIT: Duration = Duration::from_secs(30);
/// A failure longer ago than this says nothing; while Cognito is away the next one comes sooner.
const DOUBT: Duration = Duration::from_secs(60);
/// While somebody asks whether Cognito is back, the others look again after this.
const WHILE_PROBED: Duration = Duration::from_secs(1);

impl Breaker {
    /// When Cognito may be asked again, if it has to be left alone now. Once that time has come one caller is let
    /// through, to see whether Cognito is back.
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

    /// Whether the last that was heard of Cognito, not long ago, is a failure: then no page waits for it.
    pub(super) fn is_in_doubt(&self, now: SteadyTime) -> bool {
        self.state().failed_at.is_some_and(|failed_at| now.since(failed_at) < DOUBT)
    }

    /// Cognito has answered, be it with a verdict: it is there.
    pub(super) fn note_answer(&self) {
        *self.state() = State::default();
    }

    pub(super) fn note_failure(&self, now: SteadyTime, spread: u8) {
        let mut state = self.state();
        state.failed_at = Some(now);
        // Those that were under way together count once.
        if state.retry_at.is_some_and(|retry_at| now < retry_at) {
            return;
        }
        state.failures = state.failures.saturating_add(1);
        state.probed_at = None;
        if state.failures >= OUTAGE_FAILURES {
            state.retry_at = Some(now.plus(delay(state.failures - OUTAGE_FAILURES + 1, spread)));
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::clock::Clock, *};

    #[test]
    fn b34_delays_double_up_to_the_longest_and_are_spread() {
        for (failures, longest) in [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (u32::MAX, 30)] {
            assert_eq!(delay(failures, 255), Duration::from_secs(longest), "{failures}");
            assert_eq!(delay(failures, 0), Duration::from_secs(longest) / 2, "{failures}");
        }
    }

    #[test]
    fn b34_the_breaker_opens_after_three_failures_in_a_row_and_closes_in_time_or_by_an_answer() {
        let now = Clock::system().steady();
        let breaker = Breaker::default();
        for failures in 1..=3 {
            assert_eq!(breaker.open_until(now), None, "before failure {failures}");
            breaker.note_failure(now, 255);
        }
        let retry_at = breaker.open_until(now).unwrap();
        assert_eq!(retry_at, now.plus(Duration::from_secs(2)));
        assert_eq!(breaker.open_until(retry_at), None, "then one tries");
        let others = breaker.open_until(retry_at);
        assert_eq!(others, Some(retry_at.plus(WHILE_PROBED)), "and the others wait for what it finds");
        assert_eq!(breaker.open_until(retry_at.plus(PROBE_LIMIT)), None, "unless nothing is heard of it");
        breaker.note_failure(retry_at, 255);
        assert_eq!(
            breaker.open_until(retry_at),
            Some(retry_at.plus(Duration::from_secs(4))),
            "and left alone for longer"
        );
        assert!(breaker.is_in_doubt(retry_at) && !breaker.is_in_doubt(retry_at.plus(DOUBT)), "doubt passes");
        breaker.note_answer();
        assert_eq!((breaker.open_until(now), breaker.is_in_doubt(now)), (None, false));
    }
}
