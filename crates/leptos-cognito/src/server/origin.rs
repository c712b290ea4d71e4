//! Origins: where browsers reach the app, and which URLs this server may speak of or to. Used by `config` and `issuer`.

use url::{Host, Url};

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

    /// Whether a request with this `Host` header was sent to the app's own host and port.
    pub(super) fn is_at(&self, host: &str) -> bool {
        let other = Url::parse(&format!("{}://{host}", self.0.scheme()));
        other.is_ok_and(|other| other.origin() == self.0.origin())
    }

    /// Whether cookies can be `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// A cookie's name that is this app's own: on http with the port behind it, `session-3000`. Browsers do not tell the
    /// cookies of a host's ports apart (RFC 6265 §8.5), and on `localhost` every port is another program.
    ///
    /// It is the port and no hash of the client, so that a name is readable, and what an earlier user pool left behind is
    /// written over instead of piling up.
    #[must_use]
    pub fn cookie_name(&self, plain: &str) -> String {
        match self.0.port_or_known_default() {
            Some(port) if !self.is_https() => format!("{plain}-{port}"),
            _ => plain.to_owned(),
        }
    }
}

/// https anywhere; plain http only on loopback (RFC 8252 §7.3, B10): an address, `localhost`, or a name below it
/// (RFC 6761 §6.3).
pub(super) fn is_https_or_loopback(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name.rsplit('.').next() == Some("localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
}

/// What keeps a URL from being an origin that this server may speak of or to.
pub(super) fn origin_problem(url: &Url) -> Option<&'static str> {
    let more = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
    if !is_https_or_loopback(url) {
        Some("must be https (plain http is only for localhost)")
    } else if more || has_user(url) {
        Some("must have no path, query, fragment or user")
    } else {
        None
    }
}

pub(super) fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
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
            "http://localhost.evil.example",
            "http://notlocalhost",
        ] {
            assert!(AppUrl::parse(bad).is_err(), "{bad}");
        }
        for (good, origin) in [
            ("https://app.example.com/", "https://app.example.com"),
            ("http://localhost:3000", "http://localhost:3000"),
            ("http://app.localhost:3000", "http://app.localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
        ] {
            assert_eq!(AppUrl::parse(good).unwrap().origin(), origin);
        }
    }

    #[test]
    fn a_host_is_the_apps_own_or_another() {
        for (app_url, host, is_own) in [
            ("https://app.example.com", "app.example.com", true),
            ("https://app.example.com", "APP.example.com:443", true),
            ("https://app.example.com", "app.example.com:8443", false),
            ("https://app.example.com", "www.example.com", false),
            ("http://localhost:3000", "localhost:3000", true),
            ("http://localhost:3000", "127.0.0.1:3000", false),
            ("http://localhost:3000", "localhost", false),
            ("http://[::1]:3000", "[::1]:3000", true),
            ("https://app.example.com", "", false),
            ("https://app.example.com", "a b", false),
        ] {
            assert_eq!(AppUrl::parse(app_url).unwrap().is_at(host), is_own, "{app_url} {host}");
        }
    }

    #[test]
    fn a_cookies_name_tells_the_ports_of_a_host_apart() {
        for (url, name) in [
            ("http://localhost:3000", "session-3000"),
            ("http://localhost:3001", "session-3001"),
            ("http://127.0.0.1", "session-80"),
            ("https://localhost:3000", "session"),
            ("https://app.example.com", "session"),
        ] {
            assert_eq!(AppUrl::parse(url).unwrap().cookie_name("session"), name);
        }
    }
}
