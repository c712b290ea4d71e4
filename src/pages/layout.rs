//! The frame around every page: header, notice, main part, footer. `App` puts it between the router and its routes.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::auth::{SessionNotices, SignInLink, SignOutForm, SignedIn, SignedOut, use_session};

/// Header, navigation and footer, with the page in the middle.
#[component]
pub fn Layout(
    /// Navigation loads whole pages: for a page that no route has, from where the client-side router cannot leave.
    #[prop(optional)]
    full_page_loads: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip-link" href="#main" rel="external">
            "Skip to the content"
        </a>
        <header class="site-header">
            <div class="bar">
                <a class="brand" href="/" rel=full_page_loads.then_some("external")>
                    <Mark />
                    "Leptos Cognito"
                </a>
                <Navigation full_page_loads />
                <div class="who">
                    <Who />
                </div>
            </div>
        </header>
        <SessionNotices />
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <footer class="site-footer">
            <p>"Leptos, axum and Amazon Cognito. The tokens stay on the server."</p>
        </footer>
    }
}

/// The product's mark: two tokens, the second taking over before the first ends.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="8" />
            <rect class="mark-first" x="6" y="9" width="13" height="5" rx="2.5" />
            <rect class="mark-second" x="13" y="18" width="13" height="5" rx="2.5" />
        </svg>
    }
}

#[component]
fn Navigation(full_page_loads: bool) -> impl IntoView {
    let session = use_session();
    let is_admin = Memo::new(move |_| session.session().is_some_and(|session| session.user.is_in_group("admin")));
    // Signed out, a protected page is loaded from the server, which starts the sign-in.
    let from_server = Signal::derive(move || full_page_loads || !session.is_signed_in());
    view! {
        <nav class="site-nav" aria-label="Main">
            <NavLink href="/" from_server=full_page_loads>
                "Home"
            </NavLink>
            <NavLink href="/account" from_server>
                "Account"
            </NavLink>
            <NavLink href="/notes" from_server>
                "Notes"
            </NavLink>
            <Show when=move || is_admin.get()>
                <NavLink href="/admin" from_server>
                    "Admin"
                </NavLink>
            </Show>
        </nav>
    }
}

#[component]
fn NavLink(href: &'static str, #[prop(into)] from_server: Signal<bool>, children: Children) -> impl IntoView {
    let location = use_location();
    view! {
        <a
            href=href
            rel=move || from_server.get().then_some("external")
            aria-current=move || (location.pathname.get() == href).then_some("page")
        >
            {children()}
        </a>
    }
}

/// At the right of the header: the way in, or who is in and the way out.
#[component]
fn Who() -> impl IntoView {
    let session = use_session();
    let name = move || session.session().map(|session| session.user.display_name().to_owned());
    view! {
        <SignedOut>
            <SignInLink class="button">"Sign in"</SignInLink>
        </SignedOut>
        <SignedIn>
            <span class="who-name">{name}</span>
            <SignOutForm class="button quiet">"Sign out"</SignOutForm>
        </SignedIn>
    }
}
