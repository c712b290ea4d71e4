//! Requests that nobody would write: bodies, headers, forms and targets at random, and bytes that are no HTTP. Whatever
//! comes, the answer is in Cognito's form, nothing panics and nothing hangs, and the pool works on.

mod shots;

use std::cell::RefCell;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio::time::timeout;

use self::shots::{Shot, shot};
use super::{CALLBACK, Rig};

const CASES: u32 = 1500;
/// Far beyond what any answer takes, and never waited for unless something hangs.
const HANG: Duration = Duration::from_secs(20);

/// A rig on a runtime of its own, as proptest is not async, and the real values that shots may hold.
struct Range {
    runtime: Runtime,
    rig: Rig,
    real: Vec<(&'static str, String)>,
}

impl Range {
    fn open() -> Range {
        let runtime = Runtime::new().unwrap();
        let rig = runtime.block_on(Rig::start());
        let tokens = runtime.block_on(rig.sign_in());
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
        let real = vec![
            ("$basic", STANDARD.encode(format!("{id}:{secret}"))),
            ("$client", id),
            ("$secret", secret),
            ("$refresh", text("refresh_token")),
            ("$access", text("access_token")),
            ("$pool", "us-east-1_LocalPool".to_owned()),
        ];
        Range { runtime, rig, real }
    }

    fn fill(&self, text: &str) -> String {
        self.real.iter().fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    fn fire(&self, shot: &Shot) -> Response {
        let query = shot.query.iter().map(|(name, value)| (*name, self.fill(value)));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let url = self.rig.url(&format!("{}?{query}", shot.path));
        let method = Method::from_bytes(shot.method.as_bytes()).unwrap();
        let mut request = self.rig.browser.request(method, url).body(self.fill(&shot.body));
        for (name, value) in &shot.headers {
            request = request.header(*name, self.fill(value));
        }
        let answer = self.runtime.block_on(async { timeout(HANG, request.send()).await });
        answer.expect("no answer: it hangs").expect("the connection broke: a handler panicked")
    }
}

/// What Cognito's answers have in common, by the side that gives them.
fn assert_form(
    shot: &Shot,
    status: u16,
    headers: &reqwest::header::HeaderMap,
    body: &str,
) -> Result<(), TestCaseError> {
    prop_assert!(status < 500, "{} {}: {status} {body}", shot.method, shot.path);
    if shot.path == "/" && shot.method == "POST" && status != 403 && status != 413 {
        prop_assert!(headers.contains_key("x-amzn-requestid"), "{headers:?}");
        if status != 200 {
            let kind = headers["x-amzn-errortype"].to_str().unwrap();
            let answer: Value = serde_json::from_str(body).unwrap();
            prop_assert_eq!(format!("{}:", answer["__type"].as_str().unwrap()), kind);
        }
    }
    if shot.path == "/oauth2/token" && shot.method == "POST" && status == 400 {
        let answer: Value = serde_json::from_str(body).unwrap();
        prop_assert!(answer["error"].is_string(), "{body}");
    }
    if status == 302 {
        let location = headers["location"].to_str().unwrap();
        let good = location.starts_with(CALLBACK) || location.starts_with('/') || location == "http://localhost:3000/";
        prop_assert!(good && !location.starts_with("//"), "sent to {location}");
    }
    Ok(())
}

#[test]
fn any_request_has_an_answer_in_cognitos_form() {
    let range = Range::open();
    let answers = RefCell::new(std::collections::BTreeMap::<u16, u32>::new());
    let mut runner = TestRunner::new(Config { cases: CASES, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&shot(), |shot| {
        let answer = range.fire(&shot);
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = range.runtime.block_on(answer.bytes()).expect("the body broke off");
        *answers.borrow_mut().entry(status).or_default() += 1;
        assert_form(&shot, status, &headers, &String::from_utf8_lossy(&body))
    });
    outcome.unwrap();
    // A fuzzer that only ever meets the first check proves nothing.
    let answers = answers.into_inner();
    assert!(answers.contains_key(&200) && answers.contains_key(&400) && answers.len() >= 4, "{answers:?}");
    assert_works(&range);
}

/// A sign-in still goes through, by somebody whom no shot can have changed.
fn assert_works(range: &Range) {
    let health = range.runtime.block_on(async { timeout(HANG, range.rig.get(&range.rig.authorize_url(&[]))).await });
    assert_eq!(health.expect("it hangs").status(), 302);
    let unknown = range.runtime.block_on(range.rig.call_api("NoSuchOperation", &json!({})));
    assert_eq!(unknown.status(), 400);
}

#[test]
fn bytes_that_are_no_request_end_their_connection_and_nothing_else() {
    let range = Range::open();
    let addr = range.rig.cognito.base_url().trim_start_matches("http://").to_owned();
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let start = prop_oneof![
        Just(Vec::new()),
        Just(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 99999999999999999999\r\n\r\n".to_vec()),
        Just(b"POST / HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n".to_vec()),
        Just([b"GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx: ".to_vec(), vec![b'a'; 600_000]].concat()),
        Just(b"GET /oauth2/authorize?\xff\xfe HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".to_vec()),
    ];
    let outcome = runner.run(&(start, prop::collection::vec(any::<u8>(), 0..200)), |(start, noise)| {
        range.runtime.block_on(async {
            let mut socket = TcpStream::connect(&addr).await.unwrap();
            // The server may hang up before all of it is sent.
            let _ = socket.write_all(&start).await;
            let _ = socket.write_all(&noise).await;
            let _ = socket.shutdown().await;
            let mut answer = Vec::new();
            let ended = timeout(HANG, socket.read_to_end(&mut answer)).await;
            prop_assert!(ended.is_ok(), "the connection stays open after its end was sent");
            prop_assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{}", String::from_utf8_lossy(&answer));
            Ok(())
        })
    });
    outcome.unwrap();
    assert_works(&range);
}
