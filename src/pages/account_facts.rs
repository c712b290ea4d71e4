//! The account page's facts: who is signed in, and how the session stands.

use std::time::Duration;

use leptos::{leptos_dom::helpers::set_interval_with_handle, prelude::*};

use super::instant::Instant;
use crate::auth::{Session, UseSession, User, use_session};

/// Below this, what is left of a token is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;
const TICK: Duration = Duration::from_secs(1);

/// Two cards: the person, and the session.
#[component]
pub(super) fn AccountFacts() -> impl IntoView {
    let session = use_session();
    let elapsed_secs = seconds_since_answer(session);
    let valid_for = Memo::new(move |_| session.session().map(|session| time_left(&session, elapsed_secs.get())));
    view! {
        <div class="pair">
            <section class="card" aria-labelledby="person-heading">
                <h2 id="person-heading">"You"</h2>
                {move || session.session().map(|session| view! { <Person user=session.user /> })}
            </section>
            <section class="card" aria-labelledby="session-heading">
                <h2 id="session-heading">"This session"</h2>
                {move || session.session().map(|session| view! { <Facts session valid_for /> })}
            </section>
        </div>
    }
}

#[component]
fn Person(user: User) -> impl IntoView {
    let groups = if user.groups.is_empty() { "None".to_owned() } else { user.groups.join(", ") };
    view! {
        <dl class="facts">
            <div>
                <dt>"Name"</dt>
                <dd>{user.name.unwrap_or_else(|| "Not given".to_owned())}</dd>
            </div>
            <div>
                <dt>"E-mail"</dt>
                <dd data-testid="user-email">{user.email.unwrap_or_else(|| "Not given".to_owned())}</dd>
            </div>
            <div>
                <dt>"Groups"</dt>
                <dd data-testid="user-groups">{groups}</dd>
            </div>
        </dl>
    }
}

#[component]
fn Facts(session: Session, valid_for: Memo<Option<String>>) -> impl IntoView {
    view! {
        <dl class="facts">
            <div>
                <dt>"Signed in since"</dt>
                <dd data-testid="signed-in-at">
                    <Instant at=session.signed_in_at />
                </dd>
            </div>
            <div>
                <dt>"Access token"</dt>
                <dd data-testid="token-expires-in">{valid_for}</dd>
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
mod tests {
    use super::{Session, User, time_left};

    fn session(access_token_expires_in_secs: u64, degraded: bool) -> Session {
        Session {
            user: User { sub: "1".to_owned(), name: None, email: None, groups: vec![] },
            signed_in_at: String::new(),
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
