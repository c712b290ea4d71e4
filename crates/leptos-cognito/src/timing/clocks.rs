//! The two clocks of a browser, and whether they agree.

use std::time::Duration;

/// What the clocks may differ by between two beats; a machine that slept, or a clock that was set, is further off.
const CLOCK_TOLERANCE_MS: u64 = 2_000;

/// What the browser's two clocks say, in milliseconds. `performance.now()` cannot be set, but may stand still while the
/// machine sleeps; the wall clock goes on, but may be set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Reading {
    pub(in super::super) steady_ms: i64,
    pub(in super::super) wall_ms: i64,
}

impl Reading {
    /// Time on the steady clock since `earlier`; zero if it is not earlier.
    pub(in super::super) fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.steady_ms.saturating_sub(earlier.steady_ms)).unwrap_or(0))
    }

    /// The reading that long ago.
    pub(in super::super) fn minus(self, ago: Duration) -> Self {
        let ago_ms = i64::try_from(ago.as_millis()).unwrap_or(i64::MAX);
        Self { steady_ms: self.steady_ms.saturating_sub(ago_ms), wall_ms: self.wall_ms.saturating_sub(ago_ms) }
    }

    /// Whether one clock went further than the other since `earlier`: then neither tells how much time has passed.
    pub(super) fn disagrees_since(self, earlier: Self) -> bool {
        let steady = self.steady_ms.saturating_sub(earlier.steady_ms);
        let wall = self.wall_ms.saturating_sub(earlier.wall_ms);
        wall.abs_diff(steady) > CLOCK_TOLERANCE_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(steady_ms: i64, wall_ms: i64) -> Reading {
        Reading { steady_ms, wall_ms }
    }

    #[test]
    fn time_is_told_by_the_steady_clock() {
        let earlier = reading(5_000, 1_800_000_000_000);
        for (later, expected_ms) in
            [((6_500, 1_800_000_001_500), 1_500), ((6_500, -7), 1_500), ((6_500, i64::MAX), 1_500), ((4_000, 0), 0)]
        {
            assert_eq!(reading(later.0, later.1).since(earlier), Duration::from_millis(expected_ms), "{later:?}");
        }
        assert_eq!(earlier.minus(Duration::from_secs(5)), reading(0, 1_799_999_995_000));
    }

    #[test]
    fn clocks_that_went_apart_disagree_whichever_went_further() {
        let earlier = reading(0, 0);
        for (later, expected) in [
            ((30_000, 30_000), false),
            ((30_000, 31_999), false),
            ((30_000, 28_001), false),
            // The wall clock was set on, or the machine slept while the steady clock stood still.
            ((30_000, 3_630_000), true),
            // The wall clock was set back.
            ((30_000, -3_600_000), true),
            // The machine slept, and the wall clock is wrong.
            ((3_600_000, 30_000), true),
            ((0, i64::MIN), true),
        ] {
            assert_eq!(reading(later.0, later.1).disagrees_since(earlier), expected, "{later:?}");
        }
    }
}
