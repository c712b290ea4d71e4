//! What a page says about its session by itself: that it ends soon, that somebody else is signed in now, or that Cognito is
//! away. Goes into the frame around the pages, once.

use leptos::prelude::*;

use super::{SignInAgain, side, use_session};

/// An end is told this long ahead, give or take half a minute (WCAG 2.2.1 asks for 20 seconds at least).
const WARNING_LEAD_SECS: u64 = 5 * 60;
/// Below this, what is left is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;
/// Nothing more can be typed: the form is concealed.
const KEPT: &str = "What was typed here is kept, out of sight: signing in as before, in another tab, shows it again. Loading \
                    this page anew drops it.";

/// What there is to say; the most urgent alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Notice {
    Nothing,
    SomeoneElse,
    Ending,
    Idle,
    Degraded,
}

impl Notice {
    fn class(self) -> &'static str {
        match self {
            Self::Nothing => "notice notice--nothing",
            Self::SomeoneElse => "notice notice--someone-else",
            Self::Ending => "notice notice--ending",
            Self::Idle => "notice notice--idle",
            Self::Degraded => "notice notice--degraded",
        }
    }
}

/// The notices about the session. The region that a screen reader reads out is there from the start; what counts down and
/// the button are beside it, so that they are not read out every second. All of it is there always, and hidden: that takes
/// the least code in the browser.
#[component]
pub fn SessionNotices() -> impl IntoView {
    let session = use_session();
    let ends_in = session.secs_left(|session| session.ends_in_secs);
    let idle_ends_in = session.secs_left(|session| session.idle_ends_in_secs);
    let due_in = session.secs_left(|session| session.refresh_due_in_secs);
    let notice = Memo::new(move |_| {
        let (idle_limit_secs, is_degraded) = session
            .session
            .with(|session| session.as_ref().map_or((0, false), |now| (now.idle_limit_secs, now.degraded)));
        // Before half the idle limit is over, to be seen changes nothing.
        let idle_ends_in = idle_ends_in.get().filter(|secs| *secs <= idle_limit_secs / 2);
        choose(session.someone_else().is_some(), ends_in.get(), idle_ends_in, is_degraded)
    });
    Effect::new(move |counted: Option<bool>| {
        let counts = !matches!(notice.get(), Notice::Nothing | Notice::SomeoneElse);
        if counts && counted != Some(true) {
            side::start_ticking();
        } else if !counts && counted == Some(true) {
            side::stop_ticking();
        }
        counts
    });
    let left = move || {
        let (label, secs) = match notice.get() {
            Notice::Nothing => return String::new(),
            Notice::SomeoneElse => return if side::has_typed_text() { KEPT.to_owned() } else { String::new() },
            Notice::Ending => ("It ends", ends_in.get()),
            Notice::Idle => ("It ends", idle_ends_in.get()),
            Notice::Degraded => ("Next try", due_in.get()),
        };
        format!("{label} {}.", in_words(secs.unwrap_or_default()))
    };
    let is_not = move |this| move || notice.get() != this;
    view! {
        <section class=move || notice.get().class() aria-label="Your session">
            <p role="status" class="notice__text">
                {move || text(notice.get(), session.someone_else())}
            </p>
            <p class="notice__left">{left}</p>
            <p class="notice__action" hidden=is_not(Notice::Ending)>
                <SignInAgain class="button">"Sign in again"</SignInAgain>
            </p>
            <p class="notice__action" hidden=is_not(Notice::Idle)>
                <button type="button" class="button" on:click=move |_| session.refetch()>
                    "Stay signed in"
                </button>
            </p>
            <p class="notice__action" hidden=is_not(Notice::SomeoneElse)>
                <button type="button" class="button" on:click=|_| side::reload()>
                    "Load this page anew"
                </button>
            </p>
        </section>
    }
}

fn choose(is_someone_else: bool, ends_in: Option<u64>, idle_ends_in: Option<u64>, is_degraded: bool) -> Notice {
    let is_soon = |secs: Option<u64>| secs.is_some_and(|secs| secs <= WARNING_LEAD_SECS);
    if is_someone_else {
        Notice::SomeoneElse
    } else if is_soon(ends_in) {
        Notice::Ending
    } else if is_soon(idle_ends_in) {
        Notice::Idle
    } else if is_degraded {
        Notice::Degraded
    } else {
        Notice::Nothing
    }
}

fn text(notice: Notice, someone_else: Option<String>) -> String {
    match notice {
        Notice::Nothing => String::new(),
        Notice::SomeoneElse => format!(
            "{} is signed in now. This page was opened by somebody else, and shows nothing of theirs any more.",
            someone_else.unwrap_or_default()
        ),
        Notice::Ending => "Your session ends soon. Sign in again to go on; this page stays as it is.".to_owned(),
        Notice::Idle => {
            "Are you still there? Your session ends soon, because nobody has used it for a while.".to_owned()
        }
        Notice::Degraded => {
            "You are still signed in, but Cognito cannot be reached right now. Some things wait until it is \
                             back; it is tried again by itself."
                .to_owned()
        }
    }
}

/// How long from now: `in a moment`, `in 90 seconds`, `in 4 minutes`.
fn in_words(secs: u64) -> String {
    match secs {
        0 | 1 => "in a moment".to_owned(),
        secs if secs < SHOW_SECONDS_BELOW_SECS => format!("in {secs} seconds"),
        secs => format!("in {} minutes", secs / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_told_five_minutes_ahead_and_the_most_urgent_first() {
        for (someone_else, ends_in, idle_ends_in, degraded, expected) in [
            (false, None, None, false, Notice::Nothing),
            (false, Some(301), Some(301), false, Notice::Nothing),
            (false, Some(300), Some(301), false, Notice::Ending),
            (false, Some(301), Some(300), false, Notice::Idle),
            (false, Some(301), Some(301), true, Notice::Degraded),
            (false, Some(0), Some(0), true, Notice::Ending),
            (false, Some(301), Some(0), true, Notice::Idle),
            (true, Some(0), Some(0), true, Notice::SomeoneElse),
        ] {
            assert_eq!(choose(someone_else, ends_in, idle_ends_in, degraded), expected, "{ends_in:?} {idle_ends_in:?}");
        }
    }

    #[test]
    fn what_is_left_in_words() {
        for (secs, words) in [
            (0, "in a moment"),
            (1, "in a moment"),
            (2, "in 2 seconds"),
            (119, "in 119 seconds"),
            (120, "in 2 minutes"),
            (299, "in 4 minutes"),
        ] {
            assert_eq!(in_words(secs), words);
        }
    }
}
