//! Where a sign-in ends that was begun in a window or tab of its own, to keep a page with something typed on it.

use leptos::prelude::*;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
};
use leptos_cognito::{CloseWindow, Fresh, SessionStatus, SignInAgain, When, use_session};

/// The page that closes itself; public.
#[component]
pub fn SignedInPage() -> impl IntoView {
    let name = use_session().session().map(|session| session.user.display_name().to_owned());
    let is_signed_in = name.is_some();
    view! {
        <Message scene=Scene::GoesOn>
            <Fresh id="signed-in">
                {name
                    .map(|name| {
                        view! {
                            <PageHeading title="Signed in">"You are signed in"</PageHeading>
                            <p class="lead">
                                "As " <strong>{name}</strong> ". Close this tab; in the one you came from, go on where you were."
                            </p>
                        }
                    })}
            </Fresh>
            <When status=SessionStatus::SignedOut>
                <PageHeading title="Signed in">"You are not signed in"</PageHeading>
                <p class="actions">
                    <SignInAgain class="button">"Sign in"</SignInAgain>
                </p>
            </When>
            {is_signed_in.then(|| view! { <Closing /> })}
        </Message>
    }
    .into_any()
}

/// Closes the window, if a page opened it.
#[island]
fn Closing() -> impl IntoView {
    view! { <CloseWindow /> }
}
