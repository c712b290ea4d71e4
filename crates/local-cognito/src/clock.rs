//! The clock that a test or the control API moves. Everything in Local Cognito reads the time from it, and so does
//! the app beside it: past one hour in a moment, without sleeping.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::settings::Clock;

/// A thousand years either way: far beyond any use, and far from where adding times overflows.
const MAX_OFFSET_SECS: i64 = 1000 * 365 * 24 * 60 * 60;

/// A clock that runs ahead of another or behind it, but never before 1970.
#[derive(Clone)]
pub(super) struct MovableClock {
    base: Clock,
    offset_secs: Arc<AtomicI64>,
}

impl MovableClock {
    pub(super) fn new(base: Clock) -> Self {
        Self { base, offset_secs: Arc::default() }
    }

    /// Forward, or back where `secs` is negative.
    pub(super) fn jump(&self, secs: i64) {
        let add = |offset: i64| Some(offset.saturating_add(secs).clamp(-MAX_OFFSET_SECS, MAX_OFFSET_SECS));
        // Never an error: `add` always has a value.
        let _ = self.offset_secs.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
    }

    pub(super) fn as_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }

    /// How far it was moved, in seconds.
    pub(super) fn offset_secs(&self) -> i64 {
        self.offset_secs.load(Ordering::SeqCst)
    }

    /// Unix seconds.
    pub(super) fn now_secs(&self) -> u64 {
        self.now().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
    }

    fn now(&self) -> SystemTime {
        let offset = self.offset_secs();
        let (base, span) = ((self.base)(), Duration::from_secs(offset.unsigned_abs()));
        let moved = if offset < 0 { base.checked_sub(span) } else { base.checked_add(span) };
        moved.unwrap_or(UNIX_EPOCH).max(UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(secs)
    }

    #[test]
    fn all_who_read_it_see_it_move_both_ways() {
        let movable = MovableClock::new(Arc::new(|| at(10_000)));
        let (one, other) = (movable.as_clock(), movable.clone().as_clock());
        movable.jump(3700);
        assert_eq!(one(), at(13_700));
        movable.jump(-7200);
        assert_eq!(one(), at(6500));
        movable.jump(100);
        assert_eq!((one(), other()), (at(6600), at(6600)));
    }

    #[test]
    fn no_move_leads_out_of_time() {
        let movable = MovableClock::new(Arc::new(|| at(10_000)));
        let clock = movable.as_clock();
        movable.jump(-20_000);
        assert_eq!(clock(), UNIX_EPOCH);
        for _ in 0..2 {
            movable.jump(i64::MIN);
            assert_eq!(clock(), UNIX_EPOCH);
        }
        for _ in 0..3 {
            movable.jump(i64::MAX);
        }
        assert_eq!(clock(), at(10_000 + 31_536_000_000));
    }
}
