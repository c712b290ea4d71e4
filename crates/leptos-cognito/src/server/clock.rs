//! Instants and the clock they come from. An instant ([`UnixTime`]) and a length of time ([`Duration`]) are different
//! types, so that a point in time is never added to another. What lasts beyond a process (a token's end, a limit) is
//! told by the wall clock; what is waited for inside it (a grace time, a back-off) by a steady one, which no setting of
//! the wall clock moves. Tests bring a clock of their own.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// An instant: whole seconds since 1970-01-01T00:00:00Z (`NumericDate`, RFC 7519 §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(u64);

impl UnixTime {
    /// The instant that many seconds after 1970.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs)
    }

    /// The instant `span` later.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_secs()))
    }

    /// The instant `span` earlier.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(span.as_secs()))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }

    /// RFC 3339 in UTC, for pages.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        i64::try_from(self.0)
            .ok()
            .and_then(|secs| OffsetDateTime::from_unix_timestamp(secs).ok())
            .and_then(|instant| instant.format(&Rfc3339).ok())
            .unwrap_or_default()
    }
}

/// An instant of this process alone, counted from some start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SteadyTime(Duration);

impl SteadyTime {
    pub(super) fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span))
    }

    /// How long after `earlier` this is; zero if it is not after it.
    pub(super) fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

/// Tells the time; the system's, or one that a test moves.
#[derive(Clone)]
pub struct Clock {
    wall: Arc<dyn Fn() -> SystemTime + Send + Sync>,
    steady: Arc<dyn Fn() -> Duration + Send + Sync>,
}

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        let start = Instant::now();
        Self { wall: Arc::new(SystemTime::now), steady: Arc::new(move || start.elapsed()) }
    }

    /// A clock of the caller's making. Its steady time goes on by what `now` does; where that is set back, from there.
    pub fn from_fn(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        let now = Arc::new(now);
        let (wall, passed) = (now.clone(), Mutex::new((None, Duration::ZERO)));
        let steady = move || {
            let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
            // Asked with the lock held: of two who ask at once neither sets the other's time back.
            let now = now();
            let (last, total) = *passed;
            let since_last = last.and_then(|last| now.duration_since(last).ok()).unwrap_or_default();
            *passed = (Some(now), total.saturating_add(since_last));
            passed.1
        };
        Self { wall: Arc::new(move || wall()), steady: Arc::new(steady) }
    }

    /// A clock of the caller's making, with a steady time that goes its own way.
    pub fn from_parts(
        wall: impl Fn() -> SystemTime + Send + Sync + 'static,
        steady: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> Self {
        Self { wall: Arc::new(wall), steady: Arc::new(steady) }
    }

    /// The instant it is now.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        let since_epoch = (self.wall)().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        UnixTime(since_epoch.as_secs())
    }

    pub(super) fn steady(&self) -> SteadyTime {
        SteadyTime((self.steady)())
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Clock({})", self.now().to_rfc3339())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_do_not_wrap() {
        let epoch = UnixTime::from_secs(0);
        assert_eq!(epoch.minus(Duration::from_secs(5)), epoch);
        assert_eq!(epoch.since(epoch.plus(Duration::from_secs(5))), Duration::ZERO);
        assert_eq!(UnixTime::from_secs(u64::MAX).plus(Duration::from_secs(1)), UnixTime::from_secs(u64::MAX));
    }

    #[test]
    fn steady_time_goes_on_after_a_clock_was_set_back_and_never_goes_back() {
        let wall = Arc::new(Mutex::new(SystemTime::UNIX_EPOCH + Duration::from_secs(100_000)));
        let told = wall.clone();
        let clock = Clock::from_fn(move || *told.lock().unwrap());
        let start = clock.steady();
        let mut passed = 0;
        for step in [10, 0, -50_000, 1, 30, -40, 3600, -200_000, 5] {
            let mut wall = wall.lock().unwrap();
            let span = Duration::from_secs(i64::unsigned_abs(step));
            *wall = if step < 0 { *wall - span } else { *wall + span };
            drop(wall);
            passed += u64::try_from(step).unwrap_or(0);
            assert_eq!(clock.clone().steady().since(start), Duration::from_secs(passed), "after {step} s");
        }
    }

    #[test]
    fn instants_read_as_rfc_3339() {
        assert_eq!(UnixTime::from_secs(1_700_000_000).to_rfc3339(), "2023-11-14T22:13:20Z");
        assert_eq!(UnixTime::from_secs(u64::MAX).to_rfc3339(), "");
    }
}
