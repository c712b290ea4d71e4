//! `/_console`: the state of things at a glance.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::torment::describe_span;
use super::super::view::SignInStatus;
use super::layout::{self, After, Page};
use super::notices::Reply;
use super::parts::clock_buttons;
use super::requests::short_list;
use super::sign_ins::table;
use super::torments::ordered_faults;
use super::users::pending_codes;
use super::{Console, Shared};

const REQUESTS_SHOWN: usize = 10;
const SIGN_INS_SHOWN: usize = 5;

/// The handler.
pub(super) async fn show(State(console): Shared, Query(after): Query<After>) -> Response {
    let (sign_ins, reply) = (console.service.view_sign_ins(), console.reply(&after));
    let requests = console.service.records.newest(REQUESTS_SHOWN, |_| true);
    let faults = console.service.faults.list().len();
    let live = sign_ins.iter().filter(|sign_in| sign_in.status == SignInStatus::Live).count();
    let content = html! {
        p { "The user pools of this machine: watch what your app does to them, and see how it takes a bad day." }
        ul.counts {
            (tally("/_console/sign-ins", live, ["live sign-in", "live sign-ins"]))
            (tally("/_console/users", console.service.view_users().len(), ["user", "users"]))
            (tally("/_console/clients", console.service.view_clients().len(), ["client", "clients"]))
            (tally("/_console/faults", faults, ["fault to come", "faults to come"]))
        }
        (clock(&console, &reply))
        (pending_codes(&console, None))
        h2 { "Still to fail" }
        (ordered_faults(&console, &reply, "/_console"))
        h2 { "Newest sign-ins" }
        (table("Choose one to see what became of it", &sign_ins[..sign_ins.len().min(SIGN_INS_SHOWN)]))
        h2 { "Newest requests" }
        (short_list(&requests))
        p { a href="/_console/requests" { "All requests" } }
    };
    layout::show(&console, &reply, &Page { title: "Overview".to_owned(), section: "/_console", content })
}

fn tally(path: &str, number: usize, [one, many]: [&str; 2]) -> Markup {
    html! { li { a href=(path) { strong { (number) } " " (if number == 1 { one } else { many }) } } }
}

fn clock(console: &Console, reply: &Reply) -> Markup {
    let offset = console.service.common.clock.offset_secs();
    html! {
        h2 { "Clock" }
        p {
            @match offset {
                0 => "It shows the real time.",
                ahead @ 1.. => { "It is " (describe_span(ahead.unsigned_abs())) " ahead of the real time." }
                behind => { "It is " (describe_span(behind.unsigned_abs())) " behind the real time." }
            }
            " An app that Local Cognito was started with, in one process, reads the same clock; another one has its own."
        }
        (clock_buttons(reply, "/_console"))
    }
}
