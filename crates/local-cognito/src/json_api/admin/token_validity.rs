//! Lifetimes of tokens as the API has them: a number, and its unit in `TokenValidityUnits`. Used by the two operations
//! on app clients.

use serde::{Deserialize, Serialize};

use super::ApiError;

const MINUTE_SECS: u64 = 60;
const HOUR_SECS: u64 = 60 * MINUTE_SECS;
const DAY_SECS: u64 = 24 * HOUR_SECS;

/// `TimeUnitsType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TimeUnit {
    Seconds,
    Minutes,
    Hours,
    Days,
}

impl TimeUnit {
    fn secs(self) -> u64 {
        match self {
            TimeUnit::Seconds => 1,
            TimeUnit::Minutes => MINUTE_SECS,
            TimeUnit::Hours => HOUR_SECS,
            TimeUnit::Days => DAY_SECS,
        }
    }
}

/// `TokenValidityUnits` of a request: what is absent has the unit of its [`Lifetime`].
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Units {
    pub(super) access_token: Option<TimeUnit>,
    pub(super) id_token: Option<TimeUnit>,
    pub(super) refresh_token: Option<TimeUnit>,
}

/// What Cognito takes and supposes for one kind of token (UpdateUserPoolClient, API reference).
pub(super) struct Lifetime {
    unit: TimeUnit,
    default_secs: u64,
    least_secs: u64,
    most_secs: u64,
}

/// Access and ID tokens: 5 minutes to a day, an hour by default.
pub(super) const SHORT: Lifetime =
    Lifetime { unit: TimeUnit::Hours, default_secs: HOUR_SECS, least_secs: 5 * MINUTE_SECS, most_secs: DAY_SECS };
/// Refresh tokens: an hour to ten years, 30 days by default.
pub(super) const LONG: Lifetime =
    Lifetime { unit: TimeUnit::Days, default_secs: 30 * DAY_SECS, least_secs: HOUR_SECS, most_secs: 3650 * DAY_SECS };

impl Lifetime {
    /// In seconds. Absent and 0 mean the default.
    pub(super) fn read(&self, value: Option<i64>, unit: Option<TimeUnit>) -> Result<u64, ApiError> {
        let Some(value) = value.filter(|value| *value != 0) else { return Ok(self.default_secs) };
        let secs = u64::try_from(value).ok().and_then(|value| value.checked_mul(unit.unwrap_or(self.unit).secs()));
        let secs = secs.filter(|secs| (self.least_secs..=self.most_secs).contains(secs));
        secs.ok_or_else(|| ApiError::invalid_parameter("Invalid range for token validity."))
    }

    /// In the unit that is left out by default where that is exact, else in the largest that is.
    pub(super) fn describe(&self, secs: u64) -> (u64, TimeUnit) {
        let units = [self.unit, TimeUnit::Days, TimeUnit::Hours, TimeUnit::Minutes];
        let unit = units.into_iter().find(|unit| secs.is_multiple_of(unit.secs())).unwrap_or(TimeUnit::Seconds);
        (secs / unit.secs(), unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_read_in_its_unit_and_within_its_limits() {
        for (value, unit, secs) in [
            (None, Some(TimeUnit::Minutes), Some(3600)),
            (Some(0), None, Some(3600)),
            (Some(2), None, Some(7200)),
            (Some(5), Some(TimeUnit::Minutes), Some(300)),
            (Some(299), Some(TimeUnit::Seconds), None),
            (Some(1), Some(TimeUnit::Days), Some(86_400)),
            (Some(25), None, None),
            (Some(-1), None, None),
            (Some(i64::MAX), Some(TimeUnit::Days), None),
        ] {
            assert_eq!(SHORT.read(value, unit).ok(), secs, "{value:?} {unit:?}");
        }
        assert_eq!(LONG.read(Some(3650), None).ok(), Some(315_360_000));
        assert_eq!(LONG.read(Some(59), Some(TimeUnit::Minutes)).ok(), None);
    }

    #[test]
    fn a_lifetime_is_written_in_a_unit_that_fits() {
        for (secs, written) in [
            (3600, (1, TimeUnit::Hours)),
            (86_400, (24, TimeUnit::Hours)),
            (300, (5, TimeUnit::Minutes)),
            (7, (7, TimeUnit::Seconds)),
        ] {
            assert_eq!(SHORT.describe(secs), written);
        }
        assert_eq!(LONG.describe(3600), (1, TimeUnit::Hours));
    }
}
