//! What happened to this session, as the server that answers noted it: the answer to "why was I signed out?" before
//! anybody asks.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};

use super::{
    failure::Failure,
    instant::Instant,
    parts::Entry,
    relay::{Drawing, Relay},
};
use leptos_cognito::{AuthError, SessionEvent, TimelineEntry, use_session};

/// Lines that are shown at once; older ones are a click away.
const RECENT: usize = 6;

/// `GET /api/account/timeline`: what became of this session so far at the server that answers, oldest first.
///
/// # Errors
/// `SignedOut` without a session.
#[server(prefix = "/api", endpoint = "account/timeline", input = GetUrl)]
pub async fn session_timeline() -> Result<Vec<TimelineEntry>, AuthError> {
    Ok(leptos_cognito::server::require_session().await?.timeline())
}

/// The timeline, as a picture and in words.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let timeline = Resource::new(|| (), |()| session_timeline());
    view! {
        <Entry
            id="timeline"
            title="What happened so far"
            hint="One session, carried by one access token after another."
        >
            <Suspense>{move || Suspend::new(async move { view! { <Told answer=timeline.await /> } })}</Suspense>
        </Entry>
    }
    .into_any()
}

#[component]
fn Told(answer: Result<Vec<TimelineEntry>, AuthError>) -> impl IntoView {
    let session = use_session();
    match answer {
        Ok(entries) if entries.is_empty() => {
            Either::Left(Either::Left(view! { <p class="hint">"Nothing since this server was started."</p> }))
        }
        Ok(mut entries) => {
            let drawing = session.session().and_then(|session| Drawing::of(&session, &entries));
            let split = entries.len().saturating_sub(RECENT);
            let recent = entries.split_off(split);
            let older = (!entries.is_empty()).then(|| {
                view! {
                    <details class="older">
                        <summary>{format!("{} earlier", entries.len())}</summary>
                        <Lines entries />
                    </details>
                }
            });
            Either::Left(Either::Right(view! {
                {drawing.map(|drawing| view! { <Relay drawing /> })}
                <div data-testid="timeline">
                    <Lines entries=recent />
                    {older}
                </div>
            }))
        }
        Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
    }
}

/// Newest first.
#[component]
fn Lines(entries: Vec<TimelineEntry>) -> impl IntoView {
    view! {
        <ol class="events">
            {entries
                .into_iter()
                .rev()
                .map(|TimelineEntry { at, event }| {
                    let (kind, words) = in_words(event);
                    view! {
                        <li class=kind>
                            <Instant at short=true />
                            " "
                            <span>{words}</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
    .into_any()
}

/// The class of its mark, and the sentence.
fn in_words(event: SessionEvent) -> (&'static str, &'static str) {
    match event {
        SessionEvent::SignedIn => ("is-start", "You signed in."),
        SessionEvent::Fresh => ("", "The access token was good."),
        SessionEvent::Refreshed => ("is-token", "The access token was renewed."),
        SessionEvent::Shared => ("is-token", "A request used a renewal that was under way."),
        SessionEvent::Kept => ("is-waiting", "The sign-in service could not be reached; the token was still good."),
        SessionEvent::Degraded => {
            ("is-waiting", "The sign-in service could not be reached and the token had expired; the session was kept.")
        }
        SessionEvent::EndedByCognito => ("is-end", "The sign-in service ended the session."),
        SessionEvent::Superseded => ("is-end", "An old copy of the session was refused."),
        SessionEvent::SignedOut => ("is-end", "You signed out."),
        SessionEvent::Replaced => ("is-end", "You signed in again."),
        SessionEvent::IdleLimit => ("is-end", "Nobody used the session for too long."),
        SessionEvent::AbsoluteLimit => ("is-end", "The session reached its end."),
        SessionEvent::OtherIssuer => ("is-end", "The app moved to another user pool."),
        SessionEvent::OtherClient => ("is-end", "The session belonged to another app."),
    }
}
