//! `clock`: moves the clock, forward or back, or to a distance from the real time.

use serde::{Deserialize, Serialize};

use super::super::service::Service;
use super::{Done, Order, Problem, bad};

/// A hundred years; what lies beyond is a mistake in the unit.
const MAX_MOVE_SECS: u64 = 100 * 365 * 24 * 60 * 60;

/// One of the two.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct MoveClock {
    /// Negative: back.
    advance_secs: Option<i64>,
    /// Ahead of the computer's own clock, or behind it where negative; 0 is the real time.
    offset_secs: Option<i64>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct Moved {
    /// Unix seconds.
    now: u64,
}

impl Order for MoveClock {
    type Answer = Moved;

    fn carry_out(self, service: &Service) -> Result<Done<Moved>, Problem> {
        let (asked, name) = match (self.advance_secs, self.offset_secs) {
            (Some(secs), None) => (secs, "advance_secs"),
            (None, Some(secs)) => (secs, "offset_secs"),
            _ => return bad("say either advance_secs or offset_secs"),
        };
        if asked.unsigned_abs() > MAX_MOVE_SECS {
            return bad(format!("{name} is more than a hundred years"));
        }
        let so_far = if name == "offset_secs" { service.common.clock.offset_secs() } else { 0 };
        let secs = asked.saturating_sub(so_far);
        service.move_clock(secs);
        let sentence = match service.common.clock.offset_secs() {
            0 => "The clock shows the real time.".to_owned(),
            ahead @ 1.. => format!("The clock is now {} ahead of the real time.", describe_span(ahead.unsigned_abs())),
            behind => format!("The clock is now {} behind the real time.", describe_span(behind.unsigned_abs())),
        };
        Ok(Done { answer: Moved { now: service.now() }, sentence })
    }
}

/// The two largest units of a number of seconds: `2 d 3 h`.
pub(in super::super) fn describe_span(secs: u64) -> String {
    let units = [(secs / 86_400, "d"), (secs / 3600 % 24, "h"), (secs / 60 % 60, "min"), (secs % 60, "s")];
    let parts = units.iter().skip_while(|(number, _)| *number == 0).take(2).filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts.map(|(number, unit)| format!("{number} {unit}")).collect();
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_told_by_its_two_largest_units() {
        for (secs, told) in [
            (0, "0 s"),
            (59, "59 s"),
            (3600, "1 h"),
            (3661, "1 h 1 min"),
            (3601, "1 h"),
            (86_400 + 7200, "1 d 2 h"),
            (31 * 86_400, "31 d"),
        ] {
            assert_eq!(describe_span(secs), told);
        }
    }
}
