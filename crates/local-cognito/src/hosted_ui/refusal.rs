//! A request that gets no code: at a page here, or by a redirect to the app.

use axum::response::{IntoResponse, Response};
use url::Url;

use super::error_page::ErrorPage;
use super::redirect::found_with_error;

/// Why there is no code.
pub(super) enum AuthorizeRefusal {
    /// The app cannot be trusted with an answer: the browser stays here.
    Page(ErrorPage),
    /// The app is told, by redirect to this address.
    Redirect { location: Url, error: &'static str },
}

impl IntoResponse for AuthorizeRefusal {
    fn into_response(self) -> Response {
        match self {
            AuthorizeRefusal::Page(page) => page.into_response(),
            AuthorizeRefusal::Redirect { location, error } => found_with_error(location.as_str(), error),
        }
    }
}
