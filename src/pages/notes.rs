//! A page with something to type, which outlives the end of the session: nothing that was typed is lost.

use leptos::{
    either::EitherOf3,
    ev::SubmitEvent,
    html::Textarea,
    prelude::*,
    server_fn::{ServerFn, codec::GetUrl},
};

use super::{failure::Failure, heading::PageHeading, note_store::MAX_NOTE_UNITS, parts::Entry};
use leptos_cognito::{
    AuthError, Fresh, KeepTyped, PERSON_FIELD, SessionStatus, SignInAgain, When, WithSession, refetch_parts,
    use_session, use_session_texts, with_session,
};

/// `POST /api/notes/save`: keeps the note, instead of the person's last one; answers with it. `person` is the `sub` of whom
/// the form was rendered for.
///
/// # Errors
/// `SignedOut` without a session of that person; `InvalidRequest` where the note is too long.
#[server(prefix = "/api", endpoint = "notes/save")]
pub async fn save_note(note: String, person: String) -> Result<String, AuthError> {
    use leptos_cognito::AuthErrorCode;

    let session = leptos_cognito::server::require_person(&person).await?;
    let store = use_context::<super::NoteStore>().ok_or(AuthErrorCode::Internal)?;
    // Browsers send line breaks as CRLF.
    let note = note.replace("\r\n", "\n");
    if store.keep(&session.session().user.sub, &note) { Ok(note) } else { Err(AuthErrorCode::InvalidRequest.into()) }
}

/// `GET /api/notes/last`: the person's last note.
///
/// # Errors
/// `SignedOut` without a session.
#[server(prefix = "/api", endpoint = "notes/last", input = GetUrl)]
pub async fn last_note() -> Result<Option<String>, AuthError> {
    use leptos_cognito::AuthErrorCode;

    let session = leptos_cognito::server::require_session().await?;
    let store = use_context::<super::NoteStore>().ok_or(AuthErrorCode::Internal)?;
    Ok(store.last(&session.session().user.sub))
}

/// The page with the note; needs a session.
#[component]
pub fn Notes() -> impl IntoView {
    let last = Resource::new(|| (), |()| last_note());
    view! {
        <PageHeading title="Notes">"Notes"</PageHeading>
        <p class="lead">"Should your session end while you write, nothing of it is lost."</p>
        <Entry id="new-note" title="A new note" hint="Try it: type something, sign out in another tab, and sign in again here.">
            <NoteForm />
        </Entry>
        <When status=SessionStatus::SignedIn>
            <Entry id="last-note" title="Your last note" hint="Kept in this server's memory, for you alone.">
                <Fresh id="kept-note">
                    <Suspense>
                        {move || Suspend::new(async move {
                            match last.await {
                                Ok(Some(note)) => {
                                    EitherOf3::A(view! { <p class="note" data-testid="last-note">{note}</p> })
                                }
                                Ok(None) => EitherOf3::B(view! { <p class="hint">"There is none yet."</p> }),
                                Err(error) => EitherOf3::C(view! { <Failure error retry="/notes" /> }),
                            }
                        })}
                    </Suspense>
                </Fresh>
            </Entry>
        </When>
    }
    .into_any()
}

/// The form. It is never taken away, whatever becomes of the session, because what was typed would go with it.
#[island]
fn NoteForm() -> impl IntoView {
    let saving = with_session(|(note, person)| save_note(note, person));
    let person = untrack(|| use_session().session()).map(|session| session.user.sub).unwrap_or_default();
    let sender = person.clone();
    let textarea = NodeRef::<Textarea>::new();
    let send = move |submit: SubmitEvent| {
        submit.prevent_default();
        if let Some(textarea) = textarea.get_untracked() {
            saving.dispatch((textarea.value(), sender.clone()));
        }
    };
    Effect::new(move |_| {
        let Some(Ok(kept)) = saving.answer() else { return };
        refetch_parts();
        // Cleared once it is kept, unless more was typed meanwhile.
        if let Some(textarea) = textarea.get_untracked().filter(|textarea| textarea.value() == kept) {
            textarea.set_value("");
        }
    });
    view! {
        <KeepTyped>
            <form method="post" action=SaveNote::url() class="note-form" on:submit=send>
                <label for="note">"Note"</label>
                // By itself a browser puts back what was typed, also for the next person who comes here.
                <textarea
                    id="note"
                    name="note"
                    rows="6"
                    required
                    autocomplete="off"
                    maxlength=MAX_NOTE_UNITS.to_string()
                    node_ref=textarea
                ></textarea>
                <input type="hidden" name=PERSON_FIELD value=person />
                <button type="submit" class="button" disabled=move || saving.is_pending()>
                    "Save"
                </button>
            </form>
        </KeepTyped>
        <Outcome saving />
    }
}

/// What became of the note, and the way on where the session has ended.
#[component]
fn Outcome(saving: WithSession<(String, String), String>) -> impl IntoView {
    let (session, texts) = (use_session(), use_session_texts());
    let needs_sign_in = Memo::new(move |_| session.is_signed_out());
    let text = move || match saving.answer() {
        _ if needs_sign_in.get() && saving.is_waiting() => {
            "Your session has ended. Your note is kept here, and is saved by itself when you have signed in again."
                .to_owned()
        }
        _ if needs_sign_in.get() => "Your session has ended. What you typed stays here.".to_owned(),
        Some(Ok(_)) => "Saved.".to_owned(),
        Some(Err(error)) => (texts.error)(error.code),
        _ => String::new(),
    };
    view! {
        <p role="status" class="note-form__outcome">
            {text}
        </p>
        <p class="actions" hidden=move || !needs_sign_in.get()>
            <SignInAgain class="button">"Sign in again"</SignInAgain>
        </p>
    }
}
