//! Small parts that the pages are made of: times, badges, tokens, buttons with their sentence.

use maud::{Markup, html};
use time::OffsetDateTime;

use super::super::torment::{MOVE_CLOCK, Torment};
use super::super::view::SignInStatus;
use super::notices::Reply;

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

/// A table: rows with their id and a cell for each heading. Where it is narrow each row is a list, and each cell says what it
/// is; the roles stay, which a browser takes away from a table that is laid out otherwise.
pub(super) fn rows(caption: &str, headings: &[&str], rows: impl Iterator<Item = (String, Vec<Markup>)>) -> Markup {
    html! {
        table role="table" {
            caption { (caption) }
            thead role="rowgroup" { tr role="row" {
                @for heading in headings { th scope="col" role="columnheader" { (heading) } }
            } }
            tbody role="rowgroup" { @for (id, cells) in rows {
                tr id=(id) role="row" {
                    @for (heading, cell) in headings.iter().zip(cells) { td role="cell" data-heading=(heading) { span { (cell) } } }
                }
            } }
        }
    }
}

/// A button for an order, with the sentence that says what the app should do, and what came of it. `fixed` goes along
/// unseen, `inputs` are the person's; `back` is the page to return to.
pub(super) fn order(reply: &Reply, torment: &Torment, back: &str, fixed: &[(&str, &str)], inputs: &Markup) -> Markup {
    let place = place_of(torment, fixed);
    let advice_id = format!("advice-{place}");
    order_form(
        &place,
        torment,
        back,
        fixed,
        &html! {
            (inputs)
            button.danger[torment.is_destructive()] type="submit" aria-describedby=(advice_id) { (torment.title) }
            (reply.at(&place))
            p.advice #(advice_id) { (torment.advice) }
        },
    )
}

/// The form alone. At `place` is what came of it.
pub(super) fn order_form(
    place: &str,
    torment: &Torment,
    back: &str,
    fixed: &[(&str, &str)],
    content: &Markup,
) -> Markup {
    html! {
        form.order method="post" action={ "/_console/orders/" (torment.endpoint) } {
            input type="hidden" name="back" value=(back);
            input type="hidden" name="place" value=(place);
            @for (name, value) in fixed { input type="hidden" name=(name) value=(value); }
            (content)
        }
    }
}

/// Unique on a page: the order and what it is for. To disable and to enable are one place: there is one button for both.
pub(super) fn place_of(torment: &Torment, fixed: &[(&str, &str)]) -> String {
    let title = if torment.action == "enable" { "disable" } else { torment.title };
    let values = fixed.iter().filter(|(name, _)| *name != "action").map(|(_, value)| *value);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    std::iter::once(title).chain(values).collect::<Vec<_>>().join("-").chars().map(plain).collect()
}

/// Moves the clock. On the overview, on the page of all faults, and of a sign-in.
pub(super) fn clock_buttons(reply: &Reply, back: &str) -> Markup {
    let moves = [("300", "+5 min"), ("3600", "+1 h"), ("86400", "+1 day"), ("2678400", "+31 days")];
    let buttons = html! {
        div.buttons role="group" aria-label="Move the clock" {
            @for (secs, title) in moves {
                button type="submit" name="advance_secs" value=(secs) { (title) }
            }
            button type="submit" name="advance_secs" value="-3600" { "−1 h" }
            button type="submit" name="offset_secs" value="0" { "Real time" }
        }
        (reply.at("clock"))
        p.advice { (MOVE_CLOCK.advice) }
    };
    order_form("clock", &MOVE_CLOCK, back, &[], &buttons)
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
