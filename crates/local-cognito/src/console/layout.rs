//! The frame of every page: head, navigation, clock, the answer to the last button, and headers that let nothing but
//! the page's own style and script run.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;

use super::super::torment::describe_span;
use super::super::view::ClientView;
use super::Console;
use super::notices::Reply;
use super::parts::time;

const STYLE: &str = include_str!("console.css");
const SCRIPT: &str = include_str!("console.js");

const PAGES: [(&str, &str); 6] = [
    ("/_console", "Overview"),
    ("/_console/sign-ins", "Sign-ins"),
    ("/_console/users", "Users"),
    ("/_console/clients", "Clients"),
    ("/_console/requests", "Requests"),
    ("/_console/faults", "Faults"),
];

/// `connect-src` lets the script look for news; `form-action` keeps the buttons at home.
static CONTENT_POLICY: LazyLock<String> = LazyLock::new(|| {
    let [style, script] = [STYLE, SCRIPT].map(|source| STANDARD.encode(digest(&SHA256, source.as_bytes())));
    format!(
        "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; connect-src 'self'; \
         img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
});

/// The number of the notice to show, in the query of every page.
#[derive(Default, Deserialize)]
pub(super) struct After {
    #[serde(default)]
    pub(super) done: String,
}

/// A page's own part.
pub(super) struct Page {
    pub(super) title: String,
    /// The address in the navigation that it belongs to.
    pub(super) section: &'static str,
    pub(super) content: Markup,
}

/// A page that keeps itself up to date where there is JavaScript.
pub(super) fn show(console: &Console, reply: &Reply, page: &Page) -> Response {
    (page_headers(), render(console, reply, page, true).into_string()).into_response()
}

/// A page that stands still, as asking for it again would not give it again.
pub(super) fn show_once(console: &Console, page: &Page) -> Response {
    (page_headers(), render(console, &Reply::default(), page, false).into_string()).into_response()
}

pub(super) fn not_found(console: &Console, what: &str) -> Response {
    let content = html! { p { (what) " " a href="/_console" { "Back to the overview" } } };
    let page = Page { title: "Not found".to_owned(), section: "", content };
    (StatusCode::NOT_FOUND, show(console, &Reply::default(), &page)).into_response()
}

pub(super) fn plain(text: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "text/plain"), (header::CACHE_CONTROL, "no-store")];
    (headers, text).into_response()
}

fn render(console: &Console, reply: &Reply, page: &Page, live: bool) -> Markup {
    let apps: Vec<String> = console.service.view_clients().iter().flat_map(ClientView::app_origins).collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (page.title) " · Local Cognito" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body data-version=(console.service.version()) {
                a.skip href="#content" { "Skip to the content" }
                header {
                    p.brand { a href="/_console" { "Local Cognito" } }
                    (clock(console))
                    @if let Some(app) = apps.first() { p.app { a href=(app) { "Back to the app" } } }
                    nav aria-label="Console" {
                        ul {
                            @for (path, name) in PAGES {
                                li { a href=(path) aria-current=[(path == page.section).then_some("page")] { (name) } }
                            }
                        }
                    }
                }
                main #content tabindex="-1" {
                    h1 { (page.title) }
                    (reply.above())
                    (page.content)
                }
                @if live { script { (PreEscaped(SCRIPT)) } }
            }
        }
    }
}

fn clock(console: &Console) -> Markup {
    let offset = console.service.common.clock.offset_secs();
    html! {
        p.clock {
            "Clock: " (time(console.service.now())) " UTC"
            @if offset != 0 {
                ", " strong { (describe_span(offset.unsigned_abs())) @if offset > 0 { " ahead" } @else { " behind" } }
            }
        }
    }
}

/// The referrer stays within the console: without any, browsers send `Origin: null` with a form.
fn page_headers() -> [(HeaderName, &'static str); 7] {
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ]
}
