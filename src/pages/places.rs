//! Where this person is signed in, and the ways out: here, and everywhere.

use leptos::{
    either::Either,
    prelude::*,
    server_fn::{ServerFn, codec::GetUrl},
};

use super::{failure::Failure, instant::Instant, parts::Entry};
use leptos_cognito::{AuthError, SignIn, SignOutForm};

/// `GET /api/account/sign-ins`: the person's sessions that the server that answers has seen, this one first.
///
/// # Errors
/// `SignedOut` without a session.
#[server(prefix = "/api", endpoint = "account/sign-ins", input = GetUrl)]
pub async fn sign_ins() -> Result<Vec<SignIn>, AuthError> {
    Ok(leptos_cognito::server::require_session().await?.sign_ins())
}

/// `POST /api/account/end-session`: ends another session of the person, by its id in [`sign_ins`]. One that is gone already is no
/// mistake. A form's sender goes back to the list.
///
/// # Errors
/// `SignedOut` without a session.
#[server(prefix = "/api", endpoint = "account/end-session")]
pub async fn end_session(id: String) -> Result<(), AuthError> {
    use http::{header::ACCEPT, request::Parts};

    leptos_cognito::server::require_session().await?.end_session(&id);
    let wants_page = |parts: &Parts| {
        parts
            .headers
            .get(ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    };
    if with_context::<Parts, _>(wants_page).unwrap_or(false) {
        leptos_axum::redirect("/account#places");
    }
    Ok(())
}

/// The account page's part with the list, and the buttons below it.
#[component]
pub(super) fn PlacesCard() -> impl IntoView {
    let places = Resource::new(|| (), |()| sign_ins());
    view! {
        <Entry
            id="places"
            title="Where you are signed in"
            hint="The browsers that this server has seen since it started. End those that you do not recognise."
        >
            <Suspense>
                {move || Suspend::new(async move {
                    match places.await {
                        Ok(places) => Either::Left(view! { <Places places /> }),
                        Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
                    }
                })}
            </Suspense>
            <div class="actions">
                <SignOutForm class="button quiet">"Sign out here"</SignOutForm>
                <SignOutForm everywhere=true class="button quiet">
                    "Sign out everywhere"
                </SignOutForm>
            </div>
            // Cognito's own session outlives GlobalSignOut (docs/cognito.md).
            <p class="hint">
                "“Everywhere” ends all of them at once, and the sign-in service revokes every token
                of yours. A browser that its sign-in page still remembers, for an hour, comes back without a password."
            </p>
        </Entry>
    }
    .into_any()
}

#[component]
fn Places(places: Vec<SignIn>) -> impl IntoView {
    view! {
        <ul class="places" data-testid="sign-ins">
            {places
                .into_iter()
                .map(|place| {
                    let other = (!place.is_this).then(|| view! { <End id=place.id browser=place.browser.clone() /> });
                    view! {
                        <li>
                            <strong>{place.browser}</strong>
                            {place.is_this.then(|| view! { <span class="tag">"this one"</span> })}
                            <p class="hint">
                                "Signed in " <Instant at=place.signed_in_at short=true /> ", last seen "
                                <Instant at=place.last_seen_at short=true />
                            </p>
                            {other}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
    .into_any()
}

/// Ends one of the others.
#[component]
fn End(id: String, browser: String) -> impl IntoView {
    view! {
        <form method="post" action=EndSession::url()>
            <input type="hidden" name="id" value=id />
            <button type="submit" class="button quiet">
                "End session"
                <span class="visually-hidden">" of " {browser}</span>
            </button>
        </form>
    }
    .into_any()
}
