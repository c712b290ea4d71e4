//! The frame around every page: header, notice, main part, footer. `App` puts it between the router and its routes.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{heading::PageAnnouncer, person_menu::PersonMenu, theme::ThemeSwitch};
use crate::auth::{SessionNotices, use_session};

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
                <PersonMenu full_page_loads />
            </div>
        </header>
        <SessionNotices />
        <PageAnnouncer />
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <footer class="site-footer">
            <div class="bar">
                <p>"Leptos, axum and Amazon Cognito. The tokens stay on the server."</p>
                <ThemeSwitch />
            </div>
        </footer>
    }
}

/// The product's mark: the session's line, and two tokens, the second taking over before the first ends.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="7" />
            <path class="mark-line" d="M5 9H27" />
            <path class="mark-tokens" d="M5 17H17M15 24H27" />
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
