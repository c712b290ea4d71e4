//! `/_console/sign-ins` and `/_console/sign-ins/{id}`: families of tokens.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::torment::{EXPIRE_ACCESS, EXPIRE_REFRESH, REVOKE_TOKENS, Torment};
use super::super::view::SignInView;
use super::Shared;
use super::layout::{self, After, Page};
use super::notices::Reply;
use super::parts::clock_buttons;
use super::parts::{order, rows, status_badge, time};
use super::requests::short_list;
use super::timeline::{draw_timeline, title_of};

const SECTION: &str = "/_console/sign-ins";
/// More on one page help nobody.
const MAX_LISTED: usize = 200;
const REQUESTS_SHOWN: usize = 20;

/// The list, newest first.
pub(super) async fn list(State(console): Shared, Query(after): Query<After>) -> Response {
    let sign_ins = console.service.view_sign_ins();
    let content = html! {
        p { "One sign-in is one family of tokens. Choose one to see what became of it." }
        (table("Sign-ins, newest first", &sign_ins[..sign_ins.len().min(MAX_LISTED)]))
        @if sign_ins.len() > MAX_LISTED { p.meta { (sign_ins.len() - MAX_LISTED) " older ones are not listed." } }
    };
    layout::show(&console, &console.reply(&after), &Page { title: "Sign-ins".to_owned(), section: SECTION, content })
}

/// Also part of other pages.
pub(super) fn table(caption: &str, sign_ins: &[SignInView]) -> Markup {
    html! {
        @if sign_ins.is_empty() {
            p.empty { "No sign-in yet. Sign in to your app, and it appears here." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label=(caption) {
                (rows(caption, &["Started", "State", "Who", "Client", "Newest event"], sign_ins.iter().map(row)))
            }
        }
    }
}

fn row(sign_in: &SignInView) -> (String, Vec<Markup>) {
    let newest = sign_in.events.last().map(|event| html! { (title_of(&event.what)) ", " (time(event.at)) });
    let cells = vec![
        html! { a href={ "/_console/sign-ins/" (sign_in.id) } { (time(sign_in.started_at())) } },
        status_badge(sign_in.status),
        who(sign_in),
        html! { (sign_in.client.as_deref().unwrap_or("(gone)")) },
        newest.unwrap_or_default(),
    ];
    (format!("sign-in-{}", sign_in.id), cells)
}

fn who(sign_in: &SignInView) -> Markup {
    html! {
        @match &sign_in.email {
            Some(email) => a href={ "/_console/users/" (sign_in.sub) } { (email) },
            None => "(deleted)",
        }
    }
}

/// One sign-in, with its buttons.
pub(super) async fn show(State(console): Shared, Path(id): Path<String>, Query(after): Query<After>) -> Response {
    let Some(sign_in) = console.service.view_sign_in(&id) else {
        return layout::not_found(&console, "There is no such sign-in, or it ended long ago and was forgotten.");
    };
    let reply = console.reply(&after);
    let requests =
        console.service.records.newest(REQUESTS_SHOWN, |entry| entry.involved.sign_in.as_deref() == Some(id.as_str()));
    let content = html! {
        dl.facts {
            div { dt { "Who" } dd { (who(&sign_in)) } }
            div { dt { "Client" } dd { (sign_in.client.as_deref().unwrap_or("(gone)")) " " code { (sign_in.client_id) } } }
            div { dt { "State" } dd { (status_badge(sign_in.status)) } }
            div { dt { "Way in" } dd { @if sign_in.hosted_ui { "hosted UI" } @else { "JSON API" } } }
            div { dt { "Scopes" } dd { (sign_in.scope) } }
            div { dt { code { "origin_jti" } } dd { code { (sign_in.id) } } }
        }
        h2 { "Timeline" }
        p.meta { "Tokens by the first eight digits of their SHA-256." }
        (draw_timeline(&sign_in, console.service.now()))
        h2 { "Clock" }
        (clock_buttons(&reply, &format!("{SECTION}/{id}")))
        h2 { "Faults of this sign-in" }
        div.orders { @for torment in [&EXPIRE_ACCESS, &EXPIRE_REFRESH, &REVOKE_TOKENS] { (button(&reply, torment, &id)) } }
        h2 { "Its newest requests" }
        (short_list(&requests))
    };
    layout::show(&console, &reply, &Page { title: "Sign-in".to_owned(), section: SECTION, content })
}

fn button(reply: &Reply, torment: &Torment, id: &str) -> Markup {
    order(reply, torment, &format!("{SECTION}/{id}"), &[("action", torment.action), ("sign_in", id)], &html! {})
}
