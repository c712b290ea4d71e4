//! At the right of the header: the way in, or who is in, with a menu. The menu is a popover of the browser's own, so it
//! opens and closes without JavaScript, by keyboard, and with Escape.

use leptos::prelude::*;

use super::person::initials;
use leptos_cognito::{Fresh, SessionStatus, SignInLink, SignOutForm, User, When, use_session};

/// The header's right side.
#[component]
pub(super) fn PersonMenu() -> impl IntoView {
    let session = use_session().session();
    view! {
        <div class="who">
            <When status=SessionStatus::SignedOut>
                <SignInLink class="button">"Sign in"</SignInLink>
            </When>
            <Fresh id="who">{session.map(|session| view! { <Menu user=session.user /> })}</Fresh>
        </div>
    }
    .into_any()
}

#[component]
fn Menu(user: User) -> impl IntoView {
    let name = user.display_name().to_owned();
    view! {
        <button type="button" class="person" popovertarget="person-menu">
            <span class="disc" aria-hidden="true">
                {initials(&name)}
            </span>
            <span class="person-name">{name.clone()}</span>
            <span class="visually-hidden">": your menu"</span>
        </button>
        <div id="person-menu" class="menu" popover="auto">
            <p class="menu-who">
                <strong>{name}</strong>
                <span>{user.email}</span>
            </p>
            <a href="/account">"Your account"</a>
            <SignOutForm class="button quiet">"Sign out"</SignOutForm>
        </div>
    }
    .into_any()
}
