//! What happened to this session, as its server noted it: on the account page, the answer to "why was I signed out?"
//! before anybody asks.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};

use super::{failure::Failure, instant::Instant};
use crate::auth::{AuthError, AuthErrorCode, SessionEvent, TimelineEntry, use_session};

/// `GET /api/account/timeline`: what became of this session so far at the server that answers, oldest first.
///
/// # Errors
/// [`AuthErrorCode::SignedOut`] without a session.
#[server(prefix = "/api", endpoint = "account/timeline", input = GetUrl)]
pub async fn session_timeline() -> Result<Vec<TimelineEntry>, AuthError> {
    Ok(crate::auth::server::require_session().await?.timeline())
}

/// A card with the timeline; loaded anew after each renewal.
#[component]
pub(super) fn Timeline() -> impl IntoView {
    let session = use_session();
    let state = move || {
        let session = session.session()?;
        Some((session.user.sub, session.signed_in_at, session.refresh_count, session.degraded))
    };
    let timeline = Resource::new(state, |state| async move {
        if state.is_some() { session_timeline().await } else { Err(AuthErrorCode::SignedOut.into()) }
    });
    view! {
        <section class="card" aria-labelledby="timeline-heading">
            <h2 id="timeline-heading">"What happened to this session"</h2>
            <Transition fallback=|| {
                view! { <p class="loading">"Looking it up"</p> }
            }>{move || Suspend::new(async move { view! { <Entries answer=timeline.await /> } })}</Transition>
        </section>
    }
}

#[component]
fn Entries(answer: Result<Vec<TimelineEntry>, AuthError>) -> impl IntoView {
    match answer {
        Ok(entries) if entries.is_empty() => Either::Left(Either::Left(view! {
            <p class="muted">"Nothing since this server was started."</p>
        })),
        Ok(entries) => Either::Left(Either::Right(view! {
            <ol class="timeline" data-testid="timeline">
                {entries
                    .into_iter()
                    .rev()
                    .map(|TimelineEntry { at, event }| {
                        view! {
                            <li>
                                <Instant at />
                                " "
                                {in_words(event)}
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        })),
        Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
    }
}

fn in_words(event: SessionEvent) -> &'static str {
    match event {
        SessionEvent::SignedIn => "You signed in.",
        SessionEvent::Fresh => "The access token was good.",
        SessionEvent::Refreshed => "The access token was renewed.",
        SessionEvent::Shared => "A request used a renewal that was under way.",
        SessionEvent::Kept => "Cognito could not be reached; the token was still good.",
        SessionEvent::Degraded => "Cognito could not be reached and the token had expired; the session was kept.",
        SessionEvent::EndedByCognito => "Cognito ended the session.",
        SessionEvent::Superseded => "An old copy of the session was refused.",
        SessionEvent::SignedOut => "You signed out.",
        SessionEvent::Replaced => "You signed in anew.",
        SessionEvent::IdleLimit => "Nobody used the session for too long.",
        SessionEvent::AbsoluteLimit => "The session reached its end.",
        SessionEvent::OtherIssuer => "The app moved to another user pool.",
    }
}
