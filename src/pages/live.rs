//! The island that all others are in: it has the session.

use leptos::prelude::*;

use leptos_cognito::{RenderedSession, provide_rendered_session};

/// Gives the session to the islands in it, and keeps it true while the page is open.
#[island]
pub fn Live(
    /// The session that the page was rendered with.
    rendered: RenderedSession,
    children: Children,
) -> impl IntoView {
    provide_rendered_session(&rendered);
    children()
}
