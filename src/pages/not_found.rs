//! For a path that no route has.

use leptos::prelude::*;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
};
use leptos_cognito::HOME;

/// The page for a path that there is not; public.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Message scene=Scene::Lost>
            <PageHeading title="Page not found">"There is no page here"</PageHeading>
            <p class="lead">"The address may be mistyped, or the page has moved."</p>
            <p class="actions">
                <a class="button" href=HOME>
                    "Back to the home page"
                </a>
                <a href="/account">
                    "Your account"
                </a>
            </p>
        </Message>
    }
    .into_any()
}
