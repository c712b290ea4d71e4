//! An answer's body that comes piece by piece, when the test says.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    response::{IntoResponse, Response},
};
use hyper::body::Frame;
use tokio::sync::mpsc::{self, Receiver, Sender};

/// Ends when its sender is dropped; sending fails once nobody wants it any more.
pub(crate) struct Pieces(Receiver<Bytes>);

impl Pieces {
    pub(crate) fn channel() -> (Sender<Bytes>, Self) {
        let (sender, receiver) = mpsc::channel(1);
        (sender, Self(receiver))
    }
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|bytes| Ok(Frame::data(bytes))))
    }
}

impl IntoResponse for Pieces {
    fn into_response(self) -> Response {
        Response::new(Body::new(self))
    }
}
