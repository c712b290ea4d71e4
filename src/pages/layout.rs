//! The frame around every page: header, notice, main part, footer. `App` puts it between the router and its routes.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{person_menu::PersonMenu, theme::ThemeSwitch};
use leptos_cognito::{Fresh, SessionNotices, use_session};

/// Header, navigation and footer, with the page in the middle.
#[component]
pub fn Layout(
    /// Without what leads away from the page at one click: it holds something that would be lost.
    #[prop(optional)]
    holds: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <a class="skip-link" href="#main">
            "Skip to the content"
        </a>
        <header class="site-header">
            <div class="bar">
                <a class="brand" href="/">
                    <Mark />
                    "Leptos Cognito"
                </a>
                <Navigation />
                {(!holds).then(|| view! { <PersonMenu /> })}
            </div>
        </header>
        <Notices />
        <main id="main" tabindex="-1">
            {children()}
        </main>
        <footer class="site-footer">
            <div class="bar">
                <p>"Leptos, axum and Amazon Cognito. The tokens stay on the server."</p>
                {(!holds).then(|| view! { <ThemeSwitch /> })}
            </div>
        </footer>
    }
    .into_any()
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
    .into_any()
}

/// What the page says of its session by itself.
#[island]
fn Notices() -> impl IntoView {
    view! { <SessionNotices /> }
}

#[component]
fn Navigation() -> impl IntoView {
    let is_admin = use_session().session().is_some_and(|session| session.user.is_in_group("admin"));
    view! {
        <nav class="site-nav" aria-label="Main">
            <NavLink href="/">"Home"</NavLink>
            <NavLink href="/account">"Account"</NavLink>
            <NavLink href="/notes">"Notes"</NavLink>
            <Fresh id="nav-admin">{is_admin.then(|| view! { <NavLink href="/admin">"Admin"</NavLink> })}</Fresh>
        </nav>
    }
    .into_any()
}

#[component]
fn NavLink(href: &'static str, children: Children) -> impl IntoView {
    let is_here = use_location().pathname.get_untracked() == href;
    view! {
        <a href=href aria-current=is_here.then_some("page")>
            {children()}
        </a>
    }
    .into_any()
}
