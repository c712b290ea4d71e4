//! A server function's error on a page: its sentence and a way on. Used by the parts that load something.

use leptos::{either::Either, prelude::*};

use super::reference::Reference;
use leptos_cognito::{AuthError, AuthErrorCode, SessionLost, SignInLink, use_session_texts};

/// The sentence of `error`, with a link to sign in or to load the page again; both work without JavaScript.
#[component]
pub(super) fn Failure(
    /// What the server function answered.
    error: AuthError,
    /// The page to load again.
    retry: &'static str,
) -> impl IntoView {
    let way_on = match error.code {
        AuthErrorCode::SignedOut => Either::Left(view! {
            <SignInLink return_to=retry>"Sign in"</SignInLink>
            <SessionLost />
        }),
        _ => Either::Right(view! {
            <a href=retry>
                "Try again"
            </a>
        }),
    };
    let sentence = (use_session_texts().error)(error.code);
    view! {
        <div class="failure" role="alert">
            <p>{sentence} " " {way_on}</p>
            <Reference reference=error.reference />
        </div>
    }
    .into_any()
}
