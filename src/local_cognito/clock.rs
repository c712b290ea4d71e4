//! The clock that a test or the control endpoint moves. Everything in Local Cognito reads the time from it, and so does
//! the app beside it: past one hour in a moment, without sleeping.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::settings::Clock;

/// A clock that runs ahead of another. It only moves forward.
#[derive(Clone)]
pub(super) struct MovableClock {
    base: Clock,
    ahead_secs: Arc<AtomicU64>,
}

impl MovableClock {
    pub(super) fn new(base: Clock) -> Self {
        Self { base, ahead_secs: Arc::default() }
    }

    pub(super) fn advance(&self, span: Duration) {
        self.ahead_secs.fetch_add(span.as_secs(), Ordering::SeqCst);
    }

    pub(super) fn as_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || (clock.base)() + Duration::from_secs(clock.ahead_secs.load(Ordering::SeqCst)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn all_who_read_it_see_it_move() {
        let movable = MovableClock::new(Arc::new(|| UNIX_EPOCH));
        let (one, other) = (movable.as_clock(), movable.clone().as_clock());
        movable.advance(Duration::from_secs(3700));
        assert_eq!(one(), UNIX_EPOCH + Duration::from_secs(3700));
        assert_eq!(one(), other());
    }
}
