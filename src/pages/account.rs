//! The protected page: how the session stands, what became of it, who it is, and what Cognito says with a fresh token.

use leptos::prelude::*;

use super::{
    heading::PageHeading, parts::Entry, person::PersonCard, private::Private, profile::ProfileCard,
    session_card::SessionCard, timeline::Timeline,
};
use crate::auth::SignOutForm;

/// The account page; needs a session.
#[component]
pub fn Account() -> impl IntoView {
    view! {
        <PageHeading title="Account">"Your account"</PageHeading>
        <Private>
            <SessionCard />
            <Timeline />
            <PersonCard />
            <ProfileCard />
            <Entry id="leave" title="Sign out" hint="Takes effect at once: an old copy of the cookie opens nothing any more.">
                <div class="actions">
                    <SignOutForm class="button quiet">"Sign out here"</SignOutForm>
                </div>
            </Entry>
        </Private>
    }
}
