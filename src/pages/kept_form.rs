//! The answer to a form that was sent, without JavaScript, after its session had ended: everything typed is in a form
//! again. The server renders it alone and it stays as it is, so none of it is in what the browser loads.

use leptos::{either::Either, prelude::*};

use super::{
    heading::PageHeading,
    parts::{Message, Scene},
};
use leptos_cognito::{KeptForm, PERSON_FIELD};

/// A longer value gets more than one line.
const ONE_LINE_CHARS: usize = 60;

/// The page with what was typed.
#[component]
pub fn KeptFormPage(
    /// What was sent.
    form: KeptForm,
) -> impl IntoView {
    let KeptForm { action, fields, page } = form;
    let way_on = match fields {
        Some(fields) => Either::Left(view! {
            <p class="lead">"Nothing is lost: what you sent is below. It was not stored anywhere."</p>
            <ol class="kept-form__steps">
                <li>
                    <a href=KeptForm::sign_in_href() target="_blank">
                        "Sign in again, in a new tab"
                    </a>
                </li>
                <li>"Come back to this page and send it again."</li>
            </ol>
            <form method="post" action=action class="kept-form">
                {fields.into_iter().enumerate().map(|(index, field)| view! { <Field index field /> }).collect_view()}
                <button type="submit" class="button">
                    "Send it again"
                </button>
            </form>
        }),
        None => Either::Right(view! {
            <p class="lead">
                "What you sent is too long to be kept here. Go back with your browser's Back button: most browsers still have
                it. Copy it, sign in again, and send it once more."
            </p>
        }),
    };
    view! {
        <Message scene=Scene::Paused>
            <PageHeading title="Sign in again">"Your session had ended"</PageHeading>
            {way_on}
            <p>
                <a href=page>
                    "Drop it, and go back to the page"
                </a>
            </p>
        </Message>
    }
    .into_any()
}

#[component]
fn Field(index: usize, field: (String, String)) -> impl IntoView {
    let (name, value) = field;
    if name == PERSON_FIELD {
        return Either::Left(view! { <input type="hidden" name=name value=value /> });
    }
    let id = format!("field-{index}");
    let is_long = value.contains('\n') || value.chars().count() > ONE_LINE_CHARS;
    let control = if is_long {
        // Leptos writes the children of a text area as they are: `</textarea>` in them would end it, and what follows would be
        // markup. And HTML drops a line break that a text area begins with.
        let text = format!("\n{}", html_escape::encode_text(&value));
        Either::Left(view! { <textarea id=id.clone() name=name.clone() rows="8" inner_html=text></textarea> })
    } else {
        Either::Right(view! { <input id=id.clone() name=name.clone() value=value /> })
    };
    Either::Right(view! {
        <p class="kept-form__field">
            <label for=id>{name}</label>
            {control}
        </p>
    })
}
