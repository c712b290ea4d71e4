//! The protected page: how the session stands, what became of it, who it is, what Cognito says with a fresh token, and where
//! else this person is signed in.

use leptos::prelude::*;

use super::{
    heading::PageHeading, person::PersonCard, places::PlacesCard, private::Private, profile::ProfileCard,
    session_card::SessionCard, timeline::Timeline, upstream::UpstreamCard,
};
use leptos_cognito::Fresh;

/// The account page; needs a session.
#[component]
pub fn Account() -> impl IntoView {
    view! {
        <PageHeading title="Account">"Your account"</PageHeading>
        <Private>
            <SessionCard />
            <Fresh id="account">
                <Timeline />
                <PersonCard />
                <ProfileCard />
                <UpstreamCard />
                <PlacesCard />
            </Fresh>
        </Private>
    }
    .into_any()
}
