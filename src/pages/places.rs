//! Where this person is signed in, and the ways out: here, and everywhere.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};

use super::{failure::Failure, instant::Instant, parts::Entry};
use crate::auth::{AuthError, SignIn, SignOutForm};

/// `GET /api/account/sign-ins`: the person's sessions that the server that answers has seen, this one first.
///
/// # Errors
/// `SignedOut` without a session.
#[server(prefix = "/api", endpoint = "account/sign-ins", input = GetUrl)]
pub async fn sign_ins() -> Result<Vec<SignIn>, AuthError> {
    Ok(crate::auth::server::require_session().await?.sign_ins())
}

/// The account page's part with the list, and the buttons below it.
#[component]
pub(super) fn PlacesCard() -> impl IntoView {
    let places = Resource::new(|| (), |()| sign_ins());
    view! {
        <Entry
            id="places"
            title="Where you are signed in"
            hint="The browsers that this server has seen since it started."
        >
            <Suspense>
                {move || Suspend::new(async move {
                    match places.await {
                        Ok(places) => Either::Left(view! { <Places places /> }),
                        Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
                    }
                })}
            </Suspense>
            <div class="actions">
                <SignOutForm class="button quiet">"Sign out here"</SignOutForm>
                <SignOutForm everywhere=true class="button quiet">
                    "Sign out everywhere"
                </SignOutForm>
            </div>
            // Cognito's own session outlives GlobalSignOut (docs/cognito.md).
            <p class="hint">
                "“Everywhere” ends all of them at once, and the sign-in service revokes every token
                of yours. A browser that its sign-in page still remembers, for an hour, comes back without a password."
            </p>
        </Entry>
    }
    .into_any()
}

#[component]
fn Places(places: Vec<SignIn>) -> impl IntoView {
    view! {
        <ul class="places" data-testid="sign-ins">
            {places
                .into_iter()
                .map(|place| {
                    view! {
                        <li>
                            <strong>{place.browser}</strong>
                            {place.is_this.then(|| view! { <span class="tag">"this one"</span> })}
                            <p class="hint">
                                "Signed in " <Instant at=place.signed_in_at short=true /> ", last seen "
                                <Instant at=place.last_seen_at short=true />
                            </p>
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}
