//! Clients that send nothing, or a byte at a time, or read nothing. The limits here are short ones; what is waited for is
//! always something that the server does.

use std::time::Duration;

use axum::{Router, routing::get};
use leptos_cognito_app::server::{Limits, bound, listen};
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    app::{TestApp, Wishes},
    browser::Browser,
    pieces::Pieces,
    raw::{RawClient, patiently},
};

const SHORT: Duration = Duration::from_millis(100);
const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

async fn start(limits: Limits) -> TestApp {
    TestApp::start_with(Wishes { limits, ..Wishes::default() }).await
}

/// A server of one's own within these limits.
async fn serve(router: Router, limits: Limits) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(listen(listener, bound(router, limits), limits, std::future::pending()));
    url
}

#[tokio::test]
async fn a_client_that_sends_nothing_is_sent_away() {
    let app = start(Limits { head_time: SHORT, ..Limits::default() }).await;
    assert_eq!(RawClient::connect(&app.url).await.closed().await, "");
}

#[tokio::test]
async fn a_head_that_comes_byte_by_byte_is_not_waited_for() {
    let app = start(Limits { head_time: SHORT, ..Limits::default() }).await;
    let client = RawClient::sending(&app.url, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    assert_eq!(client.drip(b"a").await, "", "neither an answer nor the limit on its bytes ended it");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let app = start(Limits { head_time: SHORT, ..Limits::default() }).await;
    let mut client = RawClient::sending(&app.url, GET).await;
    assert_eq!(client.answer().await.status, 200);
    assert_eq!(client.closed().await, "");
}

#[tokio::test]
async fn a_body_that_never_comes_and_one_that_never_ends_get_408() {
    let app = start(Limits { body_time: SHORT, ..Limits::default() }).await;
    let head = "POST /api/auth/signout HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    for (length, piece) in [("Content-Length: 60000", &b"a"[..]), ("Transfer-Encoding: chunked", b"1\r\na\r\n")] {
        let mut client = RawClient::sending(&app.url, format!("{head}{length}\r\n\r\n")).await;
        let answer = client.answer().await;
        assert_eq!((answer.status, answer.headers["connection"].as_str()), (408, "close"), "{length}: {answer:?}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(client.closed().await, "");

        let client = RawClient::sending(&app.url, format!("{head}{length}\r\n\r\n")).await;
        let said = client.drip(piece).await;
        assert!(said.starts_with("HTTP/1.1 408 "), "the time counts for all of it, not for each piece: {said}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_begin_is_given_up_and_one_that_has_begun_is_not() {
    let slow = async || {
        let (sender, body) = Pieces::channel();
        tokio::spawn(async move {
            sender.send("begun, ".into()).await.unwrap();
            tokio::time::sleep(SHORT * 3).await;
            sender.send("and ended".into()).await.unwrap();
        });
        body
    };
    let router = Router::new().route("/never", get(std::future::pending::<()>)).route("/slow", get(slow));
    let browser = Browser::at(&serve(router, Limits { answer_time: SHORT, ..Limits::default() }).await);
    let never = patiently(browser.get("/never")).await;
    let headers = (never.header("retry-after"), never.header("cache-control"));
    assert_eq!((never.status, headers), (503, ("5", "no-store")), "{never:?}");
    assert!(never.body.contains("try again"), "{}", never.body);
    let slow = browser.get("/slow").await;
    assert_eq!((slow.status, slow.body.as_str()), (200, "begun, and ended"));
}

#[tokio::test]
async fn a_client_that_reads_nothing_of_its_answer_is_let_go() {
    let (gone, mut is_gone) = mpsc::channel(1);
    let endless = async move || {
        let (sender, body) = Pieces::channel();
        tokio::spawn(async move {
            while sender.send(vec![b'a'; 64 * 1024].into()).await.is_ok() {}
            gone.send(()).await.unwrap();
        });
        body
    };
    let url = serve(Router::new().route("/", get(endless)), Limits { stall_time: SHORT, ..Limits::default() }).await;
    let client = RawClient::sending(&url, GET).await;
    patiently(is_gone.recv()).await.unwrap();
    drop(client);
}
