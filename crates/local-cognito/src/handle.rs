//! The handle: starts and stops a Local Cognito, tells an app how to reach it, and lets a test watch and torment it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::client::Client;
use super::connection::StoppableListener;
use super::error::StartError;
use super::faults::{EVERY_OPERATION, Fault, Ordered};
use super::pool::Pool;
use super::record::RequestRecord;
use super::server;
use super::service::Service;
use super::settings::{Clock, Settings};
use super::tamper::Tamper;

/// What an app needs to know to be one of the clients. `Debug` leaves the secret out.
#[derive(Clone)]
pub struct ClientIdentity {
    /// The issuer of its pool.
    pub issuer: String,
    /// Its name in the settings.
    pub name: String,
    /// The client id.
    pub id: String,
    /// The client secret; `None` for a public client.
    pub secret: Option<String>,
    /// Where an authorization code may be sent.
    pub callback_urls: Vec<String>,
}

/// A running Local Cognito. Cheap to clone; it runs until [`LocalCognito::stop`] or the end of the tokio runtime,
/// whether or not a handle is kept.
#[derive(Clone)]
pub struct LocalCognito {
    pub(super) service: Arc<Service>,
    listener: StoppableListener,
}

impl LocalCognito {
    /// Binds, restores or makes the pools, and serves them on a task of its own.
    ///
    /// # Errors
    /// The address is not loopback or not free, the settings hold what Cognito would not take, or the state file is
    /// unusable. A damaged state file is set aside with a warning and no error.
    pub async fn start(settings: Settings) -> Result<LocalCognito, StartError> {
        settings.check()?;
        let requested = settings.addr;
        let in_the_way = |source| StartError::Bind { addr: requested, source };
        let socket = TcpListener::bind(requested).await.map_err(in_the_way)?;
        let base_url = format!("http://{}", socket.local_addr().map_err(in_the_way)?);
        let opening = tokio::task::spawn_blocking(move || Service::open(settings, base_url));
        let service = match opening.await {
            Ok(service) => Arc::new(service?),
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        };
        let listener = StoppableListener::new(socket, service.stop_signal()).map_err(in_the_way)?;
        server::spawn(&service, listener.clone());
        Ok(LocalCognito { service, listener })
    }

    /// The issuer of the first pool, such as `http://127.0.0.1:9400/us-east-1_LocalPool`.
    #[must_use]
    pub fn issuer(&self) -> String {
        self.service.pools[0].issuer()
    }

    /// Domain host and JSON API endpoint in one, such as `http://127.0.0.1:9400`.
    #[must_use]
    pub fn base_url(&self) -> String {
        self.service.common.base_url.clone()
    }

    /// The first pool's first client's id.
    #[must_use]
    pub fn client_id(&self) -> String {
        self.service.pools[0].clients()[0].id.clone()
    }

    /// The first pool's first client's secret; `None` for a public client.
    #[must_use]
    pub fn client_secret(&self) -> Option<String> {
        self.service.pools[0].clients()[0].secret.as_ref().map(|secret| secret.reveal().to_owned())
    }

    /// All clients, in the order of the settings.
    #[must_use]
    pub fn clients(&self) -> Vec<ClientIdentity> {
        let of_pool = |pool: &Arc<Pool>| {
            let issuer = pool.issuer();
            let describe = move |client: Arc<Client>| ClientIdentity {
                issuer: issuer.clone(),
                name: client.configured_name().to_owned(),
                id: client.id.clone(),
                secret: client.secret.as_ref().map(|secret| secret.reveal().to_owned()),
                callback_urls: client.settings.callback_urls.clone(),
            };
            pool.clients().into_iter().map(describe)
        };
        self.service.pools.iter().flat_map(of_pool).collect()
    }

    /// E-mail address and password of the users that the pool with this issuer was set up with, for a start-up banner.
    #[must_use]
    pub fn seeded_users(&self, issuer: &str) -> Vec<(String, String)> {
        let pool = self.service.pools.iter().find(|pool| pool.issuer() == issuer);
        pool.map(|pool| pool.seeded.clone()).unwrap_or_default()
    }

    /// The clock that everything here reads, for the app beside it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.service.common.clock.as_clock()
    }

    /// Moves the clock forward, in whole seconds.
    pub fn advance(&self, span: Duration) {
        self.jump(i64::try_from(span.as_secs()).unwrap_or(i64::MAX));
    }

    /// Moves the clock as an administrator or NTP may: forward, or back where `secs` is negative. It never reads
    /// earlier than 1970.
    pub fn jump(&self, secs: i64) {
        self.service.move_clock(secs);
    }

    /// Turns refresh token rotation of all clients on with this grace period, or off (`None`). More than 60 seconds,
    /// Cognito's limit, count as 60.
    pub fn set_rotation(&self, grace_secs: Option<u64>) {
        self.service.pools.iter().for_each(|pool| pool.set_rotation(grace_secs));
    }

    /// Closes the listener and every connection, as if Cognito had become unreachable. On return the port is free
    /// for another `start`, and the state is on disk (blocks for that write).
    pub fn stop(&self) {
        self.listener.close();
        self.service.stop();
    }

    /// The newest requests (at most 10 000), oldest first.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.service.records.list()
    }

    /// How many of the recorded requests were for `operation` (names: [`RequestRecord::operation`]), answered or not.
    #[must_use]
    pub fn count(&self, operation: &str) -> usize {
        self.service.records.count(operation)
    }

    /// Forgets the recorded requests.
    pub fn reset_requests(&self) {
        self.service.records.reset();
    }

    /// Lets the next `times` requests for `operation` fail, after those ordered before (of which 1000 may wait; what
    /// is ordered beyond that is not taken).
    pub fn fail_next(&self, operation: &str, times: usize, fault: Fault) {
        self.service.faults.order(operation, Ordered { times, fault, user: None });
    }

    /// As [`fail_next`](Self::fail_next), but only for requests that bring a token of this user, such as a refresh: as if
    /// a trigger or a limit hit that one user. `false` if there is no such user.
    pub fn fail_next_of(&self, email: &str, operation: &str, times: usize, fault: Fault) -> bool {
        let user = self.service.find_sub(email);
        let is_known = user.is_some();
        if is_known {
            self.service.faults.order(operation, Ordered { times, fault, user });
        }
        is_known
    }

    /// Takes back every fault that was ordered and has not come yet.
    pub fn clear_faults(&self) {
        self.service.faults.clear(EVERY_OPERATION);
    }

    /// Falsifies the next ID token, whichever way it is issued, after those ordered before.
    pub fn tamper_next_id_token(&self, tamper: Tamper) {
        self.service.common.tampers.order(tamper);
    }

    /// Disables a user and revokes all their tokens; `false` if there is no such user.
    pub fn disable_user(&self, email: &str) -> bool {
        self.service.disable_user(email).is_some()
    }

    /// Lets a user sign in again; tokens from before stay revoked. `false` if there is no such user.
    pub fn enable_user(&self, email: &str) -> bool {
        self.service.enable_user(email)
    }

    /// Deletes a user; `false` if there is no such user.
    pub fn delete_user(&self, email: &str) -> bool {
        self.service.delete_user(email)
    }

    /// Revokes every sign-in of a user, with all tokens from it, and says how many there were.
    pub fn revoke_all(&self, email: &str) -> usize {
        self.service.revoke_user(email).unwrap_or_default()
    }

    /// Replaces both signing keys of every pool: new kids, and the old keys vanish from the JWKS. Tokens signed before still work
    /// at the pool itself. Blocks for a good part of a second.
    pub fn rotate_signing_keys(&self) {
        for pool in &self.service.pools {
            if let Err(error) = pool.rotate_keys() {
                tracing::error!(%error, "Local Cognito keeps its old signing keys");
            }
        }
    }
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (issuer, name, id) = (&self.issuer, &self.name, &self.id);
        f.debug_struct("ClientIdentity")
            .field("issuer", issuer)
            .field("name", name)
            .field("id", id)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for LocalCognito {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalCognito").field("clients", &self.clients()).finish_non_exhaustive()
    }
}

#[cfg(test)]
impl LocalCognito {
    /// The first pool, for what a test cannot see from outside, such as the codes of mails.
    pub(super) fn pool(&self) -> &Pool {
        &self.service.pools[0]
    }
}
