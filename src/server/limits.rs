//! What one client may take of the server, and the layer that holds it to that once its request's head is read. The head
//! itself, the connections and their answers are the business of `listener`. docs/operating.md has the table.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::{DefaultBodyLimit, FromRequest, Request},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONNECTION, RETRY_AFTER},
};

use super::line::Client;

/// The limits of a server. What is over a limit gets an answer where HTTP has one, and the connection is closed.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of a request's head: request line and header lines. A session takes up to 16 KB of it, sign-ins 3.5 KB.
    pub head_bytes: usize,
    /// Header lines of a request.
    pub head_lines: usize,
    /// How long a client may take to send a head, counted from the connection or from the answer before: so it is also
    /// how long an idle connection is kept. Longer than a proxy keeps its own (AWS's Application Load Balancer: 60 s), or
    /// the proxy sends a request into a connection that is just being closed.
    pub head_time: Duration,
    /// Bytes of a request's body. Forms and the arguments of server functions are small; for an upload, raise it.
    pub body_bytes: usize,
    /// How long a client may take to send a body, from its head to its last byte.
    pub body_time: Duration,
    /// How long the app may take until an answer begins. More than all that is asked of Cognito in a sign-in takes at
    /// most. An answer that has begun streams on for as long as it takes.
    pub answer_time: Duration,
    /// How long a client may read nothing of an answer that it is being sent.
    pub stall_time: Duration,
    /// Open connections. Over it the one goes that has waited longest for its client to send a request.
    pub connections: usize,
    /// How long a connection that waits for its client is safe from that.
    pub grace_time: Duration,
    /// How long requests under way have to finish once the process is told to end.
    pub shutdown_time: Duration,
}

impl Limits {
    /// What `MAX_CONNECTIONS` is where it is not set: half of the 1024 files that a process may have open by default on
    /// Linux.
    pub const DEFAULT_CONNECTIONS: usize = 512;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 32 * 1024,
            head_lines: 100,
            head_time: Duration::from_secs(75),
            body_bytes: 64 * 1024,
            body_time: Duration::from_secs(15),
            answer_time: Duration::from_secs(30),
            stall_time: Duration::from_secs(30),
            connections: Self::DEFAULT_CONNECTIONS,
            grace_time: Duration::from_millis(500),
            shutdown_time: Duration::from_secs(10),
        }
    }
}

/// Puts the limits on a request's body and on the time until its answer around a router.
pub fn bound(router: Router, limits: Limits) -> Router {
    let bounded = middleware::from_fn(move |request: Request, next: Next| answer_within(limits, request, next));
    // Read by the extractor of the whole body.
    router.layer(bounded).layer(DefaultBodyLimit::max(limits.body_bytes))
}

/// The body is read before anything else happens: what is too large or too slow costs no more than reading it, and no
/// handler has to tell a client that stopped from one that sent nonsense.
async fn answer_within(limits: Limits, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().cloned();
    let request = match receive(limits, request).await {
        Ok(request) => request,
        Err(refusal) => return refusal,
    };
    let serving = client.and_then(|client| client.serve());
    match tokio::time::timeout(limits.answer_time, next.run(request)).await {
        Ok(response) => match serving {
            Some(serving) => response.map(|body| Body::new(serving.until_sent(body))),
            None => response,
        },
        Err(_) => too_slow(),
    }
}

/// The request with all of its body.
async fn receive(limits: Limits, request: Request) -> Result<Request, Response> {
    if request.body().is_end_stream() {
        return Ok(request);
    }
    // A length that is announced is believed, and nothing is read.
    if request.body().size_hint().lower() > limits.body_bytes as u64 {
        return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "This request is too large.\n"));
    }
    let (parts, body) = request.into_parts();
    let mut whole = Request::new(body);
    *whole.extensions_mut() = parts.extensions.clone();
    match tokio::time::timeout(limits.body_time, Bytes::from_request(whole, &())).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(rejection)) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "This request is too large.\n"))
        }
        Ok(Err(_)) => Err(refuse(StatusCode::BAD_REQUEST, "This request is not complete.\n")),
        Err(_) => Err(refuse(StatusCode::REQUEST_TIMEOUT, "This request took too long to arrive.\n")),
    }
}

/// The rest of the body, if it ever comes, is not read: the connection is of no more use (RFC 9110 §15.5.9).
fn refuse(status: StatusCode, sentence: &'static str) -> Response {
    let headers = [(CONNECTION, HeaderValue::from_static("close")), (CACHE_CONTROL, NO_STORE)];
    (status, headers, sentence).into_response()
}

fn too_slow() -> Response {
    tracing::error!("a request was given up: its answer did not begin in time");
    let headers = [(RETRY_AFTER, HeaderValue::from_static("5")), (CACHE_CONTROL, NO_STORE)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, "This took too long. Please try again in a moment.\n").into_response()
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
