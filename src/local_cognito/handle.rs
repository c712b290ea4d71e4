//! The handle: starts and stops a Local Cognito, tells an app how to reach it, and lets a test watch and torment it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::clock::MovableClock;
use super::connection::StoppableListener;
use super::error::StartError;
use super::faults::Fault;
use super::pool::Pool;
use super::record::RequestRecord;
use super::server;
use super::settings::{Clock, Settings};
use super::tamper::Tamper;
use super::user::DEMO_USERS;

/// A running Local Cognito. Cheap to clone; it runs until [`LocalCognito::stop`] or the end of the tokio runtime,
/// whether or not a handle is kept.
#[derive(Clone)]
pub struct LocalCognito {
    pool: Arc<Pool>,
    listener: StoppableListener,
    clock: MovableClock,
}

impl LocalCognito {
    /// Binds, restores or makes the pool, and serves it on a task of its own.
    ///
    /// # Errors
    /// The address is not loopback or not free, the region or the state file is unusable. A damaged state file is
    /// set aside with a warning and no error.
    pub async fn start(mut settings: Settings) -> Result<LocalCognito, StartError> {
        settings.check()?;
        let requested = settings.addr;
        let in_the_way = |source| StartError::Bind { addr: requested, source };
        let socket = TcpListener::bind(requested).await.map_err(in_the_way)?;
        let base_url = format!("http://{}", socket.local_addr().map_err(in_the_way)?);
        let clock = MovableClock::new(settings.clock);
        settings.clock = clock.as_clock();
        let opening = tokio::task::spawn_blocking(move || Pool::open(settings, base_url));
        let pool = match opening.await {
            Ok(pool) => Arc::new(pool?),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        let listener = StoppableListener::new(socket, pool.stop_signal()).map_err(in_the_way)?;
        server::spawn(&pool, &clock, listener.clone());
        Ok(LocalCognito { pool, listener, clock })
    }

    /// The issuer, such as `http://127.0.0.1:9400/us-east-1_LocalPool`.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.pool.issuer()
    }

    /// Domain host and JSON API endpoint in one, such as `http://127.0.0.1:9400`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.pool.base_url.clone()
    }

    /// The app client's id: 26 letters and digits, made at the first start.
    #[must_use]
    pub fn client_id(&self) -> String {
        self.pool.client.id.clone()
    }

    /// The app client's secret; `None` for a public client.
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.pool.client.secret.as_ref().map(|secret| secret.reveal().to_owned())
    }

    /// E-mail address and password of the seeded users, for a start-up banner.
    #[must_use]
    pub fn demo_users(&self) -> Vec<(String, String)> {
        DEMO_USERS.iter().map(|(email, password, ..)| ((*email).to_owned(), (*password).to_owned())).collect()
    }

    /// The clock that everything here reads, for the app beside it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock.as_clock()
    }

    /// Moves the clock forward, in whole seconds.
    pub fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Moves the clock as an administrator or NTP may: forward, or back where `secs` is negative. It never reads
    /// earlier than 1970.
    pub fn jump(&self, secs: i64) {
        self.clock.jump(secs);
    }

    /// Turns refresh token rotation on with this grace period, or off (`None`). More than 60 seconds, Cognito's limit,
    /// count as 60.
    pub fn set_rotation(&self, grace_secs: Option<u64>) {
        self.pool.rotation.set(grace_secs);
    }

    /// Closes the listener and every connection, as if Cognito had become unreachable. On return the port is free
    /// for another `start`, and the state is on disk (blocks for that write).
    pub fn stop(&self) {
        self.listener.close();
        self.pool.stop();
    }

    /// The newest requests (at most 10 000), oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.pool.records.list()
    }

    /// How many of the recorded requests were for `operation` (names: [`RequestRecord::operation`]), answered or not.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.pool.records.count(operation)
    }

    /// Forgets the recorded requests.
    pub fn reset_requests(&self) {
        self.pool.records.reset();
    }

    /// Lets the next `times` requests for `operation` fail, after those ordered before (of which 1000 may wait; what
    /// is ordered beyond that is not taken).
    pub fn fail_next(&self, operation: &str, times: usize, fault: Fault) {
        self.pool.faults.order(operation, times, fault);
    }

    /// Falsifies the next ID token, whichever way it is issued, after those ordered before.
    pub fn tamper_next_id_token(&self, tamper: Tamper) {
        self.pool.tampers.order(tamper);
    }

    /// Disables a user and revokes all their tokens; `false` if there is no such user.
    pub fn disable_user(&self, email: &str) -> bool {
        self.pool.disable_user(email).is_some()
    }

    /// Lets a user sign in again; tokens from before stay revoked. `false` if there is no such user.
    pub fn enable_user(&self, email: &str) -> bool {
        self.pool.enable_user(email)
    }

    /// Deletes a user; `false` if there is no such user.
    pub fn delete_user(&self, email: &str) -> bool {
        self.pool.delete_user(email)
    }

    /// Revokes every sign-in of a user, with all tokens from it, and says how many there were.
    pub fn revoke_all(&self, email: &str) -> usize {
        self.pool.revoke_user(email).unwrap_or_default()
    }

    /// Replaces both signing keys: new kids, and the old keys vanish from the JWKS. Tokens signed before still work
    /// at the pool itself. Blocks for a good part of a second.
    pub fn rotate_signing_keys(&self) {
        if let Err(error) = self.pool.rotate_keys() {
            tracing::error!(%error, "Local Cognito keeps its old signing keys");
        }
    }
}

impl fmt::Debug for LocalCognito {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalCognito")
            .field("issuer", &self.issuer())
            .field("client", &self.pool.client)
            .finish_non_exhaustive()
    }
}
