//! Requests that are too large: heads, header lines, bodies. And that what a real session needs is not.

use leptos_cognito_app::server::Limits;

use crate::{
    app::TestApp,
    browser::{Browser, DEMO},
    raw::{RawAnswer, RawClient},
};

const FORM: &str = "POST /api/auth/signout HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                    Sec-Fetch-Site: same-origin\r\n";

/// A request's head of this many bytes in all.
fn head_of(bytes: usize) -> String {
    let (start, end) = ("GET / HTTP/1.1\r\nHost: x\r\nCookie: a=", "\r\n\r\n");
    format!("{start}{}{end}", "a".repeat(bytes - start.len() - end.len()))
}

async fn answer(app: &TestApp, request: impl AsRef<[u8]>) -> RawAnswer {
    RawClient::sending(&app.url, request).await.answer().await
}

fn assert_is_bounded(answer: &RawAnswer, status: u16) {
    assert_eq!((answer.status, answer.headers["connection"].as_str()), (status, "close"), "{answer:?}");
    for name in ["x-content-type-options", "content-security-policy", "referrer-policy", "x-request-id"] {
        assert!(answer.headers.contains_key(name), "{name}: {answer:?}");
    }
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_head_may_have_32_kib_and_no_more() {
    let app = TestApp::start().await;
    let most = Limits::default().head_bytes;
    assert_eq!(most, 32 * 1024, "docs/operating.md says so");
    assert_eq!(answer(&app, head_of(most)).await.status, 200);
    assert_eq!(answer(&app, head_of(most + 1)).await.status, 431);
    let long_target = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(most));
    assert_eq!(answer(&app, long_target).await.status, 431);
    // It need not be complete to be refused.
    let mut endless = RawClient::sending(&app.url, &head_of(2 * most)[..most]).await;
    assert_eq!(endless.answer().await.status, 431);
    assert_eq!(endless.closed().await, "");
}

#[tokio::test]
async fn a_request_may_have_100_header_lines_and_no_more() {
    let app = TestApp::start().await;
    let lines = |count: usize| {
        format!("GET / HTTP/1.1\r\n{}\r\n", "Host: x\r\n".to_owned() + &"X-Line: 1\r\n".repeat(count - 1))
    };
    assert_eq!(answer(&app, lines(100)).await.status, 200);
    for count in [101, 200] {
        assert_eq!(answer(&app, lines(count)).await.status, 431, "{count}");
    }
}

#[tokio::test]
async fn the_largest_session_and_all_sign_ins_under_way_fit_with_room_to_spare() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    // As much as cookies may take in all (12 KB and 4 KB), and as much again of another program's.
    let (session, sign_in) = (app.cookie("session"), app.cookie("sign-in"));
    browser.plant(&format!("{session}.1={}", "a".repeat(4000)));
    browser.plant(&format!("{session}.2={}", "a".repeat(4000)));
    for index in 0..5 {
        browser.plant(&format!("{sign_in}.{index}={}", "a".repeat(800)));
        browser.plant(&format!("other{index}={}", "a".repeat(2600)));
    }
    assert!(browser.cookies().join("; ").len() > 26_000);
    let page = browser.get("/account").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(DEMO.0));
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_no_more() {
    let app = TestApp::start().await;
    let most = Limits::default().body_bytes;
    assert_eq!(most, 64 * 1024, "docs/operating.md says so");
    let sized = |bytes: usize| format!("{FORM}Content-Length: {bytes}\r\n\r\n{}", "a".repeat(bytes));
    let chunked = |bytes: usize| {
        let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000)).repeat(bytes / 0x1000);
        let rest = bytes % 0x1000;
        let rest = if rest > 0 { format!("{rest:x}\r\n{}\r\n", "a".repeat(rest)) } else { String::new() };
        format!("{FORM}Transfer-Encoding: chunked\r\n\r\n{chunk}{rest}0\r\n\r\n")
    };
    for request in [sized(most), chunked(most)] {
        assert_eq!(answer(&app, request).await.status, 303, "the form is read and the person signed out");
    }
    for request in [sized(most + 1), chunked(most + 1)] {
        assert_is_bounded(&answer(&app, request).await, 413);
    }
}

#[tokio::test]
async fn a_body_that_is_announced_as_too_large_is_refused_unread_everywhere() {
    let app = TestApp::start().await;
    for path in ["/", "/account", "/api/auth/signout", "/api/account/profile", "/favicon.svg", "/no-such-page"] {
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000000\r\n\r\n");
        let mut client = RawClient::sending(&app.url, head).await;
        assert_is_bounded(&client.answer().await, 413);
        assert_eq!(client.closed().await, "", "{path}");
    }
}
