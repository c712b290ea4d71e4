//! For a path that no route has. Its links load whole pages, because the server renders it without a route.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::auth::HOME;

/// The page for a path that there is not; public.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Page not found" />
        <section class="message">
            <h1>"There is no page here"</h1>
            <p class="lead">"The address may be mistyped, or the page has moved."</p>
            <p class="actions">
                <a class="button" href=HOME rel="external">
                    "Back to the home page"
                </a>
                <a href="/account" rel="external">
                    "Your account"
                </a>
            </p>
        </section>
    }
}
