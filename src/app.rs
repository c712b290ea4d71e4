//! The HTML shell and `App`: the only place where a path meets a page.

use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, Link, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    auth::SessionProvider,
    pages::{Account, Admin, Home, Layout, NotAllowed, NotFound, SignInFailed, Theme},
};

/// The document around [`App`], rendered by the server alone. It is light or dark from the first byte on.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let theme = use_context::<Theme>().unwrap_or_default();
    let color_scheme = if theme == Theme::System { "light dark" } else { theme.name() };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.name()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content=color_scheme />
                <AutoReload options=options.clone() />
                <HashedStylesheet id="leptos" options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// Marks a request whose path no route has, so that [`App`] shows the not-found page without asking the client-side
/// router, which forgives more than the server's (a trailing slash, percent-encoding) and would show a page that the
/// guard never saw. The server provides it as a context.
#[derive(Clone, Copy, Debug)]
pub struct NoRoute;

/// The whole page, the same on both sides. Pages that load something are streamed in order, which shows it without
/// JavaScript too.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let no_route = SharedValue::new(|| use_context::<NoRoute>().is_some()).into_inner();
    view! {
        <Title formatter=|title: String| format!("{title} · Leptos Cognito") />
        <Link rel="icon" href="/favicon.svg" type_="image/svg+xml" />
        <SessionProvider>
            <Router>
                <Layout full_page_loads=no_route>
                    <Show when=move || !no_route fallback=|| view! { <NotFound /> }>
                        <Routes fallback=|| view! { <NotFound /> }>
                            <Route path=path!("/") view=Home />
                            <Route path=path!("/account") view=Account ssr=SsrMode::InOrder />
                            <Route path=path!("/admin") view=Admin ssr=SsrMode::InOrder />
                            <Route path=path!("/sign-in-failed") view=SignInFailed />
                            <Route path=path!("/not-allowed") view=NotAllowed />
                        </Routes>
                    </Show>
                </Layout>
            </Router>
        </SessionProvider>
    }
}
