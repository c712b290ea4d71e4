//! `/newPassword`: whom an administrator made, and who knows the password given to them, chooses one of their own.
//! Reached from `/login`, which leaves a step. The path is not documented.

use std::sync::Arc;

use axum::response::Response;
use maud::html;

use super::super::params::Params;
use super::super::user::{User, UserStatus};
use super::forgot_password::read_new_password;
use super::page;
use super::parts::FormView;
use super::problem::{Field, Problem, on_blocking_thread};
use super::step::Step;
use super::visit::{Sent, Visit};

/// Shows the page.
pub(super) async fn get_new_password(visit: Visit) -> Response {
    match find_user(&visit) {
        Some(_) => show(&visit, None),
        None => visit.go("/login"),
    }
}

/// Sets the password; then on to the app, signed in.
pub(super) async fn post_new_password(Sent { visit, form }: Sent) -> Response {
    let Some(user) = find_user(&visit) else { return visit.go("/login") };
    match set_password(&visit, &form, user.sub.clone()).await {
        Ok(()) => visit.sign_in(&user),
        Err(problem) => show(&visit, Some(problem)),
    }
}

/// Whose step it is, while they still have to.
fn find_user(visit: &Visit) -> Option<User> {
    let Some(Step::NewPassword { sub }) = visit.step() else { return None };
    let user = visit.pool().with_state(|state| state.find_user(&sub).cloned());
    user.filter(|user| user.enabled && user.status == UserStatus::ForceChangePassword)
}

async fn set_password(visit: &Visit, form: &Params, sub: String) -> Result<(), Problem> {
    visit.check_form(form)?;
    let (password, pool) = (read_new_password(form)?, Arc::clone(visit.pool()));
    Ok(on_blocking_thread(move || pool.set_password(&sub, &password, true)).await??)
}

fn show(visit: &Visit, problem: Option<Problem>) -> Response {
    let texts = visit.texts();
    let view = FormView { visit, problem, focus: Field::Password };
    let fields = html! {
        (view.new_password())
        button type="submit" { (texts.change_password) }
    };
    let content = html! {
        p { (texts.new_password_intro) }
        (view.form("/newPassword", &fields))
    };
    page::show(visit, "/newPassword", texts.new_password_title, problem, &content)
}
