//! `/_console/users` and `/_console/users/{sub}`: who there is, which codes wait for them, and what an administrator
//! can do to them.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::torment::{
    CONFIRM_USER, CREATE_USER, DELETE_USER, DISABLE_USER, ENABLE_USER, EXPIRE_ACCESS, EXPIRE_REFRESH, REQUIRE_RESET,
    REVOKE_USER, Torment,
};
use super::super::verification::Purpose;
use super::super::view::UserView;
use super::layout::{self, After, Page};
use super::notices::Reply;
use super::parts::{badge, order, place_of, rows, time};
use super::sign_ins::table;
use super::{Console, Shared};

const SECTION: &str = "/_console/users";

/// The list, oldest first, and a form for a new one.
pub(super) async fn list(State(console): Shared, Query(after): Query<After>) -> Response {
    let (users, reply) = (console.service.view_users(), console.reply(&after));
    let place = place_of(&CREATE_USER, &[]);
    let content = html! {
        (pending_codes(&console, None))
        div.scroll tabindex="0" role="region" aria-label="Users" {
            (rows("Users, oldest first", &["E-mail address", "State", "Groups", "Pool", "Since"], users.iter().map(row)))
        }
        h2 { "Another user" }
        (order(&reply, &CREATE_USER, SECTION, &[("action", CREATE_USER.action)], &new_user(&console, |name| reply.value(&place, name, ""))))
    };
    layout::show(&console, &reply, &Page { title: "Users".to_owned(), section: SECTION, content })
}

fn row(user: &UserView) -> (String, Vec<Markup>) {
    let cells = vec![
        html! { a href={ "/_console/users/" (user.sub) } { (user.email) } },
        state(user),
        html! { (user.groups.join(", ")) },
        html! { (user.pool) },
        time(user.created_at),
    ];
    (format!("user-{}", user.sub), cells)
}

fn new_user<'r>(console: &Console, kept: impl Fn(&str) -> &'r str) -> Markup {
    html! {
        div.inputs {
            div { label for="new-email" { "E-mail address" } input #new-email type="email" name="email" value=(kept("email"))
                required autocomplete="off"; }
            div { label for="new-password" { "Password" } input #new-password type="text" name="password" value=(kept("password"))
                required autocomplete="off"
                aria-describedby="new-password-rule"; }
            @if console.service.pools.len() > 1 {
                div { label for="new-pool" { "Pool" } select #new-pool name="pool" {
                    @for pool in &console.service.pools { option value=(pool.id) selected[kept("pool") == pool.id] { (pool.id) } }
                } }
            }
        }
        p.meta #new-password-rule { "At least 8 characters: upper and lower case, a digit and a symbol." }
    }
}

fn state(user: &UserView) -> Markup {
    html! {
        @match (user.enabled, user.status) {
            (false, _) => (badge("bad", "Disabled")),
            (true, "CONFIRMED") => (badge("good", "Confirmed")),
            (true, status) => (badge("odd", status)),
        }
    }
}

/// Codes are never mailed here: this is where people find them. Of everybody, or of one user.
pub(super) fn pending_codes(console: &Console, only: Option<&str>) -> Markup {
    let now = console.service.now();
    let codes: Vec<_> = console
        .service
        .pools
        .iter()
        .flat_map(|pool| {
            pool.with_state(|state| {
                let is_shown = |sub: &str| only.is_none_or(|only| only == sub);
                let pending = state.verifications.iter();
                let pending = pending.filter(|(sub, code)| code.expires_at > now && is_shown(sub));
                let named = pending.filter_map(|(sub, verification)| {
                    Some((state.find_user(sub)?.email.clone(), verification.clone()))
                });
                named.collect::<Vec<_>>()
            })
        })
        .collect();
    html! {
        @if !codes.is_empty() {
            h2 { "Codes waiting to be entered" }
            p { "Cognito would have mailed them." }
            ul.codes {
                @for (email, verification) in &codes {
                    li {
                        strong { code { (verification.code) } } " for " (email) ", to "
                        @match verification.purpose { Purpose::SignUp => "confirm the sign-up", _ => "reset the password" }
                        ", until " (time(verification.expires_at))
                    }
                }
            }
        }
    }
}

/// One user, with sign-ins and buttons.
pub(super) async fn show(State(console): Shared, Path(sub): Path<String>, Query(after): Query<After>) -> Response {
    let Some(user) = console.service.view_users().into_iter().find(|user| user.sub == sub) else {
        return layout::not_found(&console, "There is no such user, or the user was deleted.");
    };
    let reply = console.reply(&after);
    let sign_ins: Vec<_> = console.service.view_sign_ins().into_iter().filter(|of| of.sub == sub).collect();
    let verified = if user.email_verified { "yes" } else { "no" };
    let content = html! {
        dl.facts {
            div { dt { "State" } dd { (state(&user)) } }
            div { dt { "E-mail verified" } dd { (verified) } }
            div { dt { code { "sub" } } dd { code { (user.sub) } } }
            div { dt { "Pool" } dd { (user.pool) } }
            div { dt { "Groups" } dd { (user.groups.join(", ")) @if user.groups.is_empty() { "none" } } }
            @for (name, value) in &user.attributes { div { dt { (name) } dd { (value) } } }
        }
        (pending_codes(&console, Some(&sub)))
        h2 { "Sign-ins" }
        (table("Sign-ins of this user, newest first", &sign_ins))
        h2 { "Faults" }
        div.orders { @for torment in orders_for(&user) { (button(&reply, torment, &sub)) } }
    };
    layout::show(&console, &reply, &Page { title: user.email, section: SECTION, content })
}

/// What makes sense for the user as they are.
fn orders_for(user: &UserView) -> Vec<&'static Torment> {
    let mut orders = vec![&EXPIRE_ACCESS, &EXPIRE_REFRESH, &REVOKE_USER, &REQUIRE_RESET];
    orders.push(if user.enabled { &DISABLE_USER } else { &ENABLE_USER });
    if user.status != "CONFIRMED" {
        orders.push(&CONFIRM_USER);
    }
    orders.push(&DELETE_USER);
    orders
}

/// Afterwards the page of a deleted user would not be there.
fn button(reply: &Reply, torment: &Torment, sub: &str) -> Markup {
    let back = if torment.action == DELETE_USER.action { SECTION.to_owned() } else { format!("{SECTION}/{sub}") };
    let who = if torment.endpoint == "tokens" { "user" } else { "email" };
    order(reply, torment, &back, &[("action", torment.action), (who, sub)], &html! {})
}
