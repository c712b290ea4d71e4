//! The session as a picture: one line, and below it the access tokens that carried it, each where it was in time. Drawn
//! from the timeline. The list beside it says the same; the picture is for the eye alone.

use leptos::prelude::*;

use super::instant::{Moment, TimeOfDay};
use leptos_cognito::{Session, SessionEvent, TimelineEntry};

const WIDTH: i64 = 1000;
/// The session's line, and the two rows in which tokens take turns.
const LINE_Y: i64 = 12;
const ROW_Y: [i64; 2] = [36, 52];

/// What is drawn: paths, and the times at both ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Drawing {
    ahead: String,
    session: String,
    waiting: String,
    tokens: String,
    now: String,
    /// In seconds since 1970.
    from: i64,
    until: i64,
}

impl Drawing {
    /// Nothing where the instants cannot be read.
    pub(super) fn of(session: &Session, entries: &[TimelineEntry]) -> Option<Self> {
        let signed_in = Moment::parse(&session.signed_in_at)?.unix_secs();
        let came = session.refreshed_at.as_deref().and_then(Moment::parse).map_or(signed_in, Moment::unix_secs);
        let life = i64::try_from(session.access_token_life_secs).ok().filter(|life| *life > 0)?;
        let left = i64::try_from(session.access_token_expires_in_secs).ok()?;
        let events: Vec<(i64, SessionEvent)> =
            entries.iter().filter_map(|entry| Some((Moment::parse(&entry.at)?.unix_secs(), entry.event))).collect();
        let last_event = events.iter().map(|(at, _)| *at).max().unwrap_or(came);
        let now = if left == 0 { last_event.max(came + life) } else { came + life - left };
        let mut starts: Vec<i64> =
            events.iter().filter(|(_, event)| begins_a_token(*event)).map(|(at, _)| *at).collect();
        // The timeline is bounded and this server's own; the session knows its current token anyway.
        starts.push(came);
        starts.sort_unstable();
        starts.dedup();
        let start = *starts.first()?;
        let end = now.max(came + life);
        let x = |at: i64| (at.clamp(start, end) - start) * WIDTH / (end - start).max(1);
        let tokens = starts
            .iter()
            .enumerate()
            .map(|(index, at)| format!("M{} {y}H{}", x(*at), x(at + life), y = ROW_Y[index % ROW_Y.len()]));
        let waiting =
            stretches_without_cognito(&events, now).map(|(from, until)| format!("M{} {LINE_Y}H{}", x(from), x(until)));
        Some(Self {
            ahead: format!("M0 {LINE_Y}H{WIDTH}"),
            session: format!("M0 {LINE_Y}H{}", x(now)),
            waiting: waiting.collect(),
            tokens: tokens.collect(),
            now: format!("M{0} 0V64", x(now)),
            from: start,
            until: end,
        })
    }
}

fn begins_a_token(event: SessionEvent) -> bool {
    matches!(event, SessionEvent::SignedIn | SessionEvent::Refreshed)
}

/// From where Cognito was missed to where it was back.
fn stretches_without_cognito(events: &[(i64, SessionEvent)], now: i64) -> impl Iterator<Item = (i64, i64)> + use<'_> {
    events.iter().enumerate().filter(|(_, (_, event))| *event == SessionEvent::Degraded).map(
        move |(index, (from, _))| {
            let back = events[index + 1..].iter().find(|(_, event)| *event != SessionEvent::Degraded);
            (*from, back.map_or(now, |(at, _)| *at))
        },
    )
}

/// The picture, with the times at both ends below it.
#[component]
pub(super) fn Relay(
    /// What to draw.
    drawing: Drawing,
) -> impl IntoView {
    view! {
        <div class="relay" aria-hidden="true">
            <svg viewBox="0 0 1000 64" preserveAspectRatio="none" width="1000" height="64" focusable="false">
                <path class="relay-now" d=drawing.now />
                <path class="relay-ahead" d=drawing.ahead />
                <path class="relay-session" d=drawing.session />
                <path class="relay-waiting" d=drawing.waiting />
                <path class="relay-tokens" d=drawing.tokens />
            </svg>
            <p class="life-times">
                <span>
                    <TimeOfDay at=Some(drawing.from) />
                </span>
                <span class="key">
                    <span class="key-session">"session"</span>
                    <span class="key-token">"access tokens"</span>
                </span>
                <span>
                    <TimeOfDay at=Some(drawing.until) />
                </span>
            </p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::{super::session_card::tests::session, *};

    fn entry(at: &str, event: SessionEvent) -> TimelineEntry {
        TimelineEntry { at: format!("2026-11-20T{at}:00Z"), event }
    }

    #[test]
    fn tokens_take_turns_and_overlap() {
        let mut session = session(3600, false);
        session.refreshed_at = Some("2026-11-20T21:30:00Z".to_owned());
        let entries = [entry("20:30", SessionEvent::SignedIn), entry("21:30", SessionEvent::Refreshed)];
        let drawing = Drawing::of(&session, &entries).unwrap();
        assert_eq!(drawing.tokens, "M0 36H500M500 52H1000");
        assert_eq!((drawing.session.as_str(), drawing.now.as_str()), ("M0 12H500", "M500 0V64"));
        let at = |clock: &str| Moment::parse(&format!("2026-11-20T{clock}:00Z")).unwrap().unix_secs();
        assert_eq!((drawing.from, drawing.until, drawing.waiting.as_str()), (at("20:30"), at("22:30"), ""));
    }

    #[test]
    fn without_cognito_the_line_goes_on_to_where_it_is_known() {
        let entries = [entry("20:30", SessionEvent::SignedIn), entry("22:30", SessionEvent::Degraded)];
        let drawing = Drawing::of(&session(0, true), &entries).unwrap();
        assert_eq!((drawing.session.as_str(), drawing.waiting.as_str()), ("M0 12H1000", "M1000 12H1000"));
        let back =
            [entries[0].clone(), entry("21:30", SessionEvent::Degraded), entry("22:00", SessionEvent::Refreshed)];
        let mut renewed = session(3600, false);
        renewed.refreshed_at = Some("2026-11-20T22:00:00Z".to_owned());
        assert_eq!(Drawing::of(&renewed, &back).unwrap().waiting, "M400 12H600");
    }

    #[test]
    fn a_server_that_was_restarted_knows_the_current_token_alone() {
        let drawing = Drawing::of(&session(1800, false), &[]).unwrap();
        assert_eq!((drawing.tokens.as_str(), drawing.now.as_str()), ("M0 36H1000", "M500 0V64"));
    }

    #[test]
    fn what_makes_no_sense_draws_nothing() {
        let mut odd = session(0, false);
        odd.access_token_life_secs = 0;
        assert_eq!(Drawing::of(&odd, &[]), None);
        odd.signed_in_at = String::new();
        assert_eq!(Drawing::of(&odd, &[]), None);
    }
}
