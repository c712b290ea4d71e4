//! Shows an instant that the server wrote as RFC 3339 in UTC, and reckons with it. Written in UTC and marked as such; where
//! scripts run, `program.js` writes it in the reader's own time zone.

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

    /// The moment that many seconds after 1970.
    fn from_unix_secs(secs: i64) -> Self {
        let days = secs.div_euclid(86_400) + 719_468;
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Self {
            year: year_of_era + days.div_euclid(146_097) * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * from_march + 2) / 5 + 1,
            secs_of_day: secs.rem_euclid(86_400),
        }
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
    fn clock(self) -> String {
        let minutes = self.secs_of_day / 60;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn to_rfc3339(self) -> String {
        let Self { year, month, day, secs_of_day } = self;
        let secs = secs_of_day % 60;
        format!("{year:04}-{month:02}-{day:02}T{}:{secs:02}Z", self.clock())
    }

    fn month_name(self) -> &'static str {
        usize::try_from(self.month - 1).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default()
    }
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

/// `20 Nov 2026, 20:30 UTC`, in a `<time>`.
#[component]
pub(super) fn Instant(
    /// An RFC 3339 instant in UTC.
    at: String,
    /// Without the year, for a list.
    #[prop(optional)]
    short: bool,
) -> impl IntoView {
    let text = Moment::parse(&at).map(|moment| if short { moment.in_short() } else { moment.in_full() });
    let text = text.map_or_else(|| at.clone(), |text| format!("{text} UTC"));
    view! { <time datetime=at data-local=if short { "short" } else { "full" }>{text}</time> }
}

/// `20:30 UTC`, in a `<time>`; empty where there is none.
#[component]
pub(super) fn TimeOfDay(
    /// Seconds since 1970.
    #[prop(into)]
    at: Signal<Option<i64>>,
) -> impl IntoView {
    let moment = move || at.get().map(Moment::from_unix_secs);
    view! {
        <time datetime=move || moment().map(Moment::to_rfc3339).unwrap_or_default() data-local="clock">
            {move || moment().map(|moment| format!("{} UTC", moment.clock())).unwrap_or_default()}
        </time>
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

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
            let moment = Moment::parse(instant).unwrap();
            assert_eq!(moment.unix_secs(), secs, "{instant}");
            assert_eq!(Moment::from_unix_secs(secs), moment);
            assert_eq!(moment.to_rfc3339(), instant);
        }
        assert_eq!(Moment::from_unix_secs(-1).to_rfc3339(), "1969-12-31T23:59:59Z");
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
