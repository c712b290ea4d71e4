//! Mistakes that are not told to the app, as it cannot be known to be the right one: the browser stays here. Shown for
//! `authorize_request` and `logout`, to developers, and so in English.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::super::error_type::ErrorType;
use super::frame::{brand, console_link, render};
use super::texts::Texts;

/// Why there is neither a page nor a redirect.
pub(super) enum ErrorPage {
    UnknownClient,
    RedirectMismatch {
        asked: String,
        registered: Vec<String>,
    },
    /// An `identity_provider` or `idp_identifier` that the pool does not have.
    UnknownProvider,
    /// An unregistered `logout_uri`, in the words Cognito has for it (`cognito.md` §1.5).
    LogoutMismatch {
        registered: Vec<String>,
    },
}

impl ErrorPage {
    /// For the record of requests.
    fn error_type(&self) -> &'static str {
        match self {
            ErrorPage::RedirectMismatch { .. } => "redirect_mismatch",
            _ => "invalid_request",
        }
    }

    fn explain(&self) -> Markup {
        match self {
            ErrorPage::UnknownClient => html! {
                p.alarm { "Client does not exist." }
                p { "The " code { "client_id" } " of this request is of no client that this Local Cognito has." }
            },
            ErrorPage::RedirectMismatch { asked, registered } => html! {
                p.alarm { "redirect_mismatch" }
                p { "The " code { "redirect_uri" } " of this request is " code { (asked) } ", which is not registered." }
                (list(registered))
            },
            ErrorPage::UnknownProvider => html! {
                p.alarm { "Login option is not available. Please try another one" }
                p { "This pool has no identity provider but " code { "COGNITO" } ": leave out " code { "identity_provider" }
                    " and " code { "idp_identifier" } ", or ask for that one." }
            },
            ErrorPage::LogoutMismatch { registered } => html! {
                p.alarm { "Required String parameter 'redirect_uri' is not present" }
                p { "Cognito says this where " code { "logout_uri" } " is missing or is not one of the client's." }
                (list(registered))
            },
        }
    }
}

fn list(registered: &[String]) -> Markup {
    html! {
        p { "Registered, compared character by character:" }
        ul.urls { @for url in registered { li { code { (url) } } } }
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let texts = Texts::in_language(None);
        let body = html! {
            main {
                (brand())
                h1 { "An error was encountered with the requested page." }
                (self.explain())
            }
            footer {
                p { "This is Local Cognito, a local stand-in for Amazon Cognito." }
                p { (console_link(texts, texts.open_console)) }
            }
        };
        let mut response = render(texts, "An error was encountered", &body);
        *response.status_mut() = StatusCode::BAD_REQUEST;
        response.extensions_mut().insert(ErrorType(self.error_type()));
        response
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;

    #[tokio::test]
    async fn nothing_from_the_request_becomes_markup() {
        let asked = r#""><script>alert(1)</script>"#.to_owned();
        let response =
            ErrorPage::RedirectMismatch { asked, registered: vec!["https://app/".to_owned()] }.into_response();
        assert_eq!(response.status(), 400);
        let body = to_bytes(response.into_body(), 100_000).await.unwrap();
        let html = String::from_utf8(body.to_vec()).unwrap();
        assert!(!html.contains("<script") && html.contains("&quot;&gt;&lt;script&gt;"), "{html}");
        assert!(html.contains("<code>https://app/</code>"), "{html}");
    }
}
