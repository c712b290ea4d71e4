//! The frame around every page, and its headers: no script, and a content policy that would let none run.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::texts::Texts;

const STYLE: &str = include_str!("style.css");

/// Names the style sheet by its hash. No `form-action`: Chromium applies it to the redirect that follows the form,
/// and that one goes to the app.
static CONTENT_POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
});

pub(super) fn brand() -> Markup {
    html! {
        p.brand {
            svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" {
                rect width="24" height="24" rx="7" {}
                circle cx="12" cy="9.5" r="3.25" {}
                path d="M6.5 18.5a5.5 4.75 0 0 1 11 0z" {}
            }
            "Local Cognito"
        }
    }
}

pub(super) fn render(texts: &Texts, title: &str, body: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(texts.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Local Cognito" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    };
    (page_headers(), page.into_string()).into_response()
}

fn page_headers() -> [(HeaderName, &'static str); 6] {
    [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY.as_str()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ]
}

pub(super) fn console_link(texts: &Texts, text: &str) -> Markup {
    html! { a href="/_console" target="_blank" rel="noopener" title=(texts.new_tab) { (text) } }
}
