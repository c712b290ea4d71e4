//! What people see, and the server functions that it needs.

use leptos::{
    either::Either,
    ev::SubmitEvent,
    html::Input,
    prelude::*,
    server_fn::{ServerFn, codec::GetUrl},
};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use leptos_cognito::{
    AuthError, AuthErrorCode, CloseWindow, KeepTyped, KeptForm, PERSON_FIELD, SignInAgain, SignInLink, SignedIn,
    SignedOut, use_session, with_session,
};

/// Public. It knows who is signed in from the first byte on.
#[component]
pub fn Home() -> impl IntoView {
    view! {
        <Title text="Home" />
        <h1>"Welcome"</h1>
        <SignedOut>
            <p>"Nobody is signed in."</p>
            <SignInLink return_to="/me">"Sign in"</SignInLink>
        </SignedOut>
        <SignedIn>
            <p>"Signed in as " <Name /> "."</p>
        </SignedIn>
    }
}

#[component]
fn Name() -> impl IntoView {
    let session = use_session();
    view! { <strong>{move || session.session().map(|session| session.user.display_name().to_owned())}</strong> }
}

/// Needs a session: the guard sees to that where the page is loaded, `SignedOut` where the browser goes there by itself.
#[component]
pub fn Me() -> impl IntoView {
    let session = use_session();
    let renewals = move || session.session().map(|session| session.refresh_count);
    view! {
        <Title text="Your page" />
        <h1>"Your page"</h1>
        <SignedIn>
            <p>"Hello, " <Name /> "! Your token was renewed " <span data-testid="renewals">{renewals}</span> " times."</p>
            <Profile />
        </SignedIn>
        <SignedOut>
            <SignInLink>"Sign in to see this page"</SignInLink>
        </SignedOut>
        <MottoForm />
    }
}

/// `GET /api/profile`: what Cognito knows of the person, asked with their access token. If Cognito refuses that before its
/// end, it is renewed first.
#[server(prefix = "/api", endpoint = "profile", input = GetUrl)]
async fn profile() -> Result<Vec<(String, String)>, AuthError> {
    let session = leptos_cognito::server::require_session().await?;
    session.user_attributes().await
}

#[component]
fn Profile() -> impl IntoView {
    let profile = Resource::new(|| (), |()| profile());
    view! {
        <Suspense fallback=|| "Asking Cognito …">
            {move || Suspend::new(async move {
                match profile.await {
                    Ok(attributes) => Either::Left(view! {
                        <ul aria-label="Profile">
                            {attributes.into_iter().map(|(name, value)| view! { <li>{name}": "{value}</li> }).collect_view()}
                        </ul>
                    }),
                    Err(error) => Either::Right(view! { <p role="alert">{error.to_string()}</p> }),
                }
            })}
        </Suspense>
    }
}

/// `POST /api/motto`: takes a motto, and says who has it now. `person` is whom the form was rendered for.
#[server(prefix = "/api", endpoint = "motto")]
async fn set_motto(motto: String, person: String) -> Result<String, AuthError> {
    let session = leptos_cognito::server::require_person(&person).await?;
    // An app would store it here, under `user.sub`.
    Ok(format!("{}: {motto}", session.session().user.display_name()))
}

/// A form that outlives the session: it stays while nobody is signed in, and its call is repeated after the next sign-in.
#[component]
fn MottoForm() -> impl IntoView {
    let session = use_session();
    let saving = with_session(|(motto, person)| set_motto(motto, person));
    let person = untrack(|| session.session()).map(|session| session.user.sub).unwrap_or_default();
    let sender = person.clone();
    let field = NodeRef::<Input>::new();
    let send = move |submit: SubmitEvent| {
        submit.prevent_default();
        if let Some(field) = field.get_untracked() {
            saving.dispatch((field.value(), sender.clone()));
        }
    };
    let outcome = move || match saving.answer() {
        _ if saving.is_waiting() => {
            "Your session has ended. This is saved as soon as you are signed in again.".to_owned()
        }
        Some(Ok(saved)) => format!("Saved. {saved}"),
        Some(Err(error)) => error.to_string(),
        None => String::new(),
    };
    view! {
        <KeepTyped>
            <form method="post" action=SetMotto::url() on:submit=send>
                <label for="motto">"Your motto"</label>
                <input id="motto" name="motto" required autocomplete="off" node_ref=field />
                <input type="hidden" name=PERSON_FIELD value=person />
                <button type="submit">"Save"</button>
            </form>
        </KeepTyped>
        <p role="status">{outcome}</p>
        <Show when=move || session.is_signed_out()>
            <SignInAgain>"Sign in again"</SignInAgain>
        </Show>
    }
}

/// For the group `admin`.
#[component]
pub fn Staff() -> impl IntoView {
    view! {
        <Title text="Staff" />
        <h1>"Staff"</h1>
    }
}

/// Where a sign-in ends that failed. Of its address nothing is shown.
#[component]
pub fn SignInFailed() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let error = AuthErrorCode::parse(query.get_str("error").unwrap_or_default());
    view! {
        <Title text="Sign-in failed" />
        <h1>"The sign-in did not work"</h1>
        <p role="alert">{error.to_string()}</p>
        <SignInLink return_to=query.get("return_to").unwrap_or_default()>"Try again"</SignInLink>
    }
}

/// Where a sign-in in a window of its own ends.
#[component]
pub fn SignedInPage() -> impl IntoView {
    view! {
        <Title text="Signed in" />
        <h1>"Close this tab, and go on where you were"</h1>
        <CloseWindow />
    }
}

/// The answer to a form that was sent without JavaScript after its session had ended: all of it, in a form again.
#[component]
pub fn KeptFormPage(form: KeptForm) -> impl IntoView {
    let Some(fields) = form.fields else {
        return Either::Left(view! { <p>"This was too long to be kept. Your browser's Back button still has it."</p> });
    };
    let field = |(name, value): (String, String)| {
        let is_person = name == PERSON_FIELD;
        view! {
            <label hidden=is_person>
                {name.clone()} <input name=name value=value />
            </label>
        }
    };
    Either::Right(view! {
        <h1>"Your session had ended"</h1>
        <p>
            <a href=KeptForm::sign_in_href() target="_blank">
                "Sign in again, in a new tab"
            </a>
            ", then send this once more:"
        </p>
        <form method="post" action=form.action>
            {fields.into_iter().map(field).collect_view()} <button type="submit">"Send it again"</button>
        </form>
    })
}
