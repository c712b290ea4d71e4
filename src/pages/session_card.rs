//! The account page's first part: how the session stands, and how long its access token is still good.

use std::time::Duration;

use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};

use super::{
    instant::Instant,
    life_bar::{Life, LifeBar},
    parts::Entry,
    rehearsal::{ConsoleLink, use_console},
};
use crate::auth::{Session, UseSession, use_session};

/// Below this, what is left of a token is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;
const TICK: Duration = Duration::from_secs(1);

/// The session, with its token's life as a bar that moves.
#[component]
pub(super) fn SessionCard() -> impl IntoView {
    let session = use_session();
    let elapsed_secs = seconds_since_answer(session);
    let left = Memo::new(move |_| session.session().map(|session| time_left(&session, elapsed_secs.get())));
    let life = Memo::new(move |_| session.session().and_then(|session| Life::of(&session, elapsed_secs.get())));
    let outlook = Memo::new(move |_| life.get().map(Life::outlook));
    let console = use_console();
    view! {
        <Entry id="session" title="This session" hint="All times on this page are UTC, by the server's clock.">
            <p class="reading">
                "Access token " <strong data-testid="token-expires-in">{left}</strong>
            </p>
            <LifeBar life />
            <p>{outlook}</p>
            {console
                .map(|console| {
                    view! {
                        <p class="try">
                            "No time to wait? " <ConsoleLink console>"Move the clock"</ConsoleLink>
                            " by an hour, then load this page again."
                        </p>
                    }
                })}
            {move || session.session().map(|session| view! { <Facts session /> })}
        </Entry>
    }
}

#[component]
fn Facts(session: Session) -> impl IntoView {
    view! {
        <dl class="facts facts--grid">
            <div>
                <dt>"Signed in since"</dt>
                <dd data-testid="signed-in-at">
                    <Instant at=session.signed_in_at />
                </dd>
            </div>
            <div>
                <dt>"Times renewed"</dt>
                <dd data-testid="refresh-count">{session.refresh_count}</dd>
            </div>
            <div>
                <dt>"Last renewed"</dt>
                <dd data-testid="refreshed-at">
                    {match session.refreshed_at {
                        Some(at) => view! { <Instant at /> }.into_any(),
                        None => "Not yet: the token is still the first one".into_any(),
                    }}
                </dd>
            </div>
            <div>
                <dt>"Ends for good"</dt>
                <dd data-testid="ends-at">
                    <Instant at=session.ends_at />
                </dd>
            </div>
        </dl>
    }
}

/// How long the access token is still good, in words.
fn time_left(session: &Session, elapsed_secs: u64) -> String {
    match session.access_token_expires_in_secs.saturating_sub(elapsed_secs) {
        _ if session.degraded => "expired".to_owned(),
        0 => "expired".to_owned(),
        1 => "valid for 1 second".to_owned(),
        secs if secs < SHOW_SECONDS_BELOW_SECS => format!("valid for {secs} seconds"),
        secs => format!("valid for {} minutes", secs / 60),
    }
}

/// Counts the seconds since the session's answer came, so that an open page does not claim a life that is over: 0 on the
/// server and in the first render. A hidden tab counts slower, and asks for the session when it is looked at again.
fn seconds_since_answer(session: UseSession) -> RwSignal<u64> {
    let elapsed_secs = RwSignal::new(0);
    Effect::new(move |_| {
        let _answered_anew = session.session();
        elapsed_secs.set(0);
        if let Ok(ticks) = set_interval_with_handle(move || elapsed_secs.update(|secs| *secs += 1), TICK) {
            on_cleanup(move || ticks.clear());
        }
    });
    elapsed_secs
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Session, time_left};
    use crate::auth::User;

    /// A session that began at 20:30 with a token for an hour.
    pub(in super::super) fn session(access_token_expires_in_secs: u64, degraded: bool) -> Session {
        Session {
            user: User { sub: "1".to_owned(), name: None, email: None, groups: vec![] },
            signed_in_at: "2026-11-20T20:30:00Z".to_owned(),
            access_token_life_secs: 3600,
            access_token_expires_in_secs,
            refresh_due_in_secs: 0,
            refresh_count: 0,
            refreshed_at: None,
            ends_at: String::new(),
            degraded,
        }
    }

    #[test]
    fn what_is_left_of_a_token_in_words() {
        for (secs, elapsed, words) in [
            (3600, 0, "valid for 60 minutes"),
            (3600, 1, "valid for 59 minutes"),
            (120, 0, "valid for 2 minutes"),
            (119, 0, "valid for 119 seconds"),
            (2, 1, "valid for 1 second"),
            (2, 2, "expired"),
            (2, 99, "expired"),
        ] {
            assert_eq!(time_left(&session(secs, false), elapsed), words);
        }
        assert_eq!(time_left(&session(3600, true), 0), "expired");
    }
}
