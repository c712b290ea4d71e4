//! The profile as Cognito has it now: an example of a call with the person's access token.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};

use super::{failure::Failure, parts::Entry};
use leptos_cognito::AuthError;

type Profile = Result<Vec<(String, String)>, AuthError>;

/// `GET /api/account/profile`: the signed-in person's attributes as Cognito's `GetUser` has them now, as name and value.
///
/// # Errors
/// `SignedOut` without a session; `ProviderUnavailable` while Cognito is away.
#[server(prefix = "/api", endpoint = "account/profile", input = GetUrl)]
pub async fn profile_from_cognito() -> Result<Vec<(String, String)>, AuthError> {
    leptos_cognito::server::require_session().await?.user_attributes().await
}

/// The account page's part with what Cognito answers.
#[component]
pub(super) fn ProfileCard() -> impl IntoView {
    let profile = Resource::new(|| (), |()| profile_from_cognito());
    view! {
        <Entry
            id="profile"
            title="Your profile"
            hint="The server asks the sign-in service for this with your access token, after making sure that it is fresh."
        >
            <Suspense>{move || Suspend::new(async move { view! { <Answer answer=profile.await /> } })}</Suspense>
        </Entry>
    }
    .into_any()
}

#[component]
fn Answer(answer: Profile) -> impl IntoView {
    match answer {
        Ok(attributes) => Either::Left(view! {
            <dl class="facts" aria-label="Your profile">
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
