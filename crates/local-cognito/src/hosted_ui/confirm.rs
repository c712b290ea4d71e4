//! `/confirm` and `/resendcode`: a person who signed up enters the code, or asks for another. Reached from `/signup`
//! and `/login`, which leave a step; without one there is nobody to confirm.

use axum::response::Response;
use maud::html;

use super::super::accounts::AccountRefusal;
use super::super::params::Params;
use super::super::user::User;
use super::page;
use super::parts::{FormView, mask, notice, where_codes_are};
use super::problem::{Field, Problem};
use super::step::Step;
use super::visit::{Sent, Visit};

/// Shows the page.
pub(super) async fn get_confirm(visit: Visit) -> Response {
    show(&visit, None)
}

/// Checks the code; then on to the app, signed in.
pub(super) async fn post_confirm(Sent { visit, form }: Sent) -> Response {
    match confirm(&visit, &form) {
        Ok(Some(user)) => visit.sign_in(&user),
        Ok(None) => visit.go("/login"),
        Err(problem) => show(&visit, Some(problem)),
    }
}

/// Makes another code.
pub(super) async fn post_resend(Sent { visit, form }: Sent) -> Response {
    let Some(Step::Confirm { sub, .. }) = visit.step() else { return visit.go("/login") };
    let made = visit.check_form(&form).map(|()| visit.pool().resend_sign_up_code(&sub));
    match made {
        Ok(Ok(_)) => visit.go_on("/confirm", Step::Confirm { sub, resent: true }),
        // Confirmed elsewhere, or gone.
        Ok(Err(_)) => visit.go("/login"),
        Err(problem) => show(&visit, Some(problem)),
    }
}

/// Who is confirmed now; `None` where there is nothing to confirm (any more).
fn confirm(visit: &Visit, form: &Params) -> Result<Option<User>, Problem> {
    let Some(Step::Confirm { sub, .. }) = visit.step() else { return Ok(None) };
    visit.check_form(form)?;
    match visit.pool().confirm_sign_up(&sub, form.get("code").unwrap_or_default()) {
        Ok(()) => {}
        Err(AccountRefusal::AlreadyConfirmed(_) | AccountRefusal::UserNotFound) => return Ok(None),
        Err(refusal) => return Err(refusal.into()),
    }
    let user = visit.pool().with_state(|state| state.find_user(&sub).cloned());
    user.filter(|user| user.enabled).map(Some).ok_or(Problem::Disabled)
}

fn show(visit: &Visit, problem: Option<Problem>) -> Response {
    let texts = visit.texts();
    let Some(Step::Confirm { sub, resent }) = visit.step() else { return visit.go("/login") };
    let email = visit.pool().with_state(|state| state.find_user(&sub).map(|user| mask(&user.email)));
    let view = FormView { visit, problem, focus: Field::Code };
    let fields = html! {
        (view.code())
        button type="submit" { (texts.confirm) }
    };
    let again = FormView { visit, problem: None, focus: Field::Form };
    let content = html! {
        p { (texts.code_for) strong { (email.unwrap_or_default()) } "." }
        (where_codes_are(texts))
        @if resent && problem.is_none() { (notice(texts.code_resent)) }
        (view.form("/confirm", &fields))
        (again.form("/resendcode", &html! { button.quiet type="submit" { (texts.resend) } }))
        ul.links { li { a href=(visit.link("/login")) { (texts.back_to_sign_in) } } }
    };
    page::show(visit, "/confirm", texts.confirm_title, problem, &content)
}
