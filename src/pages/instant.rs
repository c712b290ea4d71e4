//! Shows an instant that the server wrote as RFC 3339 in UTC. The same text on both sides, so hydration finds what it
//! expects; the machine-readable form goes along.

use leptos::prelude::*;

/// `2026-11-20 10:28 UTC`, in a `<time>`.
#[component]
pub(super) fn Instant(
    /// An RFC 3339 instant in UTC.
    at: String,
) -> impl IntoView {
    let text = to_minute(&at).unwrap_or_else(|| at.clone());
    view! { <time datetime=at>{text}</time> }
}

/// The date and the minute of an RFC 3339 instant in UTC; nothing for anything else.
fn to_minute(instant: &str) -> Option<String> {
    let (date, time) = instant.strip_suffix('Z')?.split_once('T')?;
    let (hours, rest) = time.split_once(':')?;
    let minutes = rest.get(..2)?;
    Some(format!("{date} {hours}:{minutes} UTC"))
}

#[cfg(test)]
mod tests {
    use super::to_minute;

    #[test]
    fn an_instant_is_cut_to_the_minute() {
        for instant in ["2026-11-20T10:28:31Z", "2026-11-20T10:28:31.123456Z", "2026-11-20T10:28Z"] {
            assert_eq!(to_minute(instant).as_deref(), Some("2026-11-20 10:28 UTC"), "{instant}");
        }
    }

    #[test]
    fn anything_else_is_left_alone() {
        for other in ["", "Z", "TZ", "2026-11-20", "2026-11-20T10:28:31+01:00", "2026-11-20T10€Z", "T1:2Z"] {
            assert_eq!(to_minute(other), None, "{other}");
        }
    }
}
