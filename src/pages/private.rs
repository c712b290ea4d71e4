//! What a protected page is wrapped in. The server lets nobody in who is signed out; this is for a page that is already
//! open when the session on it ends, or that the client-side router opens.

use leptos::{either::EitherOf4, prelude::*};

use crate::auth::{SessionStatus, SignInLink, use_session};

/// Shows its children while somebody is signed in, and nothing of them otherwise.
#[component]
pub(super) fn Private(children: ChildrenFn) -> impl IntoView {
    let session = use_session();
    let status = Memo::new(move |_| session.status());
    move || match status.get() {
        SessionStatus::SignedIn => EitherOf4::A(children()),
        SessionStatus::SignedOut => EitherOf4::B(view! {
            <div class="empty">
                <p class="lead">"You are signed out. Sign in to see this page."</p>
                <p class="actions">
                    <SignInLink class="button">"Sign in again"</SignInLink>
                </p>
            </div>
        }),
        SessionStatus::Loading => {
            EitherOf4::C(view! { <p class="loading">"One moment, your session is being checked"</p> })
        }
        SessionStatus::SomeoneElse => {
            EitherOf4::D(view! { <p class="lead">"This page was opened by somebody else."</p> })
        }
    }
}
