//! The public first page: what this is, what happens during an hour and after, the way in, and what it is to build on.

use leptos::prelude::*;

use super::{
    heading::PageHeading,
    home_parts::{Picture, Samples, Stops},
    parts::Entry,
    rehearsal::{ConsoleLink, use_console},
};
use leptos_cognito::{Fresh, SessionStatus, SignInLink, SignedOutNotice, When, use_session};

/// The home page; public.
#[component]
pub fn Home() -> impl IntoView {
    let console = use_console();
    view! {
        <SignedOutNotice />
        <section class="hero">
            <div class="hero-words">
                <PageHeading title="Home">"Sign in with Amazon Cognito, and stay signed in"</PageHeading>
                <p class="lead">
                    "Cognito's access token lasts an hour. This app renews it on the server before the hour is over:
                    nobody is thrown out, and no token reaches the browser's scripts."
                </p>
                <WayIn is_rehearsal=console.is_some() />
            </div>
            <Picture />
        </section>
        <Entry
            id="hours"
            title="An hour, and after"
            hint="The green line is your session. The yellow ones are the access tokens that carry it, one after another."
        >
            <Stops />
        </Entry>
        {console.map(|console| view! { <TryIt console /> })}
        <Entry id="code" title="In your own code" hint="This is a Leptos app to build on, and a folder to lift into the app you have.">
            <Samples />
        </Entry>
    }
    .into_any()
}

#[component]
fn WayIn(
    /// Local Cognito plays the user pool.
    is_rehearsal: bool,
) -> impl IntoView {
    let name = use_session().session().map(|session| session.user.display_name().to_owned());
    let hint = if is_rehearsal {
        "Local Cognito stands in for a user pool here. Its sign-in page has two people ready, with their passwords."
    } else {
        "You sign in at the sign-in service. This app never sees your password."
    };
    view! {
        <When status=SessionStatus::SignedOut>
            <p class="actions">
                <SignInLink return_to="/account" class="button large">
                    "Sign in"
                </SignInLink>
            </p>
            <p class="hint">{hint}</p>
        </When>
        <Fresh id="way-in">
            {name
                .map(|name| {
                    view! {
                        <p class="actions">
                            <a class="button large" href="/account">
                                "Go to your account"
                            </a>
                            <span class="hint">"Signed in as " <strong>{name}</strong></span>
                        </p>
                    }
                })}
        </Fresh>
    }
    .into_any()
}

/// Ten minutes with Local Cognito; not there with a real user pool.
#[component]
fn TryIt(console: String) -> impl IntoView {
    let faults = format!("{console}/faults");
    view! {
        <Entry id="try" title="Try it" hint="Local Cognito keeps a clock that you can move, and fails when you tell it to.">
            <ol class="tasks">
                <li>
                    <strong>"Sign in"</strong>
                    " as one of the two people, and look at the account page: the bar is the life of the access token."
                </li>
                <li>
                    <strong>"Let an hour pass. "</strong>
                    <ConsoleLink console>"Move the clock in the console"</ConsoleLink>
                    ", load the account page again, and see the next token in its place."
                </li>
                <li>
                    <strong>"Take the sign-in service away. "</strong>
                    "Under " <ConsoleLink console=faults>"Faults"</ConsoleLink>
                    ", let the next requests fail, and let another hour pass. You stay signed in, and a notice says what waits."
                </li>
                <li>
                    <strong>"Turn JavaScript off. "</strong>
                    "Everything on these pages goes on working."
                </li>
            </ol>
        </Entry>
    }
    .into_any()
}
