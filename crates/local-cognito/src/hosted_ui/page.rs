//! The frame around every page, and its headers: no script, and a content policy that would let none run.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use url::form_urlencoded::{Serializer, parse};

use super::super::observe::ErrorType;
use super::cookies::csrf_cookie;
use super::parts::console_link;
use super::problem::Problem;
use super::texts::{LANGUAGES, Texts};
use super::visit::Visit;

const STYLE: &str = include_str!("style.css");

/// Names the style sheet by its hash. No `form-action`: Chromium applies it to the redirect that follows the form,
/// and that one goes to the app.
static CONTENT_POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
});

/// A page with a form, at its own `path`.
pub(super) fn show(visit: &Visit, path: &str, title: &str, problem: Option<Problem>, content: &Markup) -> Response {
    let texts = visit.texts();
    let body = html! {
        main {
            (brand())
            h1 { (title) }
            p.lead { (texts.continue_to) strong { (visit.request.client.settings.name) } }
            (content)
        }
        footer {
            p { (texts.stand_in) }
            p { (console_link(texts, texts.open_console)) }
            (languages(visit, path))
        }
    };
    let mut response = ([csrf_cookie(&visit.csrf_token)], render(texts, title, &body)).into_response();
    if let Some(problem) = problem {
        *response.status_mut() = problem.status();
        response.extensions_mut().insert(ErrorType(problem.error_type()));
    }
    response
}

/// The same page in the other languages.
fn languages(visit: &Visit, path: &str) -> Markup {
    let kept = |lang: &str| {
        let pairs = parse(visit.query.as_bytes()).filter(|(name, _)| name != "lang");
        let query = Serializer::new(String::new()).extend_pairs(pairs).append_pair("lang", lang).finish();
        format!("{path}?{query}")
    };
    html! {
        nav aria-label=(visit.texts().languages) {
            @for texts in LANGUAGES {
                @if texts.lang == visit.texts().lang {
                    span aria-current="true" lang=(texts.lang) { (texts.language) }
                } @else {
                    a href=(kept(texts.lang)) lang=(texts.lang) hreflang=(texts.lang) { (texts.language) }
                }
            }
        }
    }
}

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

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::super::visit::tests::visit;
    use super::*;

    #[tokio::test]
    async fn the_frame_names_itself_and_the_app_and_speaks_the_language_asked_for() {
        let response = show(&visit("&lang=de&state=a%26b", ""), "/login", "Anmelden", None, &html! {});
        assert_eq!(response.status(), 200);
        let body = to_bytes(response.into_body(), 100_000).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        for part in [
            r#"<html lang="de">"#,
            "<title>Anmelden · Local Cognito</title>",
            "ein lokaler Ersatz für Amazon Cognito",
            "weiter zu <strong>app</strong>",
            r#"<span aria-current="true" lang="de">Deutsch</span>"#,
            "&amp;state=a%26b&amp;lang=fr\"",
            r#"href="/_console""#,
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("<script"));
    }

    #[test]
    fn pages_are_neither_stored_nor_framed_and_may_redirect_to_the_app() {
        let response = show(&visit("", ""), "/login", "Sign in", Some(Problem::StaleForm), &html! {});
        assert_eq!(response.status(), 403);
        let headers = response.headers();
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("form-action"), "{policy}");
    }
}
