//! The document, and which path has which page.

use leptos::{either::Either, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{A, Route, Router, Routes},
    path,
};

use leptos_cognito::{HOME, KeptForm, SessionNotices, SessionProvider, SignOutForm, SignedIn};

use crate::pages::{Home, KeptFormPage, Me, SignInFailed, SignedInPage, Staff};

/// The document around [`App`], which the browser makes live.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="data:," />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The whole page, the same on both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| format!("{title} · Lifted") />
        <SessionProvider>
            <Router>
                <nav aria-label="Main">
                    <A href="/">"Home"</A>
                    " "
                    <A href="/me">"Your page"</A>
                    <SignedIn>
                        <SignOutForm>"Sign out"</SignOutForm>
                    </SignedIn>
                </nav>
                <SessionNotices />
                <main>
                    <Routes fallback=|| "There is no such page.">
                        <Route path=path!("/") view=Home />
                        <Route path=path!("/me") view=Me ssr=SsrMode::Async />
                        <Route path=path!("/staff") view=Staff />
                        <Route path=path!("/signed-in") view=SignedInPage />
                        <Route path=path!("/sign-in-failed") view=SignInFailed />
                    </Routes>
                </main>
            </Router>
        </SessionProvider>
    }
}

/// A page that no route has and no script touches: with a form that came too late, or that there is none.
pub fn still_page(form: Option<KeptForm>) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <link rel="icon" href="data:," />
                <title>"Lifted"</title>
            </head>
            <body>
                <main>
                    {match form {
                        Some(form) => Either::Left(view! { <KeptFormPage form /> }),
                        None => Either::Right(view! { <h1>"There is no such page"</h1> }),
                    }}
                    <p>
                        <a href=HOME>"Home"</a>
                    </p>
                </main>
            </body>
        </html>
    }
}
