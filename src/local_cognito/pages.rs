//! The pages of the hosted UI: sign-in and errors. Called by `login`, `authorize_request` and `logout`. No script, and
//! a content policy that would let none run.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::observe::ErrorType;

const STYLE: &str = include_str!("pages.css");

/// Names the style sheet by its hash. No `form-action`: Chromium applies it to the redirect that follows the form,
/// and that one goes to the app.
static CONTENT_POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = STANDARD.encode(digest(&SHA256, STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
});

/// What the sign-in page shows.
pub(super) struct LoginPage<'a> {
    /// The request's own query, which the form sends back.
    pub(super) query: &'a str,
    pub(super) csrf_token: &'a str,
    pub(super) username: &'a str,
    pub(super) message: Option<&'a str>,
    /// E-mail address and password of the users to try it with.
    pub(super) seeded: &'a [(String, String)],
}

/// Mistakes that are not told to the app, as it cannot be known to be the right one.
pub(super) enum ErrorPage {
    UnknownClient,
    RedirectMismatch {
        asked: String,
        registered: Vec<String>,
    },
    /// An unregistered `logout_uri`, in the words Cognito has for it (`cognito.md` §1.5).
    LogoutMismatch,
}

pub(super) fn show_login(page: &LoginPage<'_>) -> Response {
    render(
        "Sign in",
        html! {
            h1 { "Sign in" }
            p { "This is Local Cognito, a local stand-in for Amazon Cognito. Your credentials stay on this machine." }
            @if let Some(message) = page.message {
                p.alarm role="alert" { (message) }
            }
            form method="post" action={ "/login?" (page.query) } {
                input type="hidden" name="_csrf" value=(page.csrf_token);
                label for="username" { "Email" }
                input #username type="email" name="username" value=(page.username) autocomplete="username" required
                    autofocus[page.username.is_empty()];
                label for="password" { "Password" }
                input #password type="password" name="password" autocomplete="current-password" required
                    autofocus[!page.username.is_empty()];
                button type="submit" { "Sign in" }
            }
            (demo_users(page.seeded))
        },
    )
}

fn demo_users(seeded: &[(String, String)]) -> Markup {
    html! {
        section.note {
            h2 { "Demo users" }
            ul {
                @for (email, password) in seeded {
                    li { code { (email) } " / " code { (password) } }
                }
            }
        }
    }
}

pub(super) fn show_error(page: &ErrorPage) -> Response {
    let (code, explanation) = match page {
        ErrorPage::UnknownClient => (
            "invalid_request",
            html! {
                p.alarm { "Client does not exist." }
                p { "The " code { "client_id" } " of this request is not the one this Local Cognito has." }
            },
        ),
        ErrorPage::RedirectMismatch { asked, registered } => (
            "redirect_mismatch",
            html! {
                p.alarm { "redirect_mismatch" }
                p { "The " code { "redirect_uri" } " of this request is " code { (asked) } ", which is not registered." }
                p { "Registered, compared character by character:" }
                @for url in registered { p { code { (url) } } }
            },
        ),
        ErrorPage::LogoutMismatch => (
            "invalid_request",
            html! {
                p.alarm { "Required String parameter 'redirect_uri' is not present" }
                p { "Cognito says this where " code { "logout_uri" } " is missing or is not one of the client's." }
            },
        ),
    };
    let mut response = render(
        "An error was encountered",
        html! {
            h1 { "An error was encountered with the requested page." }
            (explanation)
            p { "This is Local Cognito, a local stand-in for Amazon Cognito." }
        },
    );
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response.extensions_mut().insert(ErrorType(code));
    response
}

fn render(title: &str, content: Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Local Cognito" }
                link rel="icon" href="data:,";
                style { (PreEscaped(STYLE)) }
            }
            body { main { (content) } }
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

    use super::*;

    async fn text(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), 100_000).await.unwrap().to_vec()).unwrap()
    }

    fn demo() -> [(String, String); 2] {
        ["demo@example.com", "admin@example.com"].map(|email| (email.to_owned(), "Passw0rd-".to_owned()))
    }

    fn page<'a>(query: &'a str, username: &'a str, seeded: &'a [(String, String)]) -> LoginPage<'a> {
        LoginPage { query, csrf_token: "t", username, message: Some("Incorrect username or password."), seeded }
    }

    #[tokio::test]
    async fn the_sign_in_page_names_itself_and_the_demo_users() {
        let html = text(show_login(&page("client_id=x&state=y", "demo@example.com", &demo()))).await;
        for part in [
            "<title>Sign in · Local Cognito</title>",
            "a local stand-in for Amazon Cognito",
            r#"action="/login?client_id=x&amp;state=y""#,
            r#"name="username" value="demo@example.com" autocomplete="username""#,
            r#"name="password" autocomplete="current-password""#,
            r#"<button type="submit">Sign in</button>"#,
            "Incorrect username or password.",
            "admin@example.com",
        ] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(!html.contains("<script"));
    }

    #[tokio::test]
    async fn nothing_from_the_request_becomes_markup() {
        let evil = r#""><script>alert(1)</script>"#;
        let mismatch = ErrorPage::RedirectMismatch { asked: evil.to_owned(), registered: vec![] };
        for html in [text(show_login(&page(evil, evil, &[]))).await, text(show_error(&mismatch)).await] {
            assert!(!html.contains("<script"), "{html}");
        }
    }

    #[test]
    fn pages_are_neither_stored_nor_framed_and_may_redirect_to_the_app() {
        let response = show_error(&ErrorPage::UnknownClient);
        assert_eq!(response.status(), 400);
        let headers = response.headers();
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("form-action"), "{policy}");
    }
}
