//! The account page's facts: who is signed in, and how the session stands.

use leptos::prelude::*;

use super::instant::Instant;
use crate::auth::{Session, User, use_session};

/// Below this, what is left of a token is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;

/// Two cards: the person, and the session.
#[component]
pub(super) fn AccountFacts() -> impl IntoView {
    let session = use_session();
    let secs_left = session.count_down(|session| session.access_token_expires_in_secs);
    let valid_for = Memo::new(move |_| {
        let is_degraded = session.session()?.degraded;
        secs_left.get().map(|secs| time_left(secs, is_degraded))
    });
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
mod tests {
    use super::time_left;

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
