//! What a protected page is wrapped in. The server lets nobody in who is signed out; this is for a page that is open when
//! the session on it ends.

use leptos::prelude::*;

use leptos_cognito::{SessionStatus, SignInLink, When};

/// Shows its children while somebody is signed in. What is private in them belongs in `Fresh` parts, or in islands that
/// show the session's own values.
#[component]
pub(super) fn Private(children: Children) -> impl IntoView {
    view! {
        <When status=SessionStatus::SignedIn>{children()}</When>
        <div role="status">
            <When status=SessionStatus::SignedOut>
                <div class="empty">
                    <p class="lead">"You are signed out. Sign in to see this page."</p>
                    <p class="actions">
                        <SignInLink class="button">"Sign in again"</SignInLink>
                    </p>
                </div>
            </When>
            <When status=SessionStatus::Loading>
                <p class="loading">"One moment, your session is being checked"</p>
            </When>
            <When status=SessionStatus::SomeoneElse>
                <p class="lead">"This page was opened by somebody else."</p>
            </When>
        </div>
    }
    .into_any()
}
