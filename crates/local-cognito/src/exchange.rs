//! One request and its answer as the console shows them, without their secrets. Read off by `observe`, kept by
//! `record`.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, StatusCode, header, request};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::redact::{redact_field, redact_form, redact_json, redact_secret, redact_text};

/// Of a body; what is longer is cut.
const MAX_BODY_CHARS: usize = 4000;
/// No answer of the pools is near this size.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
const MAX_PAIRS: usize = 60;

const SHOWN_REQUEST_HEADERS: [&str; 5] = ["host", "content-type", "origin", "user-agent", "x-amz-target"];
const SHOWN_ANSWER_HEADERS: [&str; 7] = [
    "content-type",
    "cache-control",
    "access-control-allow-origin",
    "www-authenticate",
    "x-amzn-errortype",
    "x-amzn-errormessage",
    "location",
];

/// Headers, parameters and body of one direction, ready to be shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Side {
    pub(super) headers: Vec<(String, String)>,
    /// Query, then form.
    pub(super) parameters: Vec<(String, String)>,
    /// JSON, or a word about what it was.
    pub(super) body: String,
}

/// What a request brought.
pub(super) fn read_request(parts: &request::Parts, body: &[u8]) -> Side {
    let mut side = Side { headers: read_headers(&parts.headers, &SHOWN_REQUEST_HEADERS), ..Side::default() };
    if let Some(credentials) = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()) {
        side.headers.push(("authorization".to_owned(), redact_credentials(credentials)));
    }
    for line in parts.headers.get_all(header::COOKIE) {
        side.headers.push(("cookie".to_owned(), redact_cookies(line.to_str().unwrap_or_default())));
    }
    side.parameters = redact_form(parts.uri.query().unwrap_or_default().as_bytes());
    if is_form(&parts.headers) {
        side.parameters.extend(redact_form(body));
    } else {
        side.body = redact_body(&parts.headers, body);
    }
    side.parameters.truncate(MAX_PAIRS);
    side
}

/// What was answered, and the answer unchanged. A page is not looked into.
pub(super) async fn read_answer(response: Response) -> (Side, Bytes, Response) {
    let (parts, body) = response.into_parts();
    let mut side = Side { headers: read_headers(&parts.headers, &SHOWN_ANSWER_HEADERS), ..Side::default() };
    for line in parts.headers.get_all(header::SET_COOKIE) {
        let first = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
        side.headers.push(("set-cookie".to_owned(), redact_cookies(first)));
    }
    let Ok(bytes) = to_bytes(body, MAX_ANSWER_BYTES).await else {
        return (side, Bytes::new(), Response::from_parts(with_status_500(parts), Body::empty()));
    };
    side.body = redact_body(&parts.headers, &bytes);
    (side, bytes.clone(), Response::from_parts(parts, Body::from(bytes)))
}

fn with_status_500(mut parts: axum::http::response::Parts) -> axum::http::response::Parts {
    parts.status = StatusCode::INTERNAL_SERVER_ERROR;
    parts
}

fn read_headers(headers: &HeaderMap, shown: &[&'static str]) -> Vec<(String, String)> {
    let pairs = shown.iter().filter_map(|name| Some((name, headers.get(*name)?.to_str().ok()?)));
    let redact = |name: &str, value: &str| {
        if matches!(name, "location" | "x-amzn-errormessage") { redact_field(name, value) } else { redact_text(value) }
    };
    pairs.map(|(name, value)| ((*name).to_owned(), redact(name, value))).collect()
}

fn redact_body(headers: &HeaderMap, body: &[u8]) -> String {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let text = match redact_json(body) {
        _ if body.is_empty() => String::new(),
        Some(value) if media_type.contains("json") => format!("{value:#}"),
        _ if media_type.starts_with("text/html") => format!("(a page of {} bytes)", body.len()),
        _ => format!("({} bytes that are no JSON)", body.len()),
    };
    text.chars().take(MAX_BODY_CHARS).collect()
}

/// `Basic`: the client id is no secret. `Bearer`: the token by its hash.
fn redact_credentials(credentials: &str) -> String {
    match credentials.split_once(' ') {
        Some((scheme, encoded)) if scheme.eq_ignore_ascii_case("basic") => {
            let decoded = STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let id = decoded.as_deref().and_then(|pair| pair.split_once(':')).map(|(id, _)| redact_text(id));
            format!("Basic {}:(hidden)", id.unwrap_or_default())
        }
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            format!("Bearer {}", redact_secret(token.trim()))
        }
        _ => "(hidden)".to_owned(),
    }
}

/// The names alone.
fn redact_cookies(line: &str) -> String {
    let names = line.split(';').filter_map(|pair| pair.trim().split_once('='));
    names.map(|(name, _)| format!("{}=(hidden)", redact_text(name))).collect::<Vec<_>>().join("; ")
}

fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[test]
    fn credentials_and_cookies_are_named_and_not_shown() {
        let basic = format!("Basic {}", STANDARD.encode("7abc:the secret"));
        assert_eq!(redact_credentials(&basic), "Basic 7abc:(hidden)");
        assert_eq!(redact_credentials("Bearer short"), "Bearer (hidden)");
        assert_eq!(redact_credentials("garbage"), "(hidden)");
        assert_eq!(redact_cookies("XSRF-TOKEN=abc; cognito=def"), "XSRF-TOKEN=(hidden); cognito=(hidden)");
    }

    #[test]
    fn a_request_is_shown_with_query_and_form() {
        let request =
            Request::post("/login?client_id=7abc&state=s").header("content-type", "application/x-www-form-urlencoded");
        let (parts, ()) = request.header("user-agent", "curl").body(()).unwrap().into_parts();
        let side = read_request(&parts, b"username=demo%40example.com&password=x");
        let pairs =
            [("client_id", "7abc"), ("state", "(hidden)"), ("username", "demo@example.com"), ("password", "(hidden)")];
        assert_eq!(side.parameters, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(side.headers.contains(&("user-agent".to_owned(), "curl".to_owned())) && side.body.is_empty());
    }
}
