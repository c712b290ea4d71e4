//! Bytes that are no request, or half of one, or one too many. Never a 5xx, nothing of it comes back, nothing stands
//! still, and the next person is served.

use std::time::Duration;

use leptos::server_fn::axum::server_fn_paths;
use leptos_cognito_app::server::Limits;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
    raw::RawClient,
};

/// What is sent, and the statuses that may come back for it; none means that the connection is closed without a word.
const BROKEN: [(&str, &[u8], &[u16]); 29] = [
    ("nothing but an end of line", b"\r\n\r\n", &[]),
    ("NUL bytes", &[0; 64], &[400]),
    ("bytes that are no text", &[0xff, 0xfe, 0x80, 0xc3, 0x28, b'\r', b'\n', b'\r', b'\n'], &[400]),
    ("a handshake of TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03evil", &[400]),
    ("HTTP/0.9", b"GET /evil\r\n", &[400]),
    ("HTTP/0.9, and more lines", b"GET /evil\r\n\r\n", &[400]),
    ("HTTP/2 at once", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &[]),
    ("an HTTP to come", b"GET / HTTP/3.0\r\nHost: x\r\n\r\n", &[400]),
    ("no version", b"GET /evil \r\nHost: x\r\n\r\n", &[400]),
    ("NUL in the target", b"GET /evil\0 HTTP/1.1\r\nHost: x\r\n\r\n", &[400]),
    ("a target that is no UTF-8", b"GET /evil\xff HTTP/1.1\r\nHost: x\r\n\r\n", &[400, 404]),
    ("a target without a slash", b"GET evil HTTP/1.1\r\nHost: x\r\n\r\n", &[400, 404]),
    ("a target of escapes", b"GET /%00%ff%0d%0aevil HTTP/1.1\r\nHost: x\r\n\r\n", &[400, 404]),
    ("NUL in a header", b"GET / HTTP/1.1\r\nHost: x\r\nX-Evil: a\0b\r\n\r\n", &[400]),
    ("a header that is no UTF-8", b"GET / HTTP/1.1\r\nHost: x\r\nX-Evil: \xff\xfe\r\n\r\n", &[200]),
    ("a cookie that is no UTF-8", b"GET / HTTP/1.1\r\nHost: x\r\nCookie: session=\xff\xfe; \xc3=\x28\r\n\r\n", &[200]),
    ("a header without a name", b"GET / HTTP/1.1\r\nHost: x\r\n: evil\r\n\r\n", &[400]),
    ("a space before the colon", b"GET / HTTP/1.1\r\nHost : evil\r\n\r\n", &[400]),
    ("a folded header", b"GET / HTTP/1.1\r\nHost: x\r\nX-Evil: a\r\n evil\r\n\r\n", &[400]),
    ("a bare CR in a header", b"GET / HTTP/1.1\r\nHost: x\r\nX-Evil: a\rSet-Cookie: evil=1\r\n\r\n", &[400]),
    ("a length that is no number", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: evil\r\n\r\n", &[400]),
    ("two lengths", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nevil", &[400]),
    ("an unknown encoding", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: evil\r\n\r\n", &[400]),
    (
        "chunks without sizes",
        b"POST /api/auth/signout HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nevil\r\n",
        &[400],
    ),
    ("a tunnel", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", &[400, 404, 405]),
    (
        "a tunnel, as a page",
        b"CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n",
        &[400, 404, 405],
    ),
    ("a page without a slash", b"GET evil HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n", &[400, 404]),
    ("a page about the server", b"OPTIONS * HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n", &[400, 404, 405]),
    ("a question about the server", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", &[400, 404, 405]),
];

/// An app that soon closes a connection on which nothing more comes.
async fn start() -> TestApp {
    let limits = Limits { head_time: Duration::from_millis(200), ..Limits::default() };
    TestApp::start_with(Wishes { limits, ..Wishes::default() }).await
}

/// The statuses of all answers in what a server said.
fn statuses(said: &str) -> Vec<u16> {
    let starts = said.split("HTTP/1.").skip(1).filter_map(|answer| answer.split(' ').nth(1)?.parse().ok());
    starts.collect()
}

#[tokio::test]
async fn what_is_no_request_is_refused_and_nothing_of_it_comes_back() {
    let app = start().await;
    let mut wrong = Vec::new();
    for (what, bytes, allowed) in BROKEN {
        let client = RawClient::sending(&app.url, bytes).await;
        let said = client.closed().await;
        let statuses = statuses(&said);
        let is_allowed = match allowed {
            [] => statuses.is_empty(),
            _ => matches!(statuses.as_slice(), [status] if allowed.contains(status)),
        };
        if !is_allowed || said.contains("evil") {
            wrong.push((what, statuses, said.chars().take(300).collect::<String>()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(Browser::new(&app).get("/").await.status, 200);
}

#[tokio::test]
async fn no_body_of_a_server_function_is_a_server_error() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let bodies: [&[u8]; 7] =
        [b"\xff\xfe", b"theme=\xc3\x28", b"theme=%ff%", b"{\"theme\":", b"--x\r\n\r\n", b"\0", b"theme[a][b]=dark"];
    let types = ["application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "\u{e9}"];
    for (path, method) in server_fn_paths().filter(|(path, _)| !path.contains("signout")) {
        for (body, content_type) in bodies.into_iter().flat_map(|body| types.map(|content_type| (body, content_type))) {
            for client in [&browser.client, &Browser::new(&app).client] {
                let request = client.request(method.clone(), format!("{}{path}", app.url)).body(body.to_vec());
                let request = request.header("Content-Type", content_type.as_bytes());
                let answer = request.header("Sec-Fetch-Site", "same-origin").send().await.unwrap();
                assert!(answer.status().as_u16() < 500, "{path}: {} for {body:?} as {content_type}", answer.status());
            }
        }
    }
}

#[tokio::test]
async fn rubbish_after_a_request_costs_the_connection_and_not_the_request() {
    let app = TestApp::start().await;
    let two = "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /signed-in HTTP/1.1\r\nHost: x\r\n\r\n";
    let rubbish: &[u8] = b"\0\xff\0 evil\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut client = RawClient::sending(&app.url, [two.as_bytes(), rubbish].concat()).await;
    assert_eq!((client.answer().await.status, client.answer().await.status), (200, 200));
    assert_eq!(client.answer().await.status, 400);
    assert_eq!(client.closed().await, "", "what follows the rubbish is not read");
}

/// RFC 9112 §6.3: with both, the length is not believed. What was meant to be hidden in the body is no request of its own
/// for one and a body for the other.
#[tokio::test]
async fn a_request_is_not_hidden_in_another_ones_body() {
    let app = start().await;
    let hidden = "0\r\n\r\nGET /account HTTP/1.1\r\nHost: x\r\n\r\n";
    for order in
        ["Content-Length: 44\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 44"]
    {
        let request = format!("POST /signed-in HTTP/1.1\r\nHost: x\r\n{order}\r\n\r\n{hidden}");
        let client = RawClient::sending(&app.url, request).await;
        let said = client.closed().await;
        assert!(statuses(&said).iter().all(|status| *status < 500), "{said}");
        assert!(!said.contains("demo@example.com"));
    }
}

#[tokio::test]
async fn a_target_with_another_sites_name_in_it_leads_nowhere_else() {
    let app = TestApp::start().await;
    for (target, status) in [
        ("http://evil.example/", 200),
        ("http://evil.example/account", 302),
        ("http://evil.example:80@x/account", 302),
        ("//evil.example/account", 404),
    ] {
        let request = format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nAccept: text/html\r\n\r\n");
        let answer = RawClient::sending(&app.url, request).await.answer().await;
        assert_eq!(answer.status, status, "{target}: {answer:?}");
        let location = answer.headers.get("location").map(String::as_str).unwrap_or("/");
        assert!(location.starts_with('/') && !location.contains("evil"), "{target}: {location}");
        assert!(!answer.body.contains("evil.example"), "{target}");
    }
}
