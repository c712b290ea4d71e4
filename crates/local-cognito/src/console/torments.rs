//! `/_console/faults`: every order that is not about one user or one sign-in.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};

use super::super::faults::EVERY_OPERATION;
use super::super::record::OPERATIONS;
use super::super::torment::{
    EXPIRE_ACCESS, EXPIRE_REFRESH, FAULT_KINDS, FaultName, MOVE_CLOCK, ORDER_FAULTS, REPLACE_KEYS, REVOKE_TOKENS, Takes,
};
use super::clients::rotation;
use super::forms::FAULT_VALUE;
use super::layout::{self, After, Page};
use super::notices::Reply;
use super::parts::clock_buttons;
use super::parts::{order, order_form};
use super::{Console, Shared};

const SECTION: &str = "/_console/faults";

/// Where the form for faults is.
const FORM: &str = "fault-form";

/// The handler.
pub(super) async fn show(State(console): Shared, Query(after): Query<After>) -> Response {
    let reply = console.reply(&after);
    let minutes = html! {
        div.inputs { div { label for="minutes" { "Minutes, negative to go back" }
            input #minutes type="number" name="minutes" value=(reply.value("minutes-form", "minutes", "61")) required; } }
        button type="submit" { (MOVE_CLOCK.title) }
        (reply.at("minutes-form"))
    };
    let content = html! {
        p { "Each button says what a good app does then. Tests can do the same over HTTP: "
            a href="/_control" { code { "GET /_control" } } " lists it. Users and single sign-ins have buttons on their own pages." }
        h2 #clock { "Clock" }
        (clock_buttons(&reply, SECTION))
        (order_form("minutes-form", &MOVE_CLOCK, SECTION, &[], &minutes))
        h2 #faults { "Let requests fail" }
        (ordered_faults(&console, &reply, SECTION))
        (fault_form(&reply))
        h2 #tokens { "Tokens of everybody" }
        div.orders {
            @for torment in [&EXPIRE_ACCESS, &EXPIRE_REFRESH, &REVOKE_TOKENS] {
                (order(&reply, torment, SECTION, &[("action", torment.action), ("all", "true")], &html! {}))
            }
        }
        h2 #rotation { "Rotation of every client" }
        (rotation(&reply, SECTION, None))
        h2 #keys { "Signing keys" }
        (order(&reply, &REPLACE_KEYS, SECTION, &[], &html! {}))
    };
    layout::show(&console, &reply, &Page { title: "Faults".to_owned(), section: SECTION, content })
}

fn fault_form(reply: &Reply) -> Markup {
    let kept = |name, default| reply.value(FORM, name, default);
    order_form(
        FORM,
        &ORDER_FAULTS,
        SECTION,
        &[],
        &html! {
            div.inputs {
                div { label for="fault-times" { "The next" } input #fault-times type="number" name="times" min="1" max="1000000"
                    value=(kept("times", "2")) required; }
                div { label for="fault-operation" { "requests for" } select #fault-operation name="operation" {
                    option value=(EVERY_OPERATION) { "any operation" }
                    @for name in OPERATIONS { option value=(name) selected[kept("operation", "") == name] { (name) } }
                } }
            }
            fieldset {
                legend { "How" }
                @for kind in FAULT_KINDS {
                    div.choice {
                        input id={ "fault-" (kind.name) } type="radio" name="fault" value=(kind.name) checked[kind.name == kept("fault", FAULT_KINDS[0].name)]
                            aria-describedby={ "advice-fault-" (kind.name) };
                        label for={ "fault-" (kind.name) } { (kind.title) }
                        (fault_value(reply, kind.name, kind.takes))
                        p.advice id={ "advice-fault-" (kind.name) } { (kind.advice) }
                    }
                }
            }
            button type="submit" aria-describedby="advice-faults" { (ORDER_FAULTS.title) }
            (reply.at(FORM))
            p.advice #advice-faults { (ORDER_FAULTS.advice) }
        },
    )
}

fn fault_value(reply: &Reply, kind: &str, takes: Takes) -> Markup {
    let (input_type, label, default) = match takes {
        Takes::Nothing => return html! {},
        Takes::Number { label, default } => ("number", label, default),
        Takes::Text { label, default } => ("text", label, default),
    };
    let name = format!("{FAULT_VALUE}{kind}");
    html! { span.with { label for=(name) { (label) } input id=(name) type=(input_type) name=(name) value=(reply.value(FORM, &name, default)); } }
}

/// What is still to come, with a button to clear it. Also on the overview.
pub(super) fn ordered_faults(console: &Console, reply: &Reply, back: &str) -> Markup {
    let ordered = console.service.faults.list();
    html! {
        @if ordered.is_empty() { p.empty { "Nothing is ordered: every request is answered properly." } }
        @else {
            ul.ordered { @for (operation, ordered) in &ordered {
                li {
                    "The next " strong { (ordered.times) } " for " code { (operation_name(operation)) }
                    @if let Some(user) = &ordered.user { " of the user " code { (user) } }
                    ": " (fault_name(&ordered.fault.into()))
                }
            } }
            (order_form("ordered", &ORDER_FAULTS, back, &[("operation", EVERY_OPERATION), ("times", "0")], &html! {
                button type="submit" { "Clear all faults" }
            }))
        }
        (reply.at("ordered"))
    }
}

fn operation_name(operation: &str) -> &str {
    if operation == EVERY_OPERATION { "any operation" } else { operation }
}

/// As JSON has it.
fn fault_name(fault: &FaultName) -> Markup {
    html! { code { (serde_json::to_string(fault).unwrap_or_default()) } }
}
