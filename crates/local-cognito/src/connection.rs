//! Connections that can be cut: one at a time (`Fault::Drop`) or all at once with the listener
//! (`LocalCognito::stop`). axum alone offers neither. Used by `server`.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Accepting fails where the process has too many files open: trying again at once would only burn the processor.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Turns true once, when the server is to stop.
pub(super) type StopSignal = watch::Receiver<bool>;

/// Waits until the server is to stop.
pub(super) async fn wait_for_stop(mut signal: StopSignal) {
    // An error means that the pool itself is gone, which is as final.
    let _ = signal.wait_for(|stopped| *stopped).await;
}

/// The listening socket, shared so that `stop` closes it before returning rather than at some later poll.
#[derive(Clone)]
pub(super) struct StoppableListener {
    socket: Arc<Mutex<Option<TcpListener>>>,
    addr: SocketAddr,
    stop: StopSignal,
}

impl StoppableListener {
    pub(super) fn new(socket: TcpListener, stop: StopSignal) -> io::Result<StoppableListener> {
        let addr = socket.local_addr()?;
        Ok(StoppableListener { socket: Arc::new(Mutex::new(Some(socket))), addr, stop })
    }

    /// From here on connecting is refused and the port is free.
    pub(super) fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<TcpListener>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Never ready again once closed: the server ends by its stop signal.
    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
        match &*self.lock() {
            Some(socket) => socket.poll_accept(cx),
            None => Poll::Pending,
        }
    }
}

impl Listener for StoppableListener {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match poll_fn(|cx| self.poll_accept(cx)).await {
                Ok((stream, peer)) => return (Connection::new(stream, self.stop.clone()), peer),
                Err(error) => {
                    tracing::warn!(%error, "Local Cognito cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.addr)
    }
}

/// Cuts the connection it belongs to.
#[derive(Clone, Default)]
pub(super) struct Cutter(Arc<AtomicBool>);

impl Cutter {
    /// Whatever is answered from now on does not reach the client: it sees the connection close.
    pub(super) fn cut(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn is_cut(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Connected<IncomingStream<'_, StoppableListener>> for Cutter {
    fn connect_info(stream: IncomingStream<'_, StoppableListener>) -> Cutter {
        stream.io().cutter.clone()
    }
}

/// A TCP connection that fails all reading and writing once it is cut or the server stops.
pub(super) struct Connection {
    stream: TcpStream,
    cutter: Cutter,
    stop: StopSignal,
    /// Wakes an idle connection.
    stopped: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Connection {
    fn new(stream: TcpStream, stop: StopSignal) -> Connection {
        Connection { stream, cutter: Cutter::default(), stopped: Box::pin(wait_for_stop(stop.clone())), stop }
    }

    /// The signal's value is asked too: its waiters are woken one after the other, and a handler that is woken first
    /// must not get an answer out. Polling registers for being woken.
    fn check_open(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if !self.cutter.is_cut() && (*self.stop.borrow() || self.stopped.as_mut().poll(cx).is_ready()) {
            self.cutter.cut();
        }
        if self.cutter.is_cut() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.check_open(cx)?;
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.check_open(cx)?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check_open(cx)?;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
