//! `/_console/requests`: what was asked and how it was answered.

use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;

use super::super::exchange::Side;
use super::super::record::{Entry, OPERATIONS};
use super::Shared;
use super::layout::{self, After, Page};
use super::parts::{badge, time};

const SECTION: &str = "/_console/requests";
const PAGE_LEN: usize = 100;
const STATUSES: [(&str, &str); 5] = [("2", "2xx"), ("3", "3xx"), ("4", "4xx"), ("5", "5xx"), ("0", "no answer")];

/// What is to be listed; empty fields ask for everything.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    operation: String,
    /// The first digit of the status.
    status: String,
    /// Older than the request of this number.
    before: String,
}

impl Filter {
    fn wants(&self, entry: &Entry) -> bool {
        let status = entry.record.status / 100;
        (self.operation.is_empty() || entry.record.operation == self.operation)
            && (self.status.is_empty() || self.status == status.to_string())
            && self.before.parse().map_or(true, |number| entry.number < number)
    }

    fn older_than(&self, entry: &Entry) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("operation", &self.operation).append_pair("status", &self.status);
        query.append_pair("before", &entry.number.to_string());
        format!("{SECTION}?{}", query.finish())
    }
}

/// The list, newest first.
pub(super) async fn list(State(console): Shared, Query(after): Query<After>, Query(filter): Query<Filter>) -> Response {
    let requests = console.service.records.newest(PAGE_LEN, |entry| filter.wants(entry));
    let content = html! {
        (filter_form(&filter))
        (short_list(&requests))
        @if let Some(last) = requests.last().filter(|_| requests.len() == PAGE_LEN) {
            p { a href=(filter.older_than(last)) { "Older requests" } }
        }
        p.meta { "Fields on a list are shown as they are; everything else by its short hash, the one that the timelines show, "
            "or not at all. The newest 500 requests keep what was in them." }
    };
    layout::show(&console, &console.reply(&after), &Page { title: "Requests".to_owned(), section: SECTION, content })
}

fn filter_form(filter: &Filter) -> Markup {
    let chosen = |value: &str, selected: &str| value == selected;
    html! {
        form.filter method="get" action=(SECTION) {
            div.inputs {
                div { label for="operation" { "Operation" } select #operation name="operation" {
                    option value="" { "all" }
                    @for name in OPERATIONS.iter().copied().chain(["unknown"]) {
                        option value=(name) selected[chosen(name, &filter.operation)] { (name) }
                    }
                } }
                div { label for="status" { "Status" } select #status name="status" {
                    option value="" { "all" }
                    @for (value, name) in STATUSES { option value=(value) selected[chosen(value, &filter.status)] { (name) } }
                } }
            }
            button type="submit" { "Show" }
        }
    }
}

/// Also part of other pages.
pub(super) fn short_list(requests: &[Entry]) -> Markup {
    html! {
        @if requests.is_empty() { p.empty { "None." } }
        ol.requests { @for entry in requests { li id={ "request-" (entry.number) } { (describe(entry)) } } }
    }
}

fn describe(entry: &Entry) -> Markup {
    let answer = entry.detail.as_ref().map(|detail| &detail[1]);
    html! {
        details id={ "details-" (entry.number) } {
            summary {
                span.operation { (entry.record.operation) } " " (status(entry)) " "
                @if !entry.record.error.is_empty() { span.error { (entry.record.error) } " " }
                span.meta { (time(entry.at)) @if let Some(millis) = entry.took_ms { " · " (millis) " ms" } }
                @if let Some(message) = answer.and_then(find_message) { " " span.message { (message) } }
            }
            dl.facts {
                div { dt { "Request" } dd { code { (entry.method) " " (entry.path) } } }
                @if let Some(id) = &entry.involved.client_id { div { dt { "Client" } dd { code { (id) } } } }
                @if let Some(id) = &entry.involved.sign_in {
                    div { dt { "Sign-in" } dd { a href={ "/_console/sign-ins/" (id) } { (id) } } }
                }
            }
            @match &entry.detail {
                Some(detail) => { (side("What was sent", &detail[0])) (side("What was answered", &detail[1])) }
                None => p.meta { "What was in it is no longer kept." },
            }
        }
    }
}

fn status(entry: &Entry) -> Markup {
    match entry.record.status {
        0 => badge("bad", "no answer"),
        status @ 400.. => badge("bad", &status.to_string()),
        status => badge("good", &status.to_string()),
    }
}

/// What the answer says for people.
fn find_message(answer: &Side) -> Option<String> {
    let body: Value = serde_json::from_str(&answer.body).ok()?;
    ["message", "error_description"].iter().find_map(|name| Some(body.get(name)?.as_str()?.to_owned()))
}

fn side(title: &str, side: &Side) -> Markup {
    let pairs = |pairs: &[(String, String)]| {
        html! {
            dl.facts.small { @for (name, value) in pairs { div { dt { (name) } dd { code { (value) } } } } }
        }
    };
    html! {
        h3 { (title) }
        (pairs(&side.headers))
        @if !side.parameters.is_empty() { h4 { "Parameters" } (pairs(&side.parameters)) }
        @if !side.body.is_empty() { pre tabindex="0" { code { (side.body) } } }
    }
}
