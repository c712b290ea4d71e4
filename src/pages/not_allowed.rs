//! Where the server sends somebody who is signed in, but not in the group that a page needs.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
    reference::Reference,
};
use crate::auth::{Fresh, HOME, SessionStatus, SignInLink, SignOutForm, When, use_session};

/// The page for somebody who may not see another.
#[component]
pub fn NotAllowed() -> impl IntoView {
    let name = use_session().session().map(|session| session.user.display_name().to_owned());
    let reference = use_query_map().get_untracked().get("ref");
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
                                <SignOutForm class="button quiet">"Sign out to use another account"</SignOutForm>
                            </div>
                        }
                    })}
            </Fresh>
            <When status=SessionStatus::SignedOut>
                <p class="lead">"You are signed out."</p>
                <div class="actions">
                    <SignInLink return_to=HOME class="button">
                        "Sign in"
                    </SignInLink>
                    <a href=HOME>"Back to the home page"</a>
                </div>
            </When>
            <Reference reference />
        </Message>
    }
    .into_any()
}
