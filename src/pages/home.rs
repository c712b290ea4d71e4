//! The public first page: what this is, what happens at a sign-in, and the way in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::auth::{SignInLink, SignedIn, SignedOut, use_session};

/// The home page; public.
#[component]
pub fn Home() -> impl IntoView {
    let session = use_session();
    let name = move || session.session().map(|session| session.user.display_name().to_owned());
    view! {
        <Title text="Home" />
        <section class="hero">
            <h1>"Sign in with Amazon Cognito in Leptos, and stay signed in"</h1>
            <p class="lead">
                "An access token lives for an hour. This app renews it on the server before it runs out, so a session
                goes on for as long as you let it, and your browser never sees a token."
            </p>
            <SignedOut>
                <p class="actions">
                    <SignInLink return_to="/account" class="button large">
                        "Sign in"
                    </SignInLink>
                </p>
            </SignedOut>
            <SignedIn>
                <p class="actions">
                    <a class="button large" href="/account">
                        "Go to your account"
                    </a>
                    <span class="muted">"Signed in as " <strong>{name}</strong></span>
                </p>
            </SignedIn>
            <Timeline />
        </section>
        <section aria-labelledby="what-happens">
            <h2 id="what-happens">"What happens when you sign in"</h2>
            <ol class="steps">
                <Step title="You go to Cognito">
                    "Its own page asks who you are. This app never gets to see your password."
                </Step>
                <Step title="You come back signed in">
                    "To the very page you asked for. The tokens rest in an encrypted cookie that only the server can open."
                </Step>
                <Step title="You stay signed in">
                    "A few minutes before the access token ends, the server swaps it for a new one. You notice nothing."
                </Step>
            </ol>
        </section>
    }
}

#[component]
fn Step(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <li class="card">
            <h3>{title}</h3>
            <p>{children()}</p>
        </li>
    }
}

/// The product in a picture: one session, carried by one token after another, each taking over before the last ends.
#[component]
fn Timeline() -> impl IntoView {
    view! {
        <figure class="timeline">
            <div class="track" role="img" aria-labelledby="timeline-caption">
                <span class="session">"Your session"</span>
                <span class="token">"First token"</span>
                <span class="token">"Second token"</span>
                <span class="token">"Third token"</span>
            </div>
            <figcaption id="timeline-caption">
                "One session, carried by one access token after another: each takes over before the last one ends."
            </figcaption>
        </figure>
    }
}
