//! Whether a request that tower-http's `CsrfLayer` let pass was sent by a page of another site all the same (B42). The layer
//! refuses every other one; called by `guard`.

use http::{HeaderMap, HeaderName, Method, header::ORIGIN};

use super::access::Kind;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// `app_origin` is the app's own, from the configuration.
///
/// - The layer takes every safe method. A page's address may be linked to from anywhere, and a step of the sign-in comes
///   back from Cognito; a server function is called by this app's own pages alone, by GET as well.
/// - Without `Sec-Fetch-Site` the layer takes an `Origin` that equals the request's `Host`, which is anybody's to write.
///
/// A request with neither header is no browser's (Fetch §2.2.7, W3C Fetch Metadata §2.3).
pub(super) fn is_cross_site(kind: Kind, method: &Method, headers: &HeaderMap, app_origin: &str) -> bool {
    let stated = |name| headers.get(name).filter(|value| !value.is_empty());
    match (stated(SEC_FETCH_SITE), stated(ORIGIN)) {
        (Some(site), _) => kind == Kind::Call && method.is_safe() && site != "same-origin" && site != "none",
        (None, Some(origin)) => (kind == Kind::Call || !method.is_safe()) && origin != app_origin,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn b42_what_comes_from_elsewhere_is_told_from_what_does_not() {
        let is_cross_site = |kind, method: Method, site: &'static str, origin: &'static str| {
            let mut headers = HeaderMap::new();
            for (name, value) in [(SEC_FETCH_SITE, site), (ORIGIN, origin)] {
                if value != "-" {
                    headers.insert(name, HeaderValue::from_static(value));
                }
            }
            is_cross_site(kind, &method, &headers, "https://app.example.com")
        };
        let (own, foreign) = ("https://app.example.com", "https://evil.example");
        for (site, origin, expected) in [
            ("same-origin", own, false),
            ("same-origin", "-", false),
            ("none", "-", false),
            ("cross-site", "-", true),
            ("cross-site", own, true),
            ("same-site", "https://other.example.com", true),
            ("same-site", "-", true),
            ("-", own, false),
            ("-", foreign, true),
            ("-", "null", true),
            ("-", "http://app.example.com", true),
            ("-", "https://app.example.com:8443", true),
            ("-", "-", false),
            ("", "-", false),
        ] {
            assert_eq!(is_cross_site(Kind::Call, Method::GET, site, origin), expected, "GET {site} {origin}");
            // What says where it comes from and changes something never comes here: the layer judges it.
            let is_open = site == "-" || site.is_empty();
            assert_eq!(is_cross_site(Kind::Flow, Method::POST, site, origin), expected && is_open, "{site} {origin}");
            assert!(!is_cross_site(Kind::Page, Method::GET, site, origin), "a link to a page: {site} {origin}");
            assert!(!is_cross_site(Kind::Flow, Method::GET, site, origin), "back from Cognito: {site} {origin}");
        }
    }
}
