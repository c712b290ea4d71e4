//! A page with a form: what is the same on all of them.

use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use url::form_urlencoded::{Serializer, parse};

use super::super::error_type::ErrorType;
use super::cookies::csrf_cookie;
use super::frame::{brand, console_link, render};
use super::problem::Problem;
use super::texts::LANGUAGES;
use super::visit::Visit;

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
