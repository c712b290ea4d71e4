//! `APP_URL`, and what any URL has to be that this server speaks of or to. Part of `config`.

use url::Url;

/// Where browsers reach the app: an origin, https or loopback.
#[derive(Clone, Debug)]
pub struct AppUrl(Url);

impl AppUrl {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let problem = |what: &str| format!("APP_URL {what}; write the app's origin, e.g. https://app.example.com");
        let url = Url::parse(text).map_err(|error| problem(&format!("is no URL ({error})")))?;
        origin_problem(&url).map_or(Ok(Self(url)), |what| Err(problem(what)))
    }

    /// Scheme, host and port, without a slash at the end: what a browser sends as `Origin`.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The absolute URL of a path of this app.
    #[must_use]
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.origin())
    }

    /// Whether cookies can be `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }
}

/// https anywhere; plain http on loopback alone (RFC 8252 §7.3, B10).
pub(super) fn is_https_or_loopback(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

pub(super) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// What keeps a URL from being an origin that this server may speak of or to.
pub(super) fn origin_problem(url: &Url) -> Option<&'static str> {
    if !is_https_or_loopback(url) {
        Some("must be https (plain http is for localhost alone)")
    } else if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || has_user(url) {
        Some("must have no path, query, fragment or user")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn app_urls() {
        for bad in [
            "app.example.com",
            "http://app.example.com",
            "https://app.example.com/path",
            "https://u@app.example.com",
            "ftp://localhost",
        ] {
            assert!(AppUrl::parse(bad).is_err(), "{bad}");
        }
        for (good, origin) in [
            ("https://app.example.com/", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(AppUrl::parse(good).unwrap().origin(), origin);
        }
    }
}
