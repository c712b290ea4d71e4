//! Where the server sends a sign-in that failed. Shows fixed sentences only: of what stands in the URL nothing is
//! reflected but a reference of harmless characters.

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::use_query_map;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
    reference::Reference,
};
use leptos_cognito::{AuthErrorCode, HOME, SignInLink, use_session_texts};

/// The page of a failed sign-in; public.
#[component]
pub fn SignInFailed() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let error = AuthErrorCode::parse(query.get_str("error").unwrap_or_default());
    // Only handed on: the sign-in route decides whether it is a path to come back to.
    let return_to = query.get("return_to").unwrap_or_else(|| HOME.to_owned());
    let reference = query.get("ref");
    view! {
        <Message scene=Scene::Broken>
            {if error == AuthErrorCode::LinkTooLong {
                Either::Left(view! { <PageHeading title="Sign in first">"Sign in first"</PageHeading> })
            } else {
                Either::Right(view! { <PageHeading title="Sign-in failed">"We couldn't sign you in"</PageHeading> })
            }}
            <p class="lead" role="alert">
                {(use_session_texts().error)(error)}
            </p>
            <p>{advice(error)}</p>
            <p class="actions">
                <SignInLink return_to class="button">
                    {if error == AuthErrorCode::LinkTooLong { "Sign in" } else { "Try again" }}
                </SignInLink>
                <a href=HOME>"Back to the home page"</a>
            </p>
            <Reference reference />
        </Message>
    }
    .into_any()
}

/// What a person can do about it.
fn advice(error: AuthErrorCode) -> &'static str {
    match error {
        AuthErrorCode::AccessDenied => "If you changed your mind, start again, with another account if you like.",
        AuthErrorCode::SignInExpired => {
            "Please try again. If it happens again, allow cookies for this site: the sign-in needs them."
        }
        AuthErrorCode::LinkTooLong => "Then open the link again. It works once you're signed in.",
        AuthErrorCode::ProviderUnavailable | AuthErrorCode::Connection => "There is nothing wrong with your account.",
        AuthErrorCode::Configuration => "Trying again will not help before that is done. Please tell them about it.",
        AuthErrorCode::NotAllowed => "Sign in with an account that may, or ask for access.",
        AuthErrorCode::SignedOut
        | AuthErrorCode::SignInFailed
        | AuthErrorCode::InvalidRequest
        | AuthErrorCode::Internal => "Please try again. If it keeps happening, tell the people who run this site.",
    }
}
