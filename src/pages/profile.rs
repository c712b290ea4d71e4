//! The profile as Cognito has it now: an example of a call with the person's access token.

use leptos::{either::Either, leptos_dom::helpers::is_browser, prelude::*, server_fn::codec::GetUrl};

use super::{failure::Failure, parts::Entry};
use crate::auth::{AuthError, AuthErrorCode, use_session};

type Profile = Result<Vec<(String, String)>, AuthError>;

/// `GET /api/account/profile`: the signed-in person's attributes as Cognito's `GetUser` has them now, as name and value.
///
/// # Errors
/// [`AuthErrorCode::SignedOut`] without a session; [`AuthErrorCode::ProviderUnavailable`] while Cognito is away.
#[server(prefix = "/api", endpoint = "account/profile", input = GetUrl)]
pub async fn profile_from_cognito() -> Result<Vec<(String, String)>, AuthError> {
    crate::auth::server::require_session().await?.user_attributes().await
}

/// The account page's part with what Cognito answers.
#[component]
pub(super) fn ProfileCard() -> impl IntoView {
    let session = use_session();
    // The signed-in person is the source: the profile is dropped when they sign out, and never shown to another; after an outage
    // it is asked for again.
    let profile = Resource::new(
        move || session.session().map(|session| (session.user.sub, session.signed_in_at, session.degraded)),
        move |person| async move {
            if person.is_none() {
                return Err(AuthErrorCode::SignedOut.into());
            }
            let answer = profile_from_cognito().await;
            // Asked for by the browser, not handed over with the page: the guard may have renewed the access token on
            // this occasion, and the facts beside the profile should tell.
            if is_browser() {
                session.refetch();
            }
            answer
        },
    );
    view! {
        <Entry
            id="profile"
            title="Profile from Cognito"
            hint="The server asks Cognito for this with your access token, after making sure that it is fresh."
        >
            <Suspense fallback=|| {
                view! { <p class="loading">"Asking Cognito"</p> }
            }>{move || Suspend::new(async move { view! { <Answer answer=profile.await /> } })}</Suspense>
        </Entry>
    }
}

#[component]
fn Answer(answer: Profile) -> impl IntoView {
    match answer {
        Ok(attributes) => Either::Left(view! {
            <dl class="facts" aria-label="Profile from Cognito">
                {attributes
                    .into_iter()
                    .map(|(name, value)| {
                        view! {
                            <div>
                                <dt>
                                    <code>{name}</code>
                                </dt>
                                <dd>{value}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        }),
        Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
    }
}
