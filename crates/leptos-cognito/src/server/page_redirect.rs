//! How the visitor of a page is sent on: 302 and an empty body for somebody who may not see it, 308 where an address has a
//! slash too many. Called by `guard`.
//!
//! WebKit, the engine of Safari, does not finish a Back that is answered by a redirect to another site if the page that it
//! leaves has a `Cross-Origin-Opener-Policy`: nothing happens, for ever. A page of this site that goes on by itself
//! arrives, with scripts or without. So WebKit gets an empty page with `Refresh`, which leaves no entry in the history.

use axum::{
    body::Body,
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, Method, StatusCode,
    header::{CONTENT_TYPE, InvalidHeaderValue, LOCATION, REFRESH, USER_AGENT},
};

use super::{super::SIGN_IN, access::matched, return_to::stays_on_site, visit::BY_ITSELF};

/// An answer with nothing in it that leads to `location`, a path of this site.
pub(super) fn redirect_page(location: &str, request: &Request) -> Result<Response, InvalidHeaderValue> {
    if location.starts_with(SIGN_IN) && is_opened_by_webkit(request) {
        let refresh = HeaderValue::from_str(&format!("0;url={location}"))?;
        let headers = [(REFRESH, refresh), (CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
        return Ok((headers, Body::empty()).into_response());
    }
    Ok((StatusCode::FOUND, [(LOCATION, HeaderValue::from_str(location)?)], Body::empty()).into_response())
}

/// The way to the same address without its trailing slash, where no route has it with one. Leptos' router in the browser
/// takes both for the same page, axum's does not.
pub(super) fn without_trailing_slash(request: &Request) -> Option<Response> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path().strip_suffix('/').filter(|_| is_read && matched(request.extensions()).is_none())?;
    let path = path.trim_end_matches('/');
    if !stays_on_site(path, |_| false) {
        return None;
    }
    let location = request.uri().query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    let location = HeaderValue::from_str(&location).ok()?;
    Some((StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response())
}

/// Chromium calls itself WebKit, too. A script that asks gets the redirect, and does not follow it.
fn is_opened_by_webkit(request: &Request) -> bool {
    let agent = request.headers().get(USER_AGENT).map_or(b"".as_slice(), HeaderValue::as_bytes);
    let has = |name: &str| agent.windows(name.len()).any(|part| part == name.as_bytes());
    let is_script = request.uri().query().is_some_and(|query| query.contains(BY_ITSELF))
        || request.headers().get("sec-fetch-mode").is_some_and(|mode| mode != "navigate");
    has("AppleWebKit/") && !has("Chrome/") && !has("Chromium/") && !is_script
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
    const CHROME: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    const TO_SIGN_IN: &str = "/api/auth/signin?return_to=%2Faccount";

    /// Status, and whether by `Location` and by `Refresh`.
    fn sent_on(location: &str, uri: &str, agent: &str, mode: &str) -> (u16, bool, bool) {
        let request = Request::builder().uri(uri).header(USER_AGENT, agent).header("sec-fetch-mode", mode);
        let response = redirect_page(location, &request.body(Body::empty()).unwrap()).unwrap();
        let has = |name| response.headers().contains_key(name);
        (response.status().as_u16(), has(LOCATION), has(REFRESH))
    }

    #[test]
    fn b40_webkit_alone_gets_a_page_that_goes_on_by_itself() {
        assert_eq!(sent_on(TO_SIGN_IN, "/account", SAFARI, "navigate"), (200, false, true));
        for (location, uri, agent, mode) in [
            (TO_SIGN_IN, "/account", CHROME, "navigate"),
            (TO_SIGN_IN, "/account", FIREFOX, "navigate"),
            (TO_SIGN_IN, "/account", "curl/8", "navigate"),
            (TO_SIGN_IN, "/account", SAFARI, "cors"),
            (TO_SIGN_IN, "/account?by_itself=true", SAFARI, "navigate"),
            ("/sign-in-failed?ref=1", "/admin", SAFARI, "navigate"),
        ] {
            assert_eq!(sent_on(location, uri, agent, mode), (302, true, false), "{location} {uri} {agent} {mode}");
        }
        assert!(redirect_page("/\n", &Request::default()).is_err());
    }
}
