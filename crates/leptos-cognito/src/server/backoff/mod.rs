//! How long Cognito is left alone after a failure that may pass. Exponential back-off with jitter, for each user; and a
//! circuit breaker for outages, which only failures of several different users open. One user's failures change nothing
//! for another: whatever a single account does, or has done to it, costs that account alone. Asked by `refresher`.

mod breaker;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};

use self::breaker::Breaker;
use super::clock::SteadyTime;

const FIRST_DELAY: Duration = Duration::from_secs(2);
/// Below Cognito's longest grace time for rotated tokens (60 s), so that a retry of an answer that was lost succeeds.
const LONGEST_DELAY: Duration = Duration::from_secs(30);
/// Renewals that start within a second for one user, all sessions together. Cognito allows 10 calls of `InitiateAuth` a
/// second for one user (Quotas in Amazon Cognito, "Request rate quotas"); the SDK may repeat each of these once.
const CALLS_PER_SECOND: u32 = 4;
/// An attempt that nobody has heard of for this long is given up.
const PROBE_LIMIT: Duration = Duration::from_secs(30);
/// While one attempt finds out whether Cognito answers again, the others ask again after this.
const WHILE_PROBED: Duration = Duration::from_secs(1);
/// A failure longer ago than this says nothing; while Cognito is away the next one comes sooner.
const DOUBT: Duration = Duration::from_secs(60);

/// The delay after the `failures`th failure in a row: doubled each time, and between half and all of that, by `spread`
/// (of 256).
fn delay(failures: u32, spread: u8) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let longest = FIRST_DELAY.saturating_mul(1 << doublings).min(LONGEST_DELAY);
    longest / 2 + longest / 2 * u32::from(spread) / 255
}

/// The back-off of every user, and the breaker of all. A user is named by `sub`.
#[derive(Debug)]
pub(super) struct Backoff {
    /// LRU: those who were not renewed for longest are forgotten first.
    users: Cache<String, Arc<Mutex<User>>>,
    breaker: Breaker,
}

#[derive(Debug, Default)]
struct User {
    /// In a row.
    failures: u32,
    failed_at: Option<SteadyTime>,
    retry_at: Option<SteadyTime>,
    /// After a failure one renewal at a time finds out whether the next one succeeds; since then.
    probed_at: Option<SteadyTime>,
    /// The second in which renewals are counted, and how many started in it.
    second: Option<SteadyTime>,
    calls: u32,
}

impl Backoff {
    /// `entries` bounds the users that are remembered.
    pub(super) fn new(entries: u64) -> Self {
        let users = Cache::builder().max_capacity(entries).eviction_policy(EvictionPolicy::lru()).build();
        Self { users, breaker: Breaker::default() }
    }

    /// Lets a renewal start.
    ///
    /// # Errors
    /// When to ask again, if Cognito has to be left alone now.
    pub(super) fn admit(&self, user: &str, now: SteadyTime) -> Result<(), SteadyTime> {
        self.with(user, |user| {
            if let Some(retry_at) = user.blocked_until(now) {
                return Err(retry_at);
            }
            // Who has failed goes by their own back-off, and never is the one whose failure prolongs an outage.
            if user.failures > 0 {
                user.probed_at = Some(now);
            } else if let Some(retry_at) = self.breaker.open_until(now) {
                return Err(retry_at);
            }
            user.calls += 1;
            Ok(())
        })
    }

    /// Whether the last that was heard of Cognito, not long ago, is a failure of this user or of several: then no page
    /// waits long for it.
    pub(super) fn is_in_doubt(&self, user: &str, now: SteadyTime) -> bool {
        let own = self.users.get(user);
        let has_failed = own.is_some_and(|user| lock(&user).failed_at.is_some_and(|at| now.since(at) < DOUBT));
        has_failed || self.breaker.is_in_doubt(now)
    }

    /// Cognito has renewed, or decided: it is there, and the user's next renewal need not wait.
    pub(super) fn note_answer(&self, user: &str) {
        self.with(user, |user| *user = User { second: user.second, calls: user.calls, ..User::default() });
        self.breaker.note_answer();
    }

    /// Cognito has answered, but with nothing that this user can use: a trigger refused, a setting is wrong. It is there
    /// for everybody else. Gives when to ask again.
    pub(super) fn note_refusal(&self, user: &str, now: SteadyTime) -> SteadyTime {
        self.breaker.note_answer();
        self.with(user, |state| state.fail(now, spread(user)))
    }

    /// Cognito did not answer, or said "later". Gives when to ask again.
    pub(super) fn note_failure(&self, user: &str, now: SteadyTime) -> SteadyTime {
        self.breaker.note_failure(user, now, spread(user));
        self.with(user, |state| state.fail(now, spread(user)))
    }

    fn with<R>(&self, user: &str, change: impl FnOnce(&mut User) -> R) -> R {
        change(&mut lock(&self.users.get_with_by_ref(user, Arc::default)))
    }
}

impl User {
    fn blocked_until(&mut self, now: SteadyTime) -> Option<SteadyTime> {
        let backed_off = self.retry_at.filter(|retry_at| now < *retry_at);
        let is_probed = self.probed_at.is_some_and(|at| now.since(at) < PROBE_LIMIT);
        if backed_off.is_some() || is_probed {
            return backed_off.or(Some(now.plus(WHILE_PROBED)));
        }
        if self.second.is_none_or(|second| now.since(second) >= Duration::from_secs(1)) {
            (self.second, self.calls) = (Some(now), 0);
        }
        (self.calls >= CALLS_PER_SECOND).then(|| now.plus(Duration::from_secs(1)))
    }

    fn fail(&mut self, now: SteadyTime, spread: u8) -> SteadyTime {
        // Those that were under way together count once.
        if let Some(retry_at) = self.retry_at.filter(|retry_at| now < *retry_at) {
            return retry_at;
        }
        self.failures = self.failures.saturating_add(1);
        let retry_at = now.plus(delay(self.failures, spread));
        (self.failed_at, self.retry_at, self.probed_at) = (Some(now), Some(retry_at), None);
        retry_at
    }
}

fn lock(user: &Mutex<User>) -> std::sync::MutexGuard<'_, User> {
    user.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Spreads users over a back-off; always the same for a user.
fn spread(user: &str) -> u8 {
    user.bytes().fold(0, |spread: u8, byte| spread.wrapping_mul(31).wrapping_add(byte))
}

#[cfg(test)]
mod tests {
    use super::{super::clock::Clock, *};

    fn start() -> (Backoff, SteadyTime) {
        (Backoff::new(100), Clock::system().steady())
    }

    fn after(now: SteadyTime, secs: u64) -> SteadyTime {
        now.plus(Duration::from_secs(secs))
    }

    #[test]
    fn b34_delays_double_up_to_the_longest_and_are_spread() {
        for (failures, longest) in [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (6, 30), (u32::MAX, 30)] {
            assert_eq!(delay(failures, 255), Duration::from_secs(longest), "{failures}");
            assert_eq!(delay(failures, 0), Duration::from_secs(longest) / 2, "{failures}");
        }
    }

    #[test]
    fn b47_one_users_failures_hold_back_and_slow_down_nobody_else() {
        let (backoff, mut now) = start();
        for _ in 0..100 {
            assert_eq!(backoff.admit("anna", now), Ok(()));
            let retry_at = backoff.note_failure("anna", now);
            assert_eq!(backoff.admit("anna", now), Err(retry_at), "it is the user's, whichever session asks");
            assert_eq!((backoff.admit("bert", now), backoff.is_in_doubt("bert", now)), (Ok(()), false));
            assert!(backoff.is_in_doubt("anna", now));
            now = retry_at;
        }
        assert!(!backoff.is_in_doubt("anna", now.plus(DOUBT)), "doubt passes");
    }

    #[test]
    fn b47_after_a_failure_one_renewal_of_the_user_at_a_time_finds_out() {
        let (backoff, now) = start();
        let retry_at = backoff.note_failure("anna", now);
        assert_eq!(backoff.admit("anna", retry_at), Ok(()));
        assert_eq!(backoff.admit("anna", retry_at), Err(retry_at.plus(WHILE_PROBED)));
        assert_eq!(backoff.admit("anna", retry_at.plus(PROBE_LIMIT)), Ok(()), "unless nothing is heard of it");
        backoff.note_answer("anna");
        assert_eq!((backoff.admit("anna", retry_at), backoff.admit("anna", retry_at)), (Ok(()), Ok(())));
    }

    #[test]
    fn b47_a_user_starts_only_so_many_renewals_a_second() {
        let (backoff, now) = start();
        for _ in 0..CALLS_PER_SECOND {
            assert_eq!(backoff.admit("anna", now), Ok(()));
            backoff.note_answer("anna");
        }
        assert_eq!(backoff.admit("anna", now), Err(after(now, 1)));
        assert_eq!((backoff.admit("bert", now), backoff.admit("anna", after(now, 1))), (Ok(()), Ok(())));
    }

    #[test]
    fn b47_a_trigger_that_refuses_many_users_is_no_outage() {
        let (backoff, now) = start();
        for user in ["anna", "bert", "carl", "dora", "emil"] {
            let retry_at = backoff.note_refusal(user, now);
            assert_eq!(backoff.admit(user, now), Err(retry_at));
        }
        assert_eq!((backoff.admit("frida", now), backoff.is_in_doubt("frida", now)), (Ok(()), false));
    }
}
