//! How many connections there may be at once, who goes when there are too many, and what becomes of them at the end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, routing::get};
use leptos_cognito_app::server::{Limits, bound, listen};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, Semaphore, mpsc},
    task::JoinHandle,
};

use crate::raw::{RawClient, patiently};

const HALF: &str = "GET / HTTP/1.1\r\nHost: x\r\nX-Half: ";
const HELD: &str = "GET /held HTTP/1.1\r\nHost: x\r\n\r\n";

/// A server whose `/held` answers when it is let go.
struct Rig {
    url: String,
    letting_go: Arc<Semaphore>,
    /// Says each time that a request is being held.
    held: mpsc::UnboundedReceiver<()>,
    /// How many were held at once, at most.
    most_held: Arc<AtomicUsize>,
    end: Arc<Notify>,
    served: JoinHandle<()>,
}

impl Rig {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (letting_go, end) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let (now_held, most_held) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (say, held) = mpsc::unbounded_channel();
        let (gate, most) = (letting_go.clone(), most_held.clone());
        let hold = async move || {
            most.fetch_max(now_held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            say.send(()).unwrap();
            gate.acquire().await.unwrap().forget();
            now_held.fetch_sub(1, Ordering::SeqCst);
            "let go"
        };
        let router = Router::new().route("/", get("home")).route("/held", get(hold));
        let ended = end.clone();
        let serving = async move { listen(listener, bound(router, limits), limits, ended.notified()).await };
        Self { url, letting_go, held, most_held, end, served: tokio::spawn(serving) }
    }

    /// A client whose request is being held.
    async fn hold(&mut self) -> RawClient {
        let client = RawClient::sending(&self.url, HELD).await;
        patiently(self.held.recv()).await.unwrap();
        client
    }

    /// Ends the server and waits until it takes no more connections.
    async fn end(&self) {
        self.end.notify_one();
        let addr = self.url.trim_start_matches("http://");
        patiently(async { while TcpStream::connect(addr).await.is_ok() {} }).await;
    }
}

fn at_most(connections: usize) -> Limits {
    Limits { connections, grace_time: Duration::from_millis(100), ..Limits::default() }
}

#[tokio::test]
async fn clients_that_never_finish_a_request_keep_nobody_out() {
    let rig = Rig::start(at_most(3)).await;
    let first = RawClient::sending(&rig.url, HALF).await;
    let body = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
    let second = RawClient::sending(&rig.url, body).await;
    let mut third = RawClient::sending(&rig.url, HALF).await;
    let mut people = Vec::new();
    for (longest, kind) in [(first, "half a head"), (second, "no body")] {
        let mut person = RawClient::sending(&rig.url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert_eq!(person.answer().await.body, "home");
        assert_eq!(longest.closed().await, "", "{kind}: it had waited longest");
        people.push(person);
    }
    third.send("done\r\n\r\n").await.unwrap();
    assert_eq!(third.answer().await.body, "home", "it was not the one that had waited longest");
}

#[tokio::test]
async fn who_is_being_served_is_not_sent_away_and_no_more_are_served_than_may_be() {
    let mut rig = Rig::start(at_most(2)).await;
    let (mut first, mut second) = (rig.hold().await, rig.hold().await);
    let mut third = RawClient::sending(&rig.url, HELD).await;
    let mut fourth = RawClient::sending(&rig.url, HELD).await;
    // One that has its answer waits for its client again, and makes room.
    for client in [&mut first, &mut second] {
        rig.letting_go.add_permits(1);
        patiently(rig.held.recv()).await.unwrap();
        assert_eq!(client.answer().await.body, "let go");
    }
    rig.letting_go.add_permits(2);
    for client in [&mut third, &mut fourth] {
        assert_eq!(client.answer().await.body, "let go");
    }
    assert_eq!(rig.most_held.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn at_the_end_requests_under_way_are_finished_and_idle_connections_closed() {
    let mut rig = Rig::start(Limits { shutdown_time: Duration::from_secs(60), ..Limits::default() }).await;
    let mut idle = RawClient::sending(&rig.url, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(idle.answer().await.body, "home");
    let unused = RawClient::connect(&rig.url).await;
    let mut held = rig.hold().await;
    rig.end().await;
    assert_eq!((idle.closed().await, unused.closed().await), (String::new(), String::new()));
    rig.letting_go.add_permits(1);
    let answer = held.answer().await;
    assert_eq!((answer.body.as_str(), answer.headers["connection"].as_str()), ("let go", "close"));
    patiently(rig.served).await.unwrap();
}

#[tokio::test]
async fn at_the_end_nobody_is_waited_for_longer_than_the_limit() {
    let mut rig = Rig::start(Limits { shutdown_time: Duration::from_millis(100), ..Limits::default() }).await;
    let half = RawClient::sending(&rig.url, HALF).await;
    let held = rig.hold().await;
    rig.end().await;
    patiently(rig.served).await.unwrap();
    assert_eq!((half.closed().await, held.closed().await), (String::new(), String::new()));
}
