//! The request's cookies, and what every cookie of this folder has in common: attributes, names, removal. The session
//! cookie and the sign-in cookie are built on it.

use cookie::{Cookie, SameSite};
use http::{
    HeaderMap, HeaderValue,
    header::{COOKIE, SET_COOKIE},
};
use leptos_axum::ResponseOptions;

use super::{clock::UnixTime, origin::AppUrl};

/// How many values of one name are opened at most; those that are obviously another program's do not count.
pub(super) const MAX_TRIES: usize = 32;

/// The largest cookie that every browser stores, name, value and attributes together (RFC 6265 §6.1, B24).
pub(super) const MAX_COOKIE_BYTES: usize = 4096;

/// How cookies are named and marked for the app's URL.
#[derive(Clone, Debug)]
pub(super) struct CookieKind {
    app_url: AppUrl,
}

impl CookieKind {
    pub(super) fn of(app_url: &AppUrl) -> Self {
        Self { app_url: app_url.clone() }
    }

    /// `__Host-` on https: browsers then insist on `Secure`, `Path=/` and no `Domain` (RFC 6265bis §4.1.3.2, B20).
    /// On http loopback, where such a cookie would be refused, the app's port instead.
    pub(super) fn name(&self, plain: &str) -> String {
        let own = self.app_url.cookie_name(plain);
        if self.app_url.is_https() { format!("__Host-{own}") } else { own }
    }

    /// A `Set-Cookie` value that ends with `ends_at`. `SameSite=Lax`: a `Strict` cookie set on the way back from
    /// Cognito is not sent on the next hop by Safari and Firefox (B21).
    pub(super) fn set(&self, name: String, value: String, now: UnixTime, ends_at: UnixTime) -> String {
        let max_age = i64::try_from(ends_at.since(now).as_secs()).unwrap_or(i64::MAX);
        self.with_attributes(name, value, time::Duration::seconds(max_age))
    }

    /// A `Set-Cookie` value that removes the cookie; attributes match those it was set with (B38).
    pub(super) fn clear(&self, name: String) -> String {
        self.with_attributes(name, String::new(), time::Duration::ZERO)
    }

    fn with_attributes(&self, name: String, value: String, max_age: time::Duration) -> String {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.app_url.is_https())
            .same_site(SameSite::Lax)
            .max_age(max_age)
            .build()
            .to_string()
    }
}

/// The cookies that came with a request.
#[derive(Clone, Default)]
pub(super) struct PresentedCookies(Vec<(String, String)>);

impl PresentedCookies {
    /// Reads the `Cookie` headers; HTTP/2 may split them (RFC 9113 §8.2.3). A pair that is not ASCII is another
    /// program's: it is left out, and takes none of ours with it.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let pairs = headers.get_all(COOKIE).into_iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
        let ascii = pairs.filter_map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.is_ascii()));
        let cookies = ascii.filter_map(|pair| pair.trim_matches([' ', '\t']).split_once('='));
        Self(cookies.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    /// The values of all cookies of this name. There can be several: another program on this host may have set one, or a
    /// sibling domain (RFC 6265 §8.6), and nothing in a request says whose a cookie is.
    pub(super) fn values<'c>(&'c self, name: &'c str) -> impl Iterator<Item = &'c str> {
        self.iter().filter(move |(own, _)| *own == name).map(|(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// `Set-Cookie` values on their way to a response.
#[derive(Default)]
pub(super) struct SetCookies(Vec<String>);

impl SetCookies {
    pub(super) fn and(mut self, more: impl IntoIterator<Item = String>) -> Self {
        self.0.extend(more);
        self
    }

    /// Adds them to a response's headers.
    pub(super) fn append_to(self, headers: &mut HeaderMap) {
        for value in self.header_values() {
            headers.append(SET_COOKIE, value);
        }
    }

    /// Adds them to the response of the server function that is running.
    pub(super) fn give(self, response: &ResponseOptions) {
        for value in self.header_values() {
            response.append_header(SET_COOKIE, value);
        }
    }

    fn header_values(self) -> impl Iterator<Item = HeaderValue> {
        // Names and values are base64url and fixed text: none can fail.
        self.0.into_iter().filter_map(|value| HeaderValue::from_str(&value).ok())
    }
}

impl From<Vec<String>> for SetCookies {
    fn from(values: Vec<String>) -> Self {
        Self(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_that_is_no_ascii_takes_no_other_with_it_and_passes_for_none() {
        let mut headers = HeaderMap::new();
        let line = "x=\u{e9}; session=abc;\tother = 1; \u{2000}__Host-session=forged; empty=; no-value".as_bytes();
        headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        headers.append(COOKIE, HeaderValue::from_static("second=line=with=equals; second=again"));
        let cookies = PresentedCookies::read(&headers);
        let get = |name: &'static str| cookies.values(name).collect::<Vec<_>>();
        assert_eq!(get("session"), ["abc"]);
        assert!(get("__Host-session").is_empty());
        assert_eq!(get("second"), ["line=with=equals", "again"]);
        assert_eq!(get("empty"), [""]);
        assert!(get("no-value").is_empty() && !cookies.has("no-value") && cookies.has("empty"));
    }

    #[test]
    fn b38_a_cookie_is_cleared_with_the_attributes_it_was_set_with() {
        for app_url in ["https://app.example.com", "http://localhost:3000"] {
            let kind = CookieKind::of(&AppUrl::parse(app_url).unwrap());
            let now = UnixTime::from_secs(10_000);
            let set = kind.set(kind.name("session"), "value".to_owned(), now, UnixTime::from_secs(10_060));
            let cleared = kind.clear(kind.name("session"));
            assert_eq!(cleared, set.replace("=value", "=").replace("Max-Age=60", "Max-Age=0"));
        }
    }
}
