//! A call upstream with the person's access token, for when somebody asks for it: an example of calling an API of one's own.

use leptos::{either::Either, prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;

use super::{failure::Failure, parts::Entry};
use leptos_cognito::AuthError;

/// In the page's address: that the call is asked for.
const ASK: (&str, &str) = ("call", "user-info");

/// `GET /api/account/user-info`: what the user pool's userInfo endpoint says, as indented JSON.
///
/// # Errors
/// `SignedOut` without a session; `ProviderUnavailable` while Cognito is away.
#[server(prefix = "/api", endpoint = "account/user-info", input = GetUrl)]
pub async fn user_info_from_cognito() -> Result<String, AuthError> {
    use leptos_cognito::AuthErrorCode;

    let claims = leptos_cognito::server::require_session().await?.user_info().await?;
    serde_json::to_string_pretty(&claims).map_err(|_| AuthErrorCode::Internal.into())
}

/// The account page's part with the call and its answer.
#[component]
pub(super) fn UpstreamCard() -> impl IntoView {
    let is_asked = use_query_map().with_untracked(|query| query.get_str(ASK.0) == Some(ASK.1));
    let answer = is_asked.then(|| Resource::new(|| (), |()| user_info_from_cognito()));
    view! {
        <Entry
            id="upstream"
            title="A call upstream"
            hint="As a server function of yours would call your API: the token goes along, and only to hosts that you list."
        >
            <p>
                <a class="button quiet" href=format!("/account?{}={}#upstream", ASK.0, ASK.1)>
                    "Call userInfo"
                </a>
            </p>
            {answer
                .map(|answer| {
                    view! {
                        <Suspense>
                            {move || Suspend::new(async move {
                                match answer.await {
                                    Ok(json) => {
                                        Either::Left(
                                            view! {
                                                <pre class="answer" tabindex="0" data-testid="user-info">
                                                    <code>{json}</code>
                                                </pre>
                                            },
                                        )
                                    }
                                    Err(error) => Either::Right(view! { <Failure error retry="/account" /> }),
                                }
                            })}
                        </Suspense>
                    }
                })}
        </Entry>
    }
    .into_any()
}
