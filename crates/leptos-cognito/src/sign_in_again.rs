//! Signing in again without leaving the page: in a window of its own, at the end of which it tells the other tabs and closes
//! itself. Cognito's pages cut the tie between that window and this page, so nothing hangs on it.

use leptos::prelude::*;

use super::{paths, side, use_session};

/// A link that signs in in a small window, or, where that is blocked and without JavaScript, in a new tab.
#[component]
pub fn SignInAgain(
    /// Classes of the link.
    #[prop(optional, into)]
    class: String,
    children: Children,
) -> impl IntoView {
    let href = format!("{}?return_to={}", paths::SIGN_IN, paths::SIGNED_IN);
    view! {
        <a
            href=href
            target="_blank"
            rel="external"
            class=class
            data-sign-in-again=""
        >
            {children()}
        </a>
    }
}

/// Closes the window it is shown in, if a page opened that; for the page at [`SIGNED_IN`](super::SIGNED_IN).
#[component]
pub fn CloseWindow() -> impl IntoView {
    let session = use_session();
    Effect::new(move |_| {
        // That somebody is signed in was told to the other tabs when the page became live.
        if session.is_signed_in() {
            side::close_window();
        }
    });
}

/// Goes around a form: what was typed in it stays when the session ends, and is concealed, but not lost, after a sign-out
/// in another tab or while somebody else is signed in.
#[component]
pub fn KeepTyped(children: Children) -> impl IntoView {
    let session = use_session();
    view! {
        <div class="keep-typed" hidden=move || session.is_concealed()>
            {children()}
        </div>
    }
}
