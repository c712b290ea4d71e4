//! The island that all others are in: it has the session.

use leptos::prelude::*;

use crate::auth::{Session, provide_session};

/// Gives the session to the islands in it, and keeps it true while the page is open.
#[island]
pub fn Live(
    /// The session that the page was rendered with.
    rendered: Option<Session>,
    children: Children,
) -> impl IntoView {
    provide_session(rendered);
    children()
}
