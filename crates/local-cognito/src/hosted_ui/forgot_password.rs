//! `/forgotPassword` and `/confirmforgotPassword`: a code, and with it a new password. Neither page tells whether there
//! is such a user.

use std::sync::Arc;

use axum::response::Response;
use maud::html;

use super::super::params::Params;
use super::super::password::{check_policy, hash_password};
use super::super::pool::Pool;
use super::super::verification::Purpose;
use super::page;
use super::parts::{FormView, mask, notice, where_codes_are};
use super::problem::{Field, Problem, on_blocking_thread};
use super::step::Step;
use super::visit::{Sent, Visit};

/// Shows the page that asks for whom.
pub(super) async fn get_request(visit: Visit) -> Response {
    let username = visit.request.login_hint.as_deref().unwrap_or_default();
    show_request(&visit, username, None)
}

/// Makes a code, if there is somebody to make it for; then on to entering it.
pub(super) async fn post_request(Sent { visit, form }: Sent) -> Response {
    let username = form.get("username").unwrap_or_default();
    let checked = visit.check_form(&form);
    let checked = checked.and_then(|()| if username.trim().is_empty() { Err(Problem::BadEmail) } else { Ok(()) });
    if let Err(problem) = checked {
        return show_request(&visit, username, Some(problem));
    }
    match visit.pool().request_password_reset(username) {
        Ok(_) => visit.pool().drop_decoy(username),
        Err(_) => visit.pool().keep_decoy(username),
    }
    let resent = matches!(visit.step(), Some(Step::Reset { username: before, .. }) if before == username);
    visit.go_on("/confirmforgotPassword", Step::Reset { username: username.to_owned(), resent })
}

/// Shows the page that takes the code.
pub(super) async fn get_code(visit: Visit) -> Response {
    show_code(&visit, None)
}

/// Sets the new password; then back to the sign-in page, as at Cognito.
pub(super) async fn post_code(Sent { visit, form }: Sent) -> Response {
    let Some(Step::Reset { username, .. }) = visit.step() else { return visit.go("/forgotPassword") };
    match reset(&visit, &form, &username).await {
        Ok(()) => visit.go_on("/login", Step::PasswordChanged { username }),
        Err(problem) => show_code(&visit, Some(problem)),
    }
}

async fn reset(visit: &Visit, form: &Params, username: &str) -> Result<(), Problem> {
    visit.check_form(form)?;
    let password = read_new_password(form)?;
    let code = form.get("code").unwrap_or_default().to_owned();
    let (pool, username) = (Arc::clone(visit.pool()), username.to_owned());
    on_blocking_thread(move || set_by_code(&pool, &username, &code, &password)).await?
}

/// The same work and the same answers for whoever does not exist. A real code, by whatever way it came to be, counts
/// more than a decoy.
fn set_by_code(pool: &Pool, username: &str, code: &str, password: &str) -> Result<(), Problem> {
    let decoy = if has_reset_code(pool, username) { None } else { pool.judge_decoy(username, code) };
    let Some(verdict) = decoy else {
        return Ok(pool.confirm_password_reset(username, code, password)?);
    };
    hash_password(password).map_err(|_| Problem::Internal)?;
    Err(verdict.into())
}

/// Whether a code waits with which this user may set a password.
pub(super) fn has_reset_code(pool: &Pool, username: &str) -> bool {
    let now = pool.now();
    pool.with_state(|state| {
        let user = state.find_user_by_name(username);
        let pending = user.and_then(|user| state.verifications.get(&user.sub));
        pending.is_some_and(|pending| pending.purpose == Purpose::PasswordReset && pending.expires_at > now)
    })
}

/// A password that is to be set, typed the same twice. The policy comes first: nothing is used up by breaking it.
pub(super) fn read_new_password(form: &Params) -> Result<String, Problem> {
    let password = form.get("password").unwrap_or_default();
    check_policy(password).map_err(Problem::BadPassword)?;
    if form.get("repeat_password") != Some(password) {
        return Err(Problem::PasswordsDiffer);
    }
    Ok(password.to_owned())
}

fn show_request(visit: &Visit, username: &str, problem: Option<Problem>) -> Response {
    let texts = visit.texts();
    let view = FormView { visit, problem, focus: Field::Username };
    let fields = html! {
        (view.username(username))
        button type="submit" { (texts.reset) }
    };
    let content = html! {
        p { (texts.reset_intro) }
        (view.form("/forgotPassword", &fields))
        ul.links { li { a href=(visit.link("/login")) { (texts.back_to_sign_in) } } }
    };
    page::show(visit, "/forgotPassword", texts.forgot_password, problem, &content)
}

fn show_code(visit: &Visit, problem: Option<Problem>) -> Response {
    let texts = visit.texts();
    let Some(Step::Reset { username, resent }) = visit.step() else { return visit.go("/forgotPassword") };
    let view = FormView { visit, problem, focus: Field::Code };
    let fields = html! {
        (view.code())
        (view.new_password())
        button type="submit" { (texts.change_password) }
    };
    let again = FormView { visit, problem: None, focus: Field::Form };
    let resend = html! {
        input type="hidden" name="username" value=(username);
        button.quiet type="submit" { (texts.resend) }
    };
    let content = html! {
        p { (texts.reset_code_for) strong { (mask(&username)) } "." }
        (where_codes_are(texts))
        @if resent && problem.is_none() { (notice(texts.code_resent)) }
        (view.form("/confirmforgotPassword", &fields))
        (again.form("/forgotPassword", &resend))
        ul.links { li { a href=(visit.link("/login")) { (texts.back_to_sign_in) } } }
    };
    page::show(visit, "/confirmforgotPassword", texts.reset_title, problem, &content)
}

#[cfg(test)]
mod tests {
    use super::super::super::password::PasswordProblem;
    use super::*;

    #[test]
    fn a_new_password_keeps_the_policy_and_is_typed_twice() {
        for (form, read) in [
            ("password=New-Passw0rd&repeat_password=New-Passw0rd", Ok("New-Passw0rd".to_owned())),
            ("password=New-Passw0rd&repeat_password=New-Passw0rD", Err(Problem::PasswordsDiffer)),
            ("password=New-Passw0rd", Err(Problem::PasswordsDiffer)),
            ("password=short&repeat_password=other", Err(Problem::BadPassword(PasswordProblem::TooShort))),
            ("", Err(Problem::BadPassword(PasswordProblem::TooShort))),
        ] {
            assert_eq!(read_new_password(&Params::parse(form.as_bytes())), read, "{form}");
        }
    }
}
