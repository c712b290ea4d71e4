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
    let session = use_session();
    let name = Memo::new(move |_| session.session().map(|session| session.user.display_name().to_owned()));
    let outcome = move || match name.get() {
        Some(name) => Either::Left(view! {
            <PageHeading title="Signed in">"You are signed in"</PageHeading>
            <p class="lead">
                "As " <strong>{name}</strong> ". Close this tab; in the one you came from, go on where you were."
            </p>
        }),
        None => Either::Right(view! {
            <PageHeading title="Signed in">"You are not signed in"</PageHeading>
            <p class="actions">
                <SignInAgain class="button">"Sign in"</SignInAgain>
            </p>
        }),
    };
    view! {
        <Message scene=Scene::GoesOn>{outcome}</Message>
        <CloseWindow />
    }
}
