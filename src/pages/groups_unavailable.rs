//! In the place of a page that needs a group, while the groups cannot be confirmed. The server answers 503 with it.

use leptos::prelude::*;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
    reference::Reference,
};
use leptos_cognito::{AuthError, HOME};

/// The page for somebody whose groups could not be confirmed for too long.
#[component]
pub fn GroupsUnavailable(
    /// Why, and when to try again.
    error: AuthError,
) -> impl IntoView {
    view! {
        <Message scene=Scene::Gate>
            <PageHeading title="Not available right now">"This page has to wait"</PageHeading>
            <p class="lead">
                "It is for a group. The sign-in service can't be reached to check which groups you are in, so the page can't be shown
                right now."
            </p>
            <p>"You are still signed in. Please try again in a moment."</p>
            <div class="actions">
                // The same address again.
                <a class="button" href="">
                    "Try again"
                </a>
                <a href=HOME>"Back to the home page"</a>
            </div>
            <Reference reference=error.reference />
        </Message>
    }
    .into_any()
}
