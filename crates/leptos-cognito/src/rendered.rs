//! What the server alone renders, on a page of islands: an open page hides it, empties it and asks the server for it anew,
//! as the session goes, and brings no code to render it itself. Without JavaScript it is simply what the server said.

use leptos::prelude::*;

use super::{SessionStatus, use_session};

/// Shown while the session has this status, hidden otherwise. What is in it is sent with the page either way: nothing
/// private belongs in one for [`SessionStatus::SignedIn`] that is not in a [`Fresh`] part, or on a page that the guard
/// protects.
#[component]
pub fn When(
    /// The status in which it is shown.
    status: SessionStatus,
    children: Children,
) -> impl IntoView {
    let is_now = use_session().status().as_str() == status.as_str();
    view! {
        <div class="part" data-when=status.as_str() hidden=!is_now>
            {children()}
        </div>
    }
}

/// A private part of a page. It is empty as soon as nobody is signed in any more or that is in doubt, and comes anew when
/// somebody is, when the access token was renewed, and when Cognito went away or came back; see
/// [`refetch_parts`](super::refetch_parts). No island belongs in it: it would not become live again.
#[component]
pub fn Fresh(
    /// Names the part; unique on the page.
    id: &'static str,
    children: Children,
) -> impl IntoView {
    let session = use_session().session();
    view! {
        <div class="part" id=id data-fresh=session.map(|session| session.id).unwrap_or_default()>
            {children()}
        </div>
    }
}

/// Goes beside a failure of code [`SignedOut`](super::AuthErrorCode::SignedOut) that the server rendered: an open page that
/// still shows somebody as signed in asks for its session at once. What the browser renders itself calls
/// [`UseSession::lose`](super::UseSession::lose).
#[component]
pub fn SessionLost() -> impl IntoView {
    view! { <span data-session-lost="" hidden></span> }
}
