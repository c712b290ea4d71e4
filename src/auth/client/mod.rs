//! Browser only: keeps the session on the page true. A page restored by the back button shows nothing private before
//! the server has confirmed it; a tab that comes back asks again; a renewal that was due is looked up.

use std::time::Duration;

use leptos::{ev, leptos_dom::helpers::set_timeout_with_handle, prelude::*};

use super::{Session, UseSession};

/// After a renewal was due, the time until the page asks for its outcome.
const AFTER_DUE: Duration = Duration::from_secs(1);
/// Questions that nobody clicked for come at most this often; while Cognito is away a renewal stays due.
const REFETCH_INTERVAL: Duration = Duration::from_secs(5);
/// A browser's timers count in 31 bits of milliseconds: ask again at least once a day.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// What the server rendered arrives with the page; without it the session is asked for.
pub(super) fn rendered_session() -> Option<Session> {
    None
}

/// Installs the listeners and the timer that keep `session` current.
pub(super) fn keep_current(session: UseSession) {
    // The back/forward cache restores a page as it was, signed in, after a sign-out: hide first, then ask.
    let page_show = window_event_listener(ev::pageshow, move |event| {
        if event.persisted() {
            session.hide_and_refetch();
        }
    });
    let last_asked = StoredValue::new(since_load());
    let ask_again = move || {
        let now = since_load();
        if is_visible() && now.saturating_sub(last_asked.get_value()) >= REFETCH_INTERVAL {
            last_asked.set_value(now);
            session.refetch();
        }
    };
    // Of two windows side by side both are visible, and only one has the focus.
    let visibility = window_event_listener(ev::visibilitychange, move |_| ask_again());
    let focus = window_event_listener(ev::focus, move |_| ask_again());
    on_cleanup(move || {
        page_show.remove();
        visibility.remove();
        focus.remove();
    });
    Effect::new(move |previous: Option<Option<TimeoutHandle>>| {
        if let Some(handle) = previous.flatten() {
            handle.clear();
        }
        let due = Duration::from_secs(session.session()?.refresh_due_in_secs);
        set_timeout_with_handle(
            move || {
                // A hidden tab must not keep a session alive: it asks when it is looked at again.
                if is_visible() {
                    session.refetch_by_itself();
                }
            },
            (due + AFTER_DUE).clamp(REFETCH_INTERVAL, LONGEST_WAIT),
        )
        .ok()
    });
}

fn is_visible() -> bool {
    document().visibility_state() == web_sys::VisibilityState::Visible
}

/// Time since the page was loaded; wall-clock changes do not move it.
fn since_load() -> Duration {
    window().performance().map_or(Duration::ZERO, |performance| Duration::from_secs_f64(performance.now() / 1000.0))
}
