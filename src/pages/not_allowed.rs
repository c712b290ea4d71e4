//! In the place of a page that needs a group, for somebody who is signed in and not in it. The server answers 403 with it.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
    reference::Reference,
};
use leptos_cognito::{AuthError, Fresh, HOME, SessionStatus, SignInLink, SignOutForm, When, use_session};

/// The page for somebody who may not see another.
#[component]
pub fn NotAllowed(
    /// With the reference under which the log has it.
    error: AuthError,
) -> impl IntoView {
    let location = use_location();
    let (path, search) = (location.pathname.get_untracked(), location.search.get_untracked());
    let page = if search.is_empty() { path } else { format!("{path}?{search}") };
    let name = use_session().session().map(|session| session.user.display_name().to_owned());
    view! {
        <Message scene=Scene::Gate>
            <PageHeading title="Not allowed">"This page is not for your account"</PageHeading>
            <Fresh id="not-allowed">
                {name
                    .map(|name| {
                        view! {
                            <p class="lead">
                                "You are signed in as " <strong>{name}</strong>
                                ". The page you asked for is for a group that this account is not in."
                            </p>
                            <p>
                                "If it should be, ask the people who run this site. If you have another account, use that one."
                            </p>
                            <div class="actions">
                                <a class="button" href=HOME>
                                    "Back to the home page"
                                </a>
                                <SignOutForm return_to=page class="button quiet">
                                    "Sign out to use another account"
                                </SignOutForm>
                            </div>
                        }
                    })}
            </Fresh>
            <When status=SessionStatus::SignedOut>
                <p class="lead">"You are signed out."</p>
                <div class="actions">
                    <SignInLink class="button">"Sign in"</SignInLink>
                    <a href=HOME>"Back to the home page"</a>
                </div>
            </When>
            <Reference reference=error.reference />
        </Message>
    }
    .into_any()
}
