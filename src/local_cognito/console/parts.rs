//! Small parts that the pages are made of: times, badges, tokens, buttons with their sentence.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::super::torment::Torment;
use super::super::view::SignInStatus;

/// Unix seconds as `2023-11-14 22:13:20`, in UTC.
pub(super) fn time(secs: u64) -> Markup {
    let text = write_time(secs);
    html! { time datetime=(text.replacen(' ', "T", 1) + "Z") { (text) } }
}

fn write_time(secs: u64) -> String {
    let moment = i64::try_from(secs).ok().and_then(|secs| OffsetDateTime::from_unix_timestamp(secs).ok());
    moment.map_or_else(
        || secs.to_string(),
        |at| {
            let (date, (hour, minute, second)) = (at.date(), at.to_hms());
            format!("{date} {hour:02}:{minute:02}:{second:02}")
        },
    )
}

/// A token's short hash.
pub(super) fn token(hash: &str) -> Markup {
    html! { code.token { "#" (hash) } }
}

pub(super) fn status_badge(status: SignInStatus) -> Markup {
    let (class, text) = match status {
        SignInStatus::Live => ("good", "Live"),
        SignInStatus::Revoked => ("bad", "Revoked"),
        SignInStatus::Expired => ("over", "Expired"),
        SignInStatus::Barred => ("bad", "User may not sign in"),
    };
    badge(class, text)
}

/// `good`, `bad`, `over` or `plain`.
pub(super) fn badge(class: &str, text: &str) -> Markup {
    html! { span class={ "badge " (class) } { (text) } }
}

/// A button for an order, with the sentence that says what the app should do. `fixed` goes along unseen, `inputs` are
/// the person's; `back` is the page to return to.
pub(super) fn order(torment: &Torment, back: &str, fixed: &[(&str, &str)], inputs: &Markup) -> Markup {
    let advice_id = advice_id(torment, fixed);
    order_form(
        torment,
        back,
        fixed,
        &html! {
            (inputs)
            button type="submit" aria-describedby=(advice_id) { (torment.title) }
            p.advice #(advice_id) { (torment.advice) }
        },
    )
}

/// The form alone.
pub(super) fn order_form(torment: &Torment, back: &str, fixed: &[(&str, &str)], content: &Markup) -> Markup {
    html! {
        form.order method="post" action={ "/_console/orders/" (torment.endpoint) } {
            input type="hidden" name="back" value=(back);
            @for (name, value) in fixed { input type="hidden" name=(name) value=(value); }
            (content)
        }
    }
}

/// Unique on a page: the order and what it is for.
pub(super) fn advice_id(torment: &Torment, fixed: &[(&str, &str)]) -> String {
    let parts = std::iter::once(torment.title).chain(fixed.iter().map(|(_, value)| *value));
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let id: String = parts.collect::<Vec<_>>().join("-").chars().map(plain).collect();
    format!("advice-{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_utc_and_never_fail() {
        assert_eq!(write_time(1_700_000_000), "2023-11-14 22:13:20");
        assert_eq!(write_time(u64::MAX), u64::MAX.to_string());
    }
}
