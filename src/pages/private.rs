//! What a protected page is wrapped in. The server lets nobody in who is signed out; this is for a page that is already
//! open when the session on it ends, or that the client-side router opens.

use leptos::{either::EitherOf3, prelude::*};

use crate::auth::{SessionStatus, SignInLink, use_session};

/// Shows its children while somebody is signed in, and nothing of them otherwise.
#[component]
pub(super) fn Private(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let status = Memo::new(move |_| session.status());
    move || match status.get() {
        SessionStatus::SignedIn => EitherOf3::A(children()),
        SessionStatus::SignedOut => EitherOf3::B(view! {
            <div class="card empty">
                <p>"You are signed out. Sign in to see this page."</p>
                <p class="actions">
                    <SignInLink class="button">"Sign in again"</SignInLink>
                </p>
            </div>
        }),
        SessionStatus::Loading => EitherOf3::C(aside("One moment, your session is being checked.")),
        SessionStatus::SomeoneElse => EitherOf3::C(aside("This page was opened by somebody else.")),
    }
}

fn aside(text: &'static str) -> impl IntoView {
    view! { <p class="muted">{text}</p> }
}
