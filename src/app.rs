//! The HTML shell and `App`: the only place where a path meets a page.

use leptos::{either::Either, prelude::*};
use leptos_meta::{HashedStylesheet, Link, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use leptos_cognito::{AuthError, AuthErrorCode, KeptForm, RenderedSession};

use crate::pages::{
    Account, Admin, GroupsUnavailable, Home, KeptFormPage, Layout, Live, NotAllowed, NotFound, Notes, Program,
    SignInFailed, SignedInPage, Theme,
};

/// What a search engine shows below a page's title.
const DESCRIPTION: &str = "Sign in with Amazon Cognito in a Leptos app, and stay signed in: the server keeps the tokens, and \
                           renews them before they run out.";

/// The document around [`App`], rendered by the server alone. It is light or dark from the first byte on.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    // A page that was sent for keeping comes alone, and nothing in it runs.
    let kept = use_context::<KeptForm>();
    let theme = use_context::<Theme>().unwrap_or_default();
    let color_scheme = if theme == Theme::System { "light dark" } else { theme.name() };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.name()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=color_scheme />
                <meta name="description" content=DESCRIPTION />
                <AutoReload options=options.clone() />
                {kept.is_none().then(|| view! { <Program options=options.clone() /> })}
                <HashedStylesheet id="leptos" options />
                <MetaTags />
            </head>
            <body>{kept.map_or_else(|| view! { <App /> }.into_any(), |form| view! { <KeptFormApp form /> }.into_any())}</body>
        </html>
    }
}

/// Marks a request whose path no route has, so that [`App`] shows the not-found page without asking Leptos' router, which
/// forgives more than axum's (a trailing slash, percent-encoding) and would show a page that the guard never saw. The
/// server provides it as a context.
#[derive(Clone, Copy, Debug)]
pub struct NoRoute;

/// Marks a request for a page that is refused to somebody who is signed in: [`App`] shows why in the page's place. The server
/// provides it as a context.
#[derive(Clone, Debug)]
pub struct Refused(pub AuthError);

/// The whole page, rendered by the server; what moves in it are islands. Pages that load something are streamed in order,
/// which shows it without JavaScript too.
#[component]
pub fn App() -> impl IntoView {
    let no_route = use_context::<NoRoute>().is_some();
    if let Some(Refused(error)) = use_context() {
        return view! {
            <Frame>
                {match error.code {
                    AuthErrorCode::NotAllowed => Either::Left(view! { <NotAllowed error /> }),
                    _ => Either::Right(view! { <GroupsUnavailable error /> }),
                }}
            </Frame>
        }
        .into_any();
    }
    view! {
        <Frame>
            <Show when=move || !no_route fallback=|| view! { <NotFound /> }>
                <Routes fallback=|| view! { <NotFound /> }>
                    <Route path=path!("/") view=Home />
                    <Route path=path!("/account") view=Account ssr=SsrMode::InOrder />
                    <Route path=path!("/notes") view=Notes ssr=SsrMode::InOrder />
                    <Route path=path!("/admin") view=Admin ssr=SsrMode::InOrder />
                    <Route path=path!("/signed-in") view=SignedInPage />
                    <Route path=path!("/sign-in-failed") view=SignInFailed />
                </Routes>
            </Show>
        </Frame>
    }
    .into_any()
}

/// What is around every page.
#[component]
fn Frame(#[prop(optional)] holds: bool, children: Children) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| format!("{title} · Leptos Cognito") />
        <Link rel="icon" href="/favicon.svg" type_="image/svg+xml" />
        <Live rendered=RenderedSession::of_request()>
            <Router>
                <Layout holds>{children()}</Layout>
            </Router>
        </Live>
    }
    .into_any()
}

/// [`App`] with the one page that no address has: what a form brought, to be sent again.
#[component]
fn KeptFormApp(form: KeptForm) -> impl IntoView {
    view! {
        <Frame holds=true>
            <KeptFormPage form />
        </Frame>
    }
    .into_any()
}
