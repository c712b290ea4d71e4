//! A page for the group `admin` alone. The server decides who sees it; the server function decides again for itself.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};

use super::{failure::Failure, heading::PageHeading, parts::Entry, private::Private};
use leptos_cognito::{AuthError, Fresh};

/// `GET /api/admin/overview`: a sentence that only an admin gets.
///
/// # Errors
/// `SignedOut` without a session, `NotAllowed` outside the group `admin`.
#[server(prefix = "/api", endpoint = "admin/overview", input = GetUrl)]
pub async fn admin_overview() -> Result<String, AuthError> {
    let required = leptos_cognito::server::require_group("admin").await?;
    let user = &required.session().user;
    Ok(format!("The server says: {} is in {}.", user.display_name(), user.groups.join(", ")))
}

/// The admin page; needs the group `admin`.
#[component]
pub fn Admin() -> impl IntoView {
    let overview = Resource::new(|| (), |()| admin_overview());
    view! {
        <PageHeading title="Admin">"Admin"</PageHeading>
        <p class="lead">
            "Only people in the group " <code>"admin"</code> " see this page. The server reads the group from the
            verified ID token."
        </p>
        <Private>
            <Entry
                id="overview"
                title="Overview"
                hint="The page's rule lets you in; the call for this sentence asks for the group once more."
            >
                <Fresh id="overview-answer">
                    <Suspense>
                        {move || Suspend::new(async move {
                            match overview.await {
                                Ok(sentence) => {
                                    Either::Left(view! { <p class="lead" data-testid="admin-overview">{sentence}</p> })
                                }
                                Err(error) => Either::Right(view! { <Failure error retry="/admin" /> }),
                            }
                        })}
                    </Suspense>
                </Fresh>
            </Entry>
        </Private>
    }
    .into_any()
}
