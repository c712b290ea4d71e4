//! The connections that wait for their client, in the order in which they began to. When the server is full the first of
//! them goes, so that clients who send nothing, or their requests byte by byte, keep nobody out. A connection leaves the
//! line while a request of its is being answered, and is then safe; it comes back at the end when the last of the answer is
//! handed to the system, or waits in hyper's buffer for a client that is slow. Kept by `listener`, told by `limits`.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};

use axum::body::Body;
use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::{sync::Notify, time::Instant};

/// The line. A clone is the same one.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    next_number: u64,
    places: BTreeMap<u64, (Instant, Weak<Connection>)>,
}

/// An open connection. Dropped when it is closed.
pub(super) struct Connection {
    line: Line,
    /// Its number in the line, while it is there.
    number: Mutex<Option<u64>>,
    close: Notify,
}

impl Line {
    /// A new connection, at the end of the line.
    pub(super) fn join(&self) -> Arc<Connection> {
        let connection = Arc::new(Connection { line: self.clone(), number: Mutex::default(), close: Notify::new() });
        connection.wait();
        connection
    }

    /// Tells the connection that has waited longest to close, if it has waited for `grace`: a new one has to have the
    /// time to send its first request.
    ///
    /// # Errors
    /// When to ask again, where there is none.
    pub(super) fn close_first(&self, grace: Duration) -> Result<(), Instant> {
        let now = Instant::now();
        let first = {
            let mut waiting = locked(&self.0);
            match waiting.places.first_entry() {
                None => return Err(now + grace),
                Some(place) if now < place.get().0 + grace => return Err(place.get().0 + grace),
                Some(place) => place.remove().1,
            }
        };
        // One that is just being dropped needs no telling.
        if let Some(connection) = first.upgrade() {
            connection.close.notify_one();
        }
        Ok(())
    }
}

impl Connection {
    /// Waits until it is told to close.
    pub(super) async fn told_to_close(&self) {
        self.close.notified().await;
    }

    fn wait(self: &Arc<Self>) {
        let mut waiting = locked(&self.line.0);
        let number = waiting.next_number;
        waiting.next_number += 1;
        waiting.places.insert(number, (Instant::now(), Arc::downgrade(self)));
        *locked(&self.number) = Some(number);
    }

    fn leave(&self) {
        let mut waiting = locked(&self.line.0);
        if let Some(number) = locked(&self.number).take() {
            waiting.places.remove(&number);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.leave();
    }
}

/// In the extensions of a request: the connection that it came on.
#[derive(Clone)]
pub(super) struct Client(Weak<Connection>);

impl Client {
    pub(super) fn of(connection: &Arc<Connection>) -> Self {
        Self(Arc::downgrade(connection))
    }

    /// The request is there: its connection is safe until the answer is sent, or what this gives is dropped.
    pub(super) fn serve(&self) -> Option<Serving> {
        self.0.upgrade()?.leave();
        Some(Serving(self.0.clone()))
    }
}

/// While it lives a request is being answered.
pub(super) struct Serving(Weak<Connection>);

impl Serving {
    /// Lives as long as the answer's body.
    pub(super) fn until_sent(self, body: Body) -> impl HttpBody<Data = Bytes, Error = axum::Error> + Send + 'static {
        Sending { body, _serving: self }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(connection) = self.0.upgrade() {
            connection.wait();
        }
    }
}

/// An answer's body, unchanged.
struct Sending {
    body: Body,
    _serving: Serving,
}

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
