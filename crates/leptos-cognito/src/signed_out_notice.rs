//! One line on the page that a sign-out lands on: that it happened, and how far it holds.

use leptos::prelude::*;

use super::{SignOutOutcome, side};

/// Says, once, that somebody signed out just before. Belongs on the page at [`HOME`](super::HOME).
#[component]
pub fn SignedOutNotice() -> impl IntoView {
    let outcome = SharedValue::new(side::sign_out_outcome).into_inner();
    outcome.map(|outcome| view! { <p class="signed-out" role="status">{sentence(outcome)}</p> })
}

fn sentence(outcome: SignOutOutcome) -> &'static str {
    match outcome {
        SignOutOutcome::Here => "You signed out.",
        SignOutOutcome::Everywhere => "You signed out everywhere.",
        SignOutOutcome::OnlyHere => {
            "You signed out only on this device. The sign-in service couldn't be told yet, so other devices may stay signed in \
             for up to an hour."
        }
    }
}
