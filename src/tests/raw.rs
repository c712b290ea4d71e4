//! A client that speaks bytes: whatever is sent, to the last one, is the test's own choice.

use std::{collections::HashMap, io, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Nobody's verdict: what never happens has to fail some time.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub(crate) struct RawClient {
    stream: TcpStream,
    /// Read, and not yet part of an answer.
    rest: Vec<u8>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct RawAnswer {
    pub(crate) status: u16,
    /// By name in small letters.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl RawClient {
    pub(crate) async fn connect(url: &str) -> Self {
        let stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
        Self { stream, rest: Vec::new() }
    }

    /// Connects and sends.
    pub(crate) async fn sending(url: &str, bytes: impl AsRef<[u8]>) -> Self {
        let mut client = Self::connect(url).await;
        client.send(bytes).await.unwrap();
        client
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await
    }

    /// Sends this again and again, a piece at a time, until the server closes the connection; gives all it said.
    pub(crate) async fn drip(mut self, piece: &[u8]) -> String {
        patiently(async {
            let mut said = vec![0; 4096];
            let mut total = std::mem::take(&mut self.rest);
            loop {
                tokio::select! {
                    read = self.stream.read(&mut said) => match read {
                        Ok(0) | Err(_) => return String::from_utf8_lossy(&total).into_owned(),
                        Ok(bytes) => total.extend_from_slice(&said[..bytes]),
                    },
                    () = tokio::time::sleep(Duration::from_millis(5)) => drop(self.send(piece).await),
                }
            }
        })
        .await
    }

    /// The next answer, which is not to a HEAD.
    pub(crate) async fn answer(&mut self) -> RawAnswer {
        patiently(async {
            let head = self.read_past(b"\r\n\r\n").await;
            let mut lines = head.split("\r\n");
            let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
            let headers: HashMap<_, _> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect();
            let length = headers.get("content-length").and_then(|length| length.parse().ok());
            let is_chunked = headers.get("transfer-encoding").is_some_and(|encoding| encoding == "chunked");
            let body = match length {
                Some(length) => self.read_bytes(length).await,
                None if is_chunked => self.read_chunks().await,
                None => String::new(),
            };
            RawAnswer { status: status.unwrap_or_else(|| panic!("no status in {head:?}")), headers, body }
        })
        .await
    }

    /// Waits until the server has closed the connection; gives what it said until then.
    pub(crate) async fn closed(mut self) -> String {
        patiently(async {
            let mut said = std::mem::take(&mut self.rest);
            // A reset is an end too: it comes where the server had not read everything.
            let _ = self.stream.read_to_end(&mut said).await;
            String::from_utf8_lossy(&said).into_owned()
        })
        .await
    }

    async fn read_chunks(&mut self) -> String {
        let mut body = String::new();
        loop {
            let size = usize::from_str_radix(self.read_past(b"\r\n").await.trim(), 16).unwrap();
            body.push_str(&self.read_bytes(size).await);
            assert_eq!(self.read_past(b"\r\n").await, "\r\n");
            if size == 0 {
                return body;
            }
        }
    }

    /// Up to and with the mark.
    async fn read_past(&mut self, mark: &[u8]) -> String {
        loop {
            if let Some(at) = self.rest.windows(mark.len()).position(|window| window == mark) {
                return self.take(at + mark.len());
            }
            self.read_more().await;
        }
    }

    async fn read_bytes(&mut self, count: usize) -> String {
        while self.rest.len() < count {
            self.read_more().await;
        }
        self.take(count)
    }

    async fn read_more(&mut self) {
        let read = self.stream.read_buf(&mut self.rest).await.unwrap();
        assert!(read > 0, "the server closed the connection, having said {:?}", String::from_utf8_lossy(&self.rest));
    }

    fn take(&mut self, count: usize) -> String {
        let rest = self.rest.split_off(count);
        String::from_utf8_lossy(&std::mem::replace(&mut self.rest, rest)).into_owned()
    }
}

/// Waits for what has to happen.
pub(crate) async fn patiently<T>(event: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, event).await.expect("this never happens")
}
