//! Shows an instant that the server wrote as RFC 3339 in UTC, and reckons with it. The machine-readable form
//! goes along.

use leptos::prelude::*;

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date and a time of day in UTC, to the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    year: i64,
    month: i64,
    day: i64,
    secs_of_day: i64,
}

impl Moment {
    /// Reads an RFC 3339 instant in UTC; nothing for anything else. Fractions of a second are dropped.
    pub(super) fn parse(instant: &str) -> Option<Self> {
        let (date, time) = instant.strip_suffix('Z')?.split_once('T')?;
        let (time, _) = time.split_once('.').unwrap_or((time, ""));
        let [year, month, day] = numbers(date, '-')?;
        let [hours, minutes, secs] = numbers(time, ':')?;
        let is_real = (1..=12).contains(&month) && (1..=31).contains(&day) && hours < 24 && minutes < 60 && secs <= 60;
        is_real.then_some(Self { year, month, day, secs_of_day: hours * 3600 + minutes * 60 + secs })
    }

    /// Seconds since 1970 (days by the civil calendar, years counted from March).
    pub(super) fn unix_secs(self) -> i64 {
        let (year, month) = if self.month > 2 { (self.year, self.month - 3) } else { (self.year - 1, self.month + 9) };
        let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + self.day
            - 719_469;
        days * 86_400 + self.secs_of_day
    }

    /// `20 Nov 2026, 20:30`
    fn in_full(self) -> String {
        format!("{} {} {}, {}", self.day, self.month_name(), self.year, self.clock())
    }

    /// `20 Nov, 20:30`
    fn in_short(self) -> String {
        format!("{} {}, {}", self.day, self.month_name(), self.clock())
    }

    /// `20:30`
    pub(super) fn clock(self) -> String {
        clock(self.secs_of_day)
    }

    fn month_name(self) -> &'static str {
        usize::try_from(self.month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
    }
}

/// The time of day, hours and minutes, of an instant in seconds since 1970.
pub(super) fn clock(unix_secs: i64) -> String {
    let minutes = unix_secs.rem_euclid(86_400) / 60;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Three plain numbers.
fn numbers(text: &str, separator: char) -> Option<[i64; 3]> {
    let mut parts = text.split(separator).map(|part| {
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { part.parse().ok() } else { None }
    });
    let three = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(three)
}

/// `20 Nov 2026, 20:30`, in a `<time>`. The page says that times are UTC.
#[component]
pub(super) fn Instant(
    /// An RFC 3339 instant in UTC.
    at: String,
    /// Without the year, for a list.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let text = Moment::parse(&at).map(|moment| if short { moment.in_short() } else { moment.in_full() });
    let text = text.unwrap_or_else(|| at.clone());
    view! { <time datetime=at>{text}</time> }
}

#[cfg(test)]
mod tests {
    use super::{Moment, clock};

    #[test]
    fn an_instant_is_shown_to_the_minute() {
        for instant in ["2026-11-20T10:28:31Z", "2026-11-20T10:28:31.123456Z", "2026-11-20T10:28:60Z"] {
            let moment = Moment::parse(instant).unwrap();
            assert!(moment.in_full().starts_with("20 Nov 2026, 10:2"), "{}", moment.in_full());
        }
        assert_eq!(Moment::parse("2026-01-02T03:04:05Z").unwrap().in_short(), "2 Jan, 03:04");
    }

    #[test]
    fn seconds_are_counted_from_1970() {
        for (instant, secs) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1999-12-31T23:59:59Z", 946_684_799),
            ("2000-02-29T12:00:00Z", 951_825_600),
            ("2026-11-20T10:28:31Z", 1_795_170_511),
            ("2100-03-01T00:00:00Z", 4_107_542_400),
        ] {
            assert_eq!(Moment::parse(instant).unwrap().unix_secs(), secs, "{instant}");
        }
        assert_eq!(clock(1_795_170_511), "10:28");
    }

    #[test]
    fn anything_else_is_left_alone() {
        for other in [
            "",
            "Z",
            "TZ",
            "2026-11-20",
            "2026-11-20T10:28Z",
            "2026-11-20T10:28:31+01:00",
            "2026-11-20T10€Z",
            "T1:2Z",
            "2026-13-01T00:00:00Z",
            "2026-01-01T24:00:00Z",
            "2026-01-01T-1:00:00Z",
            "2026-01-01-01T00:00:00Z",
        ] {
            assert_eq!(Moment::parse(other), None, "{other}");
        }
    }
}
