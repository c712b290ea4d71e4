//! Accepts connections and speaks HTTP/1 on them within [`Limits`]: what `axum::serve` does, and the bounds on heads,
//! idle connections, connections and shutdown that it has no place for. Called by `start`. There are no upgrades: a
//! WebSocket would leave the line and the count.

use std::{pin::pin, sync::Arc};

use axum::{Router, body::Body, serve::Listener};
use hyper::{Request, body::Incoming, server::conn::http1::Builder, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::sleep_until,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt;

use super::{
    limits::Limits,
    line::{Client, Connection, Line},
};

/// What a connection buffers of an answer before it waits for the client to read.
const BUFFER_BYTES: usize = 64 * 1024;

/// Serves until `end`; then no more connections are accepted, idle ones are closed, and requests under way have
/// [`Limits::shutdown_time`] to finish.
pub async fn listen(mut listener: TcpListener, router: Router, limits: Limits, end: impl Future<Output = ()>) {
    let (line, shutdown, mut connections) = (Line::default(), GracefulShutdown::new(), JoinSet::new());
    let mut end = pin!(end);
    loop {
        // Where accepting fails (too many open files, for one) the listener waits a second and tries again.
        let stream = tokio::select! {
            (stream, _) = Listener::accept(&mut listener) => stream,
            Some(_) = connections.join_next() => continue,
            () = &mut end => break,
        };
        tokio::select! {
            () = make_room(&mut connections, &line, limits) => {}
            () = &mut end => break,
        }
        connections.spawn(serve(stream, router.clone(), limits, line.join(), shutdown.watcher()));
    }
    drop(listener);
    tracing::info!(connections = connections.len(), "ending: requests under way are finished");
    if tokio::time::timeout(limits.shutdown_time, shutdown.shutdown()).await.is_err() {
        tracing::warn!("ending: connections were cut that took too long");
    }
}

/// Waits until there is room for one more connection.
async fn make_room(connections: &mut JoinSet<()>, line: &Line, limits: Limits) {
    while connections.try_join_next().is_some() {}
    while connections.len() >= limits.connections {
        match line.close_first(limits.grace_time) {
            Ok(()) => drop(connections.join_next().await),
            Err(later) => tokio::select! { _ = connections.join_next() => {}, () = sleep_until(later) => {} },
        }
    }
}

/// Serves one connection until it is closed, by either side.
async fn serve(stream: TcpStream, router: Router, limits: Limits, connection: Arc<Connection>, watcher: Watcher) {
    let client = Client::of(&connection);
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(client.clone());
        router.clone().oneshot(request)
    });
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.stall_time));
    let served = protocol(limits).serve_connection(TokioIo::new(Box::pin(stream)), answer);
    tokio::select! {
        outcome = watcher.watch(served) => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "a connection was broken off");
            }
        }
        () = connection.told_to_close() => tracing::debug!("a waiting connection was closed to make room"),
    }
}

/// hyper answers what breaks these limits by itself: 431 without a body, and the connection is closed. A head that
/// takes too long gets no answer.
fn protocol(limits: Limits) -> Builder {
    let mut http = Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits.head_time)
        .max_headers(limits.head_lines)
        .max_header_size(limits.head_bytes)
        .max_buf_size(BUFFER_BYTES.max(limits.head_bytes));
    http
}
