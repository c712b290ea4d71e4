//! What a flow answers: a redirect with cookies. Flows return it as a value; only `endpoints` turns it into a response.

use http::{HeaderName, HeaderValue, StatusCode, header::LOCATION};
use leptos_axum::ResponseOptions;
use url::form_urlencoded;

use super::{
    super::{AuthError, AuthErrorCode, SIGN_IN_FAILED},
    cookies::SetCookies,
    return_to::ReturnTo,
};

/// A redirect and the cookies it carries.
pub(super) struct Answer {
    status: StatusCode,
    location: String,
    cookies: SetCookies,
    clears_site_data: bool,
}

impl Answer {
    /// 302: the browser goes on by GET.
    pub(super) fn found(location: impl Into<String>, cookies: SetCookies) -> Self {
        Self { status: StatusCode::FOUND, location: location.into(), cookies, clears_site_data: false }
    }

    /// The end of a session: 303, so that a POST becomes a GET, and browsers drop what they stored (B40).
    pub(super) fn signed_out(location: impl Into<String>, cookies: SetCookies) -> Self {
        Self { status: StatusCode::SEE_OTHER, location: location.into(), cookies, clears_site_data: true }
    }

    /// The way to the page for a failed sign-in: a code, a reference for the log, and the page to try again for.
    pub(super) fn failed(error: &AuthError, return_to: &ReturnTo, cookies: SetCookies) -> Self {
        Self::found(failed_location(error, return_to), cookies)
    }

    /// With one more cookie.
    pub(super) fn and(mut self, cookie: String) -> Self {
        self.cookies = self.cookies.and([cookie]);
        self
    }

    /// Hands the answer to the response of the server function that is running.
    pub(super) fn give(self, response: &ResponseOptions) -> Result<(), AuthError> {
        let location = HeaderValue::from_str(&self.location).map_err(|_| AuthErrorCode::Internal)?;
        response.set_status(self.status);
        response.insert_header(LOCATION, location);
        if self.clears_site_data {
            let name = HeaderName::from_static("clear-site-data");
            response.insert_header(name, HeaderValue::from_static(r#""cache", "storage""#));
        }
        self.cookies.give(response);
        Ok(())
    }
}

/// The page for a failed sign-in, with a code, a reference for the log, and the page to try again for.
pub(super) fn failed_location(error: &AuthError, return_to: &ReturnTo) -> String {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("error", error.code.as_str())
        .append_pair("return_to", return_to.as_str())
        .append_pair("ref", error.reference.as_deref().unwrap_or_default())
        .finish();
    format!("{SIGN_IN_FAILED}?{query}")
}
