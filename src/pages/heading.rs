//! A page's heading and title.

use leptos::prelude::*;
use leptos_meta::Title;

/// The page's `<h1>`, and its title for the browser's tab.
#[component]
pub(super) fn PageHeading(
    /// The title, without the name of the app.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <Title text=title />
        <h1>{children()}</h1>
    }
    .into_any()
}
