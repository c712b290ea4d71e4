//! `/signup`: a person makes an account of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::response::Response;
use maud::html;

use super::super::constraints::ATTRIBUTE_VALUE;
use super::super::params::Params;
use super::page;
use super::parts::{FormView, Input};
use super::problem::{Field, Problem, on_blocking_thread};
use super::step::Step;
use super::visit::{Sent, Visit};

/// Shows the page.
pub(super) async fn get_sign_up(visit: Visit) -> Response {
    let username = visit.request.login_hint.as_deref().unwrap_or_default();
    show(&visit, username, "", None)
}

/// Makes the account; then on to its confirmation.
pub(super) async fn post_sign_up(Sent { visit, form }: Sent) -> Response {
    match sign_up(&visit, &form).await {
        Ok(sub) => visit.go_on("/confirm", Step::Confirm { sub, resent: false }),
        Err(problem) => {
            let typed = |name| form.get(name).unwrap_or_default();
            show(&visit, typed("username"), typed("name"), Some(problem))
        }
    }
}

async fn sign_up(visit: &Visit, form: &Params) -> Result<String, Problem> {
    visit.check_form(form)?;
    let name = form.get("name").map(str::trim).filter(|name| !name.is_empty());
    if name.is_some_and(|name| ATTRIBUTE_VALUE.problem(name).is_some()) {
        return Err(Problem::LongName);
    }
    let attributes = name.map(|name| ("name".to_owned(), name.to_owned()));
    let attributes = BTreeMap::from_iter(attributes);
    let typed = |name| form.get(name).unwrap_or_default().to_owned();
    let (email, password, pool) = (typed("username"), typed("password"), Arc::clone(visit.pool()));
    Ok(on_blocking_thread(move || pool.sign_up(&email, &password, attributes)).await??)
}

fn show(visit: &Visit, username: &str, name: &str, problem: Option<Problem>) -> Response {
    let texts = visit.texts();
    let view = FormView { visit, problem, focus: Field::Username };
    let name = Input {
        field: Field::Name,
        label: texts.name,
        kind: "text",
        autocomplete: "name",
        value: Some(name),
        required: false,
        hint: None,
    };
    let fields = html! {
        (view.username(username))
        (view.input(&name))
        (view.password_to_set(texts.password))
        button type="submit" { (texts.sign_up) }
    };
    let content = html! {
        (view.form("/signup", &fields))
        ul.links { li { (texts.have_account) " " a href=(visit.link("/login")) { (texts.sign_in) } } }
    };
    page::show(visit, "/signup", texts.sign_up_title, problem, &content)
}
