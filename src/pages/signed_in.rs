//! Where a sign-in ends that was begun in a window or tab of its own, to keep a page with something typed on it.

use leptos::{either::Either, prelude::*};

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
};
use crate::auth::{CloseWindow, SignInAgain, use_session};

/// The page that closes itself; public.
#[component]
pub fn SignedInPage() -> impl IntoView {
    let outcome = match use_session().session() {
        Some(session) => {
            let name = session.user.display_name().to_owned();
            Either::Left(view! {
                <PageHeading title="Signed in">"You are signed in"</PageHeading>
                <p class="lead">
                    "As " <strong>{name}</strong> ". Close this tab; in the one you came from, go on where you were."
                </p>
                <Closing />
            })
        }
        None => Either::Right(view! {
            <PageHeading title="Signed in">"You are not signed in"</PageHeading>
            <p class="actions">
                <SignInAgain class="button">"Sign in"</SignInAgain>
            </p>
        }),
    };
    view! { <Message scene=Scene::GoesOn>{outcome}</Message> }
}

/// Closes the window, if a page opened it.
#[island]
fn Closing() -> impl IntoView {
    view! { <CloseWindow /> }
}
