//! Who may ask at all. Every request passes `refuse_foreign_hosts`, those for the control API `refuse_pages` too.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::control::error::ControlError;

const FOREIGN_HOST: &str =
    "Local Cognito answers only to 127.0.0.1, [::1] and localhost: ask it by one of these names.";

/// Against DNS rebinding: a page whose own name was made to point here would be same-origin, and could read and send
/// whatever it likes. Its requests give that name in `Host`.
pub(super) async fn refuse_foreign_hosts(request: Request, next: Next) -> Response {
    if is_for_loopback(request.uri(), request.headers()) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, FOREIGN_HOST).into_response()
    }
}

/// Only a browser's page sends `Origin`; the control API is for programs.
pub(super) async fn refuse_pages(request: Request, next: Next) -> Response {
    if request.headers().contains_key(header::ORIGIN) {
        let problem = "a page in a browser (Origin) may not use the control API: call it from a program";
        return ControlError::new(StatusCode::FORBIDDEN, problem).into_response();
    }
    next.run(request).await
}

/// All names the request gives, and at least one (RFC 9112 §3.2).
fn is_for_loopback(uri: &Uri, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter().peekable();
    hosts.peek().is_some()
        && hosts.all(|host| host.to_str().is_ok_and(is_loopback))
        && uri.authority().is_none_or(|authority| is_loopback(authority.as_str()))
}

/// A name or address, with or without a port. Addresses cannot be rebound, so any loopback one will do.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    let name = authority.host();
    let address = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let known = name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    known && !host.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_pass() {
        for (host, passes) in [
            ("127.0.0.1:9400", true),
            ("127.0.0.1", true),
            ("127.0.0.2:9400", true),
            ("[::1]:9400", true),
            ("localhost:9400", true),
            ("LocalHost", true),
            ("evil.example", false),
            ("evil.example:9400", false),
            ("localhost.evil.example:9400", false),
            ("127.0.0.1.evil.example", false),
            ("localhost@evil.example", false),
            ("evil@localhost", false),
            ("192.168.1.10:9400", false),
            ("0.0.0.0:9400", false),
            ("[::2]:9400", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), passes, "{host}");
        }
    }

    #[test]
    fn every_name_in_a_request_counts_and_one_must_be_there() {
        let good = |uri: &str, hosts: &[&str]| {
            let mut headers = HeaderMap::new();
            for host in hosts {
                headers.append(header::HOST, host.parse().unwrap());
            }
            is_for_loopback(&uri.parse().unwrap(), &headers)
        };
        assert!(good("/", &["localhost:9400"]));
        assert!(good("http://localhost:9400/", &["localhost:9400"]));
        assert!(!good("/", &[]));
        assert!(!good("/", &["localhost:9400", "evil.example"]));
        assert!(!good("http://evil.example/", &["localhost:9400"]));
    }
}
