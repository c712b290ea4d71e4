//! Upstreams for `upstream`: one that may be on the list, with answers good and bad, and one that never is.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    Json, Router,
    body::Body,
    extract::Request,
    response::{IntoResponse, Redirect},
    routing::{any, get},
};
use http::{Method, StatusCode};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpListener};

/// Somewhere on loopback that counts who as much as connects.
pub(crate) struct Elsewhere {
    pub(crate) port: u16,
    connections: Arc<AtomicUsize>,
}

impl Elsewhere {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, connections) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let count = connections.clone();
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
            }
        });
        Self { port, connections }
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// An upstream on the list, and what it heard: method, path, token, body.
pub(crate) type Heard = Arc<Mutex<Vec<(Method, String, String, String)>>>;

pub(crate) async fn upstream(elsewhere: u16) -> (String, Heard) {
    let heard = Heard::default();
    let note = heard.clone();
    let orders = any(move |request: Request| async move {
        let (parts, body) = request.into_parts();
        let body = axum::body::to_bytes(body, 1000).await.unwrap();
        let token = parts.headers["authorization"].to_str().unwrap().to_owned();
        let call = (parts.method, parts.uri.to_string(), token, String::from_utf8(body.to_vec()).unwrap());
        note.lock().unwrap().push(call);
        Json(json!({ "orders": 3 }))
    });
    let away = move |code: StatusCode| async move {
        (code, [("location", format!("http://127.0.0.1:{elsewhere}/"))], Body::empty()).into_response()
    };
    let router = Router::new()
        .route("/orders", orders)
        .route("/301", any(move || away(StatusCode::MOVED_PERMANENTLY)))
        .route("/302", any(move || away(StatusCode::FOUND)))
        .route("/307", any(move || away(StatusCode::TEMPORARY_REDIRECT)))
        .route("/308", any(move || away(StatusCode::PERMANENT_REDIRECT)))
        .route("/home", get(async || Redirect::to("/orders")))
        .route("/large", get(async || vec![b' '; 1024 * 1024 + 1]))
        .route("/text", get(async || "no JSON: hunter2"))
        .route("/hangs", get(async || std::future::pending::<String>().await))
        .route("/teapot", get(async || StatusCode::IM_A_TEAPOT));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (origin, heard)
}
