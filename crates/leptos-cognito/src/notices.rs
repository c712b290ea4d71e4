//! What a page says about its session by itself: that it ends soon, that somebody else is signed in now, or that Cognito is
//! away. Goes into the frame around the pages, once. Its words are in `texts`.

use leptos::prelude::*;

use super::{SessionTexts, SignInAgain, side, use_session, use_session_texts};

/// An end is told this long ahead, give or take half a minute (WCAG 2.2.1 asks for 20 seconds at least).
const WARNING_LEAD_SECS: u64 = 5 * 60;
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
    let (session, texts) = (use_session(), use_session_texts());
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
    let left = move || match notice.get() {
        Notice::Nothing => String::new(),
        Notice::SomeoneElse if side::has_typed_text() => texts.typed_is_kept.to_owned(),
        Notice::SomeoneElse => String::new(),
        Notice::Ending => (texts.ends_in)(ends_in.get().unwrap_or_default()),
        Notice::Idle => (texts.ends_in)(idle_ends_in.get().unwrap_or_default()),
        Notice::Degraded => (texts.next_try_in)(due_in.get().unwrap_or_default()),
    };
    let is_not = move |this| move || notice.get() != this;
    view! {
        <section class=move || notice.get().class() aria-label=texts.region>
            <p role="status" class="notice__text">
                {move || text(&texts, notice.get(), session.someone_else())}
            </p>
            <p class="notice__left">{left}</p>
            <p class="notice__action" hidden=is_not(Notice::Ending)>
                <SignInAgain class="button">{texts.sign_in_again}</SignInAgain>
            </p>
            <p class="notice__action" hidden=is_not(Notice::Idle)>
                <button type="button" class="button" on:click=move |_| session.refetch()>
                    {texts.stay_signed_in}
                </button>
            </p>
            <p class="notice__action" hidden=is_not(Notice::SomeoneElse)>
                <button type="button" class="button" on:click=|_| side::reload()>
                    {texts.reload}
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

fn text(texts: &SessionTexts, notice: Notice, someone_else: Option<String>) -> String {
    match notice {
        Notice::Nothing => String::new(),
        Notice::SomeoneElse => (texts.someone_else)(&someone_else.unwrap_or_default()),
        Notice::Ending => texts.ending.to_owned(),
        Notice::Idle => texts.idle.to_owned(),
        Notice::Degraded => texts.degraded.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::SessionProvider, *};

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
    fn an_app_says_it_in_its_own_words() {
        let html = |texts: Option<SessionTexts>| {
            Owner::new().with(|| {
                texts.into_iter().for_each(provide_context);
                view! {
                    <SessionProvider>
                        <SessionNotices />
                    </SessionProvider>
                }
                .to_html()
            })
        };
        let japanese = SessionTexts {
            region: "セッション",
            stay_signed_in: "続ける",
            reload: "再読み込み",
            ..SessionTexts::ENGLISH
        };
        let (english, japanese) = (html(None), html(Some(japanese)));
        for (text, own) in
            [("Your session", "セッション"), ("Stay signed in", "続ける"), ("Reload this page", "再読み込み")]
        {
            assert!(english.contains(text) && !japanese.contains(text) && japanese.contains(own), "{japanese}");
        }
        assert!(japanese.contains("Sign in again"), "what it leaves out stays English: {japanese}");
    }
}
