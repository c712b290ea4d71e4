//! What hostile clients send, one kind after the other, and what the server made of it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long an attacker waits for an answer.
const PATIENCE: Duration = Duration::from_secs(5);
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";

/// What the server said to one kind of request.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) sent: usize,
    pub(crate) answered: usize,
    pub(crate) server_errors: usize,
    /// Closed, or not answered as long as the attacker waited.
    pub(crate) silent: usize,
}

pub(crate) type Tallies = Arc<Mutex<BTreeMap<&'static str, Tally>>>;

/// What an attacker does with the connection after sending.
#[derive(Clone, Copy)]
enum Then {
    Read,
    /// Sends this again and again.
    Drip(&'static [u8]),
    /// Nothing, for as long as the server lets it.
    Hold,
}

/// One hostile client after the other until `until`.
pub(crate) async fn attack(addr: String, until: Instant, tallies: Tallies) {
    let kinds = kinds();
    while Instant::now() < until {
        let (name, then, make) = &kinds[fastrand::usize(..kinds.len())];
        let bytes = make(addr.rsplit(':').next().unwrap_or_default());
        tallies.lock().unwrap().entry(name).or_default().sent += 1;
        let status = one(&addr, &bytes, *then, until).await;
        let mut tallies = tallies.lock().unwrap();
        let tally = tallies.entry(name).or_default();
        match status {
            Some(status) if status >= 500 => tally.server_errors += 1,
            Some(_) => tally.answered += 1,
            None => tally.silent += 1,
        }
    }
}

/// The last makes it; the app's port is in its cookies' names.
type Kind = (&'static str, Then, fn(&str) -> Vec<u8>);

fn kinds() -> Vec<Kind> {
    vec![
        ("silence", Then::Hold, |_| Vec::new()),
        ("head byte by byte", Then::Drip(b"a"), |_| b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ".to_vec()),
        ("idle after a request", Then::Hold, |_| get("/", "")),
        ("body that never comes", Then::Hold, |_| post("/api/auth/signout", "Content-Length: 60000\r\n", &[])),
        ("body chunk by chunk", Then::Drip(b"1\r\na\r\n"), |_| {
            post("/api/auth/signout", "Transfer-Encoding: chunked\r\n", &[])
        }),
        ("answers never read", Then::Hold, |_| get("/", "").repeat(2000)),
        ("head of 40 KB", Then::Read, |_| get("/", &format!("Cookie: {}\r\n", text(40_000)))),
        ("200 header lines", Then::Read, |_| get("/", &"X-Line: 1\r\n".repeat(200))),
        ("body of 1 TB announced", Then::Read, |_| post("/account", "Content-Length: 1000000000000\r\n", &[])),
        ("body of 100 KB in chunks", Then::Read, |_| {
            let chunk = [b"1000\r\n", &random(0x1000)[..], b"\r\n"].concat();
            post("/api/auth/signout", "Transfer-Encoding: chunked\r\n", &chunk.repeat(25))
        }),
        ("random bytes", Then::Read, |_| random(fastrand::usize(1..2000))),
        ("NUL bytes", Then::Read, |_| vec![0; 1000]),
        ("rubbish after a request", Then::Read, |_| [get("/", ""), random(500)].concat()),
        ("HTTP/0.9", Then::Read, |_| b"GET /\r\n\r\n".to_vec()),
        ("another site's target", Then::Read, |_| get("http://evil.example/account", "")),
        ("random path", Then::Read, |_| get(&format!("/{}", escapes(60)), "")),
        ("random session cookie", Then::Read, |port| {
            let name = format!("session-{port}");
            get("/account", &format!("Cookie: {name}=2~{}; {name}.1={}\r\n", text(3000), text(3000)))
        }),
        ("random sign-in cookies", Then::Read, |port| {
            let cookies: Vec<_> = (0..5).map(|_| format!("sign-in-{port}.{}={}", text(12), text(700))).collect();
            get("/api/auth/signin", &format!("Cookie: {}\r\n", cookies.join("; ")))
        }),
        ("random callback", Then::Read, |_| {
            let query = format!("code={}&state={}&error={}", escapes(40), escapes(40), escapes(10));
            get(&format!("/api/auth/callback/cognito?{query}"), "")
        }),
        ("random return path", Then::Read, |_| get(&format!("/api/auth/signin?return_to={}", escapes(200)), "")),
        ("random form", Then::Read, |_| {
            let body = random(300);
            post("/api/account/profile", &format!("Content-Length: {}\r\n", body.len()), &body)
        }),
    ]
}

fn get(target: &str, headers: &str) -> Vec<u8> {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n{headers}\r\n").into_bytes()
}

fn post(path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    [format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{FORM}{headers}\r\n").as_bytes(), body].concat()
}

fn random(bytes: usize) -> Vec<u8> {
    std::iter::repeat_with(|| fastrand::u8(..)).take(bytes).collect()
}

fn text(bytes: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric).take(bytes).collect()
}

/// Percent-encoded, as most of what a query may hold.
fn escapes(bytes: usize) -> String {
    random(bytes).iter().map(|byte| format!("%{byte:02x}")).collect()
}

/// The status of the first answer, if one comes.
async fn one(addr: &str, bytes: &[u8], then: Then, until: Instant) -> Option<u16> {
    let mut stream = timeout(PATIENCE, TcpStream::connect(addr)).await.ok()?.ok()?;
    // A server that has refused already does not read on: no failure of the attacker's.
    let _ = timeout(PATIENCE, stream.write_all(bytes)).await;
    let mut said = [0; 1024];
    match then {
        Then::Read => {}
        Then::Drip(piece) => {
            while Instant::now() < until && stream.write_all(piece).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        // Whether the server has closed shows when there is something to read, which `answers never read` must not do.
        Then::Hold => tokio::time::sleep(until.saturating_duration_since(Instant::now()).min(PATIENCE)).await,
    }
    let read = timeout(PATIENCE, stream.read(&mut said)).await.ok()?.ok()?;
    std::str::from_utf8(&said[..read]).ok()?.split(' ').nth(1)?.parse().ok()
}
