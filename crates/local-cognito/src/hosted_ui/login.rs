//! `/login`: the sign-in page. Also opened directly, with what `/oauth2/authorize` takes.

use std::sync::Arc;

use axum::response::Response;
use maud::{Markup, html};

use super::super::accounts::AccountRefusal;
use super::super::params::Params;
use super::super::pool::Pool;
use super::super::user::User;
use super::forgot_password::has_reset_code;
use super::page;
use super::parts::{FormView, Input, notice};
use super::problem::{Field, Problem, on_blocking_thread};
use super::step::Step;
use super::visit::{Sent, Visit};

/// Shows the page, and what an earlier one has to say.
pub(super) async fn get_login(visit: Visit) -> Response {
    if let Some(Step::PasswordChanged { username }) = visit.step() {
        visit.drop_step();
        return show(&visit, &username, None, Some(visit.texts().password_changed));
    }
    let username = visit.request.login_hint.as_deref().unwrap_or_default();
    show(&visit, username, None, None)
}

/// Checks form and password; then on to the app, or to what has to be done before.
pub(super) async fn post_login(Sent { visit, form }: Sent) -> Response {
    let username = form.get("username").unwrap_or_default();
    let answer = match check(&visit, &form, username).await {
        Ok(Ok(user)) => return visit.sign_in(&user),
        Ok(Err(refusal)) => lead_on(&visit, username, refusal),
        Err(problem) => Err(problem),
    };
    answer.unwrap_or_else(|problem| show(&visit, username, Some(problem), None))
}

async fn check(visit: &Visit, form: &Params, username: &str) -> Result<Result<User, AccountRefusal>, Problem> {
    visit.check_form(form)?;
    let (pool, username) = (Arc::clone(visit.pool()), username.to_owned());
    let password = form.get("password").unwrap_or_default().to_owned();
    on_blocking_thread(move || pool.check_password(&username, &password)).await
}

/// Whoever knows the password, but may not sign in yet, is led to what is missing.
fn lead_on(visit: &Visit, username: &str, refusal: AccountRefusal) -> Result<Response, Problem> {
    let pool = visit.pool();
    let sub = pool.with_state(|state| state.find_user_by_name(username).map(|user| user.sub.clone()));
    match (refusal, sub) {
        (AccountRefusal::NotConfirmed, Some(sub)) => Ok(visit.go_on("/confirm", Step::Confirm { sub, resent: false })),
        (AccountRefusal::NewPasswordRequired, Some(sub)) => Ok(visit.go_on("/newPassword", Step::NewPassword { sub })),
        (AccountRefusal::ResetRequired, Some(sub)) => {
            ensure_reset_code(pool, &sub)?;
            let step = Step::Reset { username: username.to_owned(), resent: false };
            Ok(visit.go_on("/confirmforgotPassword", step))
        }
        (refusal, _) => Err(refusal.into()),
    }
}

/// The administrator's order made a code already; it may have run out.
fn ensure_reset_code(pool: &Pool, sub: &str) -> Result<(), Problem> {
    if has_reset_code(pool, sub) {
        return Ok(());
    }
    pool.request_password_reset(sub).map(drop).map_err(|_| Problem::ResetImpossible)
}

fn show(visit: &Visit, username: &str, problem: Option<Problem>, news: Option<&str>) -> Response {
    let texts = visit.texts();
    let focus = if username.is_empty() { Field::Username } else { Field::Password };
    let view = FormView { visit, problem, focus };
    let fields = html! {
        (view.username(username))
        (password(&view))
        button type="submit" { (texts.sign_in) }
    };
    let content = html! {
        @if let Some(news) = news { (notice(news)) }
        (view.form("/login", &fields))
        ul.links {
            li { a href=(visit.link("/forgotPassword")) { (texts.forgot_password) } }
            li { (texts.need_account) " " a href=(visit.link("/signup")) { (texts.sign_up) } }
        }
        (demo_users(texts.demo_users, &visit.pool().seeded))
    };
    page::show(visit, "/login", texts.sign_in, problem, &content)
}

fn password(view: &FormView<'_>) -> Markup {
    let (label, autocomplete) = (view.visit.texts().password, "current-password");
    let (field, kind, value) = (Field::Password, "password", None);
    view.input(&Input { field, label, kind, autocomplete, value, required: true, hint: None })
}

/// E-mail address and password of the users to try it with.
fn demo_users(title: &str, seeded: &[(String, String)]) -> Markup {
    html! {
        @if !seeded.is_empty() {
            section.note {
                h2 { (title) }
                ul { @for (email, password) in seeded { li { code { (email) } " / " code { (password) } } } }
            }
        }
    }
}
