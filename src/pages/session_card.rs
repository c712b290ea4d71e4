//! The account page's first part: how the session stands, and how long its access token is still good.

use leptos::prelude::*;

use super::{
    instant::Instant,
    life_bar::{Expectation, Life, LifeBar},
    parts::Entry,
    rehearsal::{ConsoleLink, use_console},
};
use leptos_cognito::{Fresh, Session, use_session};

/// Below this, what is left of a token is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;

/// The session, with its token's life as a bar that moves.
#[component]
pub(super) fn SessionCard() -> impl IntoView {
    let session = use_session().session();
    // While Cognito is away, another hour would show nothing new.
    let console = use_console().filter(|_| session.as_ref().is_some_and(|session| !session.degraded));
    view! {
        <Entry id="session" title="This session" hint="How it stands, by the server's clock.">
            <TokenLife />
            <Fresh id="session-facts">
                {console.map(|console| view! { <Impatient console /> })} {session.map(|session| view! { <Facts session /> })}
            </Fresh>
        </Entry>
    }
    .into_any()
}

/// What is left of the access token, second by second.
#[island]
fn TokenLife() -> impl IntoView {
    let session = use_session();
    let secs_left = session.count_down(|session| session.access_token_expires_in_secs);
    let life = Memo::new(move |_| Life::of(&session.session()?, secs_left.get()?));
    let left = move || {
        let is_degraded = session.session().is_some_and(|session| session.degraded);
        secs_left.get().map(|secs| time_left(secs, is_degraded)).unwrap_or_default()
    };
    view! {
        <p class="reading">"Access token " <strong data-testid="token-expires-in">{left}</strong></p>
        <LifeBar life />
        <Expectation life />
    }
}

/// How to see the next renewal without waiting for it.
#[component]
fn Impatient(console: String) -> impl IntoView {
    view! {
        <p class="try">
            "No time to wait? " <ConsoleLink console>"Move the clock"</ConsoleLink>
            " by an hour, then load this page again."
        </p>
    }
    .into_any()
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
                        None => "Not yet".into_any(),
                    }}
                </dd>
            </div>
            <div>
                <dt>"Signs out on"</dt>
                <dd data-testid="ends-at">
                    <Instant at=session.ends_at />
                </dd>
            </div>
        </dl>
    }
    .into_any()
}

/// How long the access token is still good, in words.
fn time_left(secs: u64, is_degraded: bool) -> String {
    match secs {
        _ if is_degraded => "expired".to_owned(),
        0 => "expired".to_owned(),
        1 => "valid for 1 second".to_owned(),
        secs if secs < SHOW_SECONDS_BELOW_SECS => format!("valid for {secs} seconds"),
        secs => format!("valid for {} minutes", secs / 60),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Session, time_left};
    use leptos_cognito::User;

    /// A session that began at 20:30 with a token for an hour.
    pub(in super::super) fn session(access_token_expires_in_secs: u64, degraded: bool) -> Session {
        Session {
            id: "1".to_owned(),
            user: User { sub: "1".to_owned(), username: String::new(), name: None, email: None, groups: vec![] },
            signed_in_at: "2026-11-20T20:30:00Z".to_owned(),
            access_token_life_secs: 3600,
            access_token_expires_in_secs,
            refresh_due_in_secs: 0,
            refresh_count: 0,
            refreshed_at: None,
            ends_at: String::new(),
            ends_in_secs: 2_592_000,
            idle_ends_in_secs: 0,
            idle_limit_secs: 0,
            degraded,
            can_sign_out_everywhere: true,
        }
    }

    #[test]
    fn what_is_left_of_a_token_in_words() {
        for (secs, words) in [
            (3600, "valid for 60 minutes"),
            (3599, "valid for 59 minutes"),
            (120, "valid for 2 minutes"),
            (119, "valid for 119 seconds"),
            (1, "valid for 1 second"),
            (0, "expired"),
        ] {
            assert_eq!(time_left(secs, false), words);
        }
        assert_eq!(time_left(3600, true), "expired");
    }
}
