//! At the right of the header: the way in, or who is in, with a menu. The menu is a popover of the browser's own, so it
//! opens and closes without JavaScript, by keyboard, and with Escape.

use leptos::{html::Div, prelude::*};
use leptos_router::hooks::use_location;

use super::person::initials;
use crate::auth::{SignInLink, SignOutForm, SignedIn, SignedOut, use_session};

/// The header's right side.
#[component]
pub(super) fn PersonMenu(
    /// Navigation loads whole pages.
    full_page_loads: bool,
) -> impl IntoView {
    view! {
        <div class="who">
            <SignedOut>
                <SignInLink class="button">"Sign in"</SignInLink>
            </SignedOut>
            <SignedIn>
                <Menu full_page_loads />
            </SignedIn>
        </div>
    }
}

#[component]
fn Menu(full_page_loads: bool) -> impl IntoView {
    let session = use_session();
    let name =
        Memo::new(move |_| session.session().map(|session| session.user.display_name().to_owned()).unwrap_or_default());
    let email = move || session.session().and_then(|session| session.user.email);
    let location = use_location();
    let menu = NodeRef::<Div>::new();
    // The browser closes it with the page; the client-side router leaves the page where it is.
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        if before.is_some_and(|before| before != path)
            && let Some(menu) = menu.get_untracked()
        {
            // One that is closed already stays so.
            let _ = menu.hide_popover();
        }
        path
    });
    view! {
        <button type="button" class="person" popovertarget="person-menu">
            <span class="disc" aria-hidden="true">
                {move || initials(&name.get())}
            </span>
            <span class="person-name">{name}</span>
            <span class="visually-hidden">": your menu"</span>
        </button>
        <div id="person-menu" class="menu" popover="auto" node_ref=menu>
            <p class="menu-who">
                <strong>{name}</strong>
                <span>{email}</span>
            </p>
            <a href="/account" rel=full_page_loads.then_some("external")>
                "Your account"
            </a>
            <SignOutForm class="button quiet">"Sign out"</SignOutForm>
        </div>
    }
}
