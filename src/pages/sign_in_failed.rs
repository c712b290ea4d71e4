//! Where the server sends a sign-in that failed. Shows fixed sentences only: of what stands in the URL nothing is
//! reflected but a reference of harmless characters.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
};
use crate::auth::{AuthError, HOME, SignInLink};

/// The longest reference that is shown.
const MAX_REFERENCE_CHARS: usize = 64;

/// The page of a failed sign-in; public.
#[component]
pub fn SignInFailed() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let error = AuthError::from_code(query.get_str("error").unwrap_or_default());
    // Only handed on: the sign-in route decides whether it is a path to come back to.
    let return_to = query.get("return_to").unwrap_or_else(|| HOME.to_owned());
    let reference = query.get("ref").filter(|reference| is_reference(reference));
    view! {
        <Message scene=Scene::Broken>
            <PageHeading title="Sign-in failed">"The sign-in did not work"</PageHeading>
            <p class="lead" role="alert">
                {error.to_string()}
            </p>
            <p>{advice(error)}</p>
            <p class="actions">
                <SignInLink return_to class="button">
                    "Try again"
                </SignInLink>
                <a href=HOME>"Back to the home page"</a>
            </p>
            {reference.map(|reference| view! { <p class="hint">"Reference: " <code>{reference}</code></p> })}
        </Message>
    }
}

/// What a person can do about it.
fn advice(error: AuthError) -> &'static str {
    match error {
        AuthError::AccessDenied => "If you changed your mind, start again, with another account if you like.",
        AuthError::SignInExpired => "Start again: it takes a moment, and nothing is lost.",
        AuthError::ProviderUnavailable { .. } | AuthError::Connection => "There is nothing wrong with your account.",
        AuthError::Configuration => "Trying again will not help before that is done. Please tell them about it.",
        AuthError::NotAllowed => "Sign in with an account that may, or ask for access.",
        AuthError::SignedOut | AuthError::SignInFailed | AuthError::InvalidRequest | AuthError::Internal => {
            "Please try again. If it keeps happening, tell the people who run this site."
        }
    }
}

/// A reference finds the failure in the server's log; anything that does not look like one is not shown.
fn is_reference(text: &str) -> bool {
    (1..=MAX_REFERENCE_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn only_a_plain_reference_is_shown() {
        for good in ["a", "0190f3c2-7d1e-7c3a", "oY1R_LqM", &"x".repeat(64)] {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["", "a b", "<b>", "é", "call+44", &"x".repeat(65)] {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
