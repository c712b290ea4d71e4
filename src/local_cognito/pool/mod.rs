//! The pool that all handlers share: identity, keys, state, clock, and what tests ordered. Built by `start`; `saving`
//! keeps its state file.

mod saving;

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::UNIX_EPOCH;

use tokio::sync::{Notify, watch};

use super::client::{Client, ClientRecord};
use super::error::{CryptoError, StartError};
use super::faults::Faults;
use super::keys::Keys;
use super::password::hash_password;
use super::random::random_opaque;
use super::record::Records;
use super::rotation::Rotation;
use super::settings::{Clock, Settings};
use super::state::State;
use super::state_file::StateFile;
use super::tamper::Tampers;
use super::user::User;

pub(super) struct Pool {
    pub(super) pool_id: String,
    /// `http://127.0.0.1:9400`: the domain host, the issuer's host and the JSON API in one.
    pub(super) base_url: String,
    /// The pool's one app client; a list of them is a later matter, so ask with [`Pool::find_client`].
    pub(super) client: Client,
    pub(super) access_token_secs: u64,
    pub(super) refresh_token_secs: u64,
    /// Verified against for unknown users, so that they cost as much time as known ones.
    pub(super) decoy_hash: String,
    pub(super) rotation: Rotation,
    pub(super) faults: Faults,
    pub(super) records: Records,
    pub(super) tampers: Tampers,
    clock: Clock,
    keys: RwLock<Arc<Keys>>,
    state: Mutex<State>,
    client_record: ClientRecord,
    file: Option<StateFile>,
    /// Counts changes worth saving; the number of a snapshot.
    changes: AtomicU64,
    changed: Notify,
    stop: watch::Sender<bool>,
}

impl Pool {
    /// Reads the state file or makes everything anew, and writes it once, so that an unusable place shows now.
    /// Computes keys and hashes: not for an async worker.
    pub(super) fn open(settings: Settings, base_url: String) -> Result<Pool, StartError> {
        let now = unix_secs(&settings.clock);
        let file = settings.state_file.clone().map(StateFile::new);
        let kept = match &file {
            Some(file) => {
                saving::load(file, now).map_err(|source| StartError::State { path: file.path().into(), source })?
            }
            None => None,
        };
        let (keys, client_record, state) = match kept {
            Some(kept) => kept,
            None => (Keys::generate()?, ClientRecord::generate(), State::with_users(User::seed_all()?)),
        };
        let pool_id = settings.pool_id();
        let confidential = settings.client_secret;
        let client = Client::new(client_record.clone(), confidential, settings.callback_urls, settings.logout_urls);
        let pool = Pool {
            pool_id,
            base_url,
            client,
            access_token_secs: settings.access_token_secs,
            refresh_token_secs: settings.refresh_token_secs,
            decoy_hash: hash_password(&random_opaque())?,
            rotation: Rotation::new(settings.rotation),
            faults: Faults::default(),
            records: Records::default(),
            tampers: Tampers::default(),
            clock: settings.clock,
            keys: RwLock::new(Arc::new(keys)),
            state: Mutex::new(state),
            client_record,
            file,
            changes: AtomicU64::new(1),
            changed: Notify::new(),
            stop: watch::Sender::new(false),
        };
        pool.save().map_err(|(path, source)| StartError::State { path, source })?;
        Ok(pool)
    }

    /// Unix seconds by the pool's clock.
    pub(super) fn now(&self) -> u64 {
        unix_secs(&self.clock)
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}/{}", self.base_url, self.pool_id)
    }

    pub(super) fn find_client(&self, id: &str) -> Option<&Client> {
        Some(&self.client).filter(|client| client.id == id)
    }

    pub(super) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn rotate_keys(&self) -> Result<(), CryptoError> {
        let rotated = Arc::new(self.keys().rotate()?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = rotated;
        self.note_change();
        Ok(())
    }

    /// Looks at the state, or changes what is not saved (codes).
    pub(super) fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock_state())
    }

    /// Changes the state and has it saved.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock_state());
        self.note_change();
        result
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock before 1970 reads as 1970.
fn unix_secs(clock: &Clock) -> u64 {
    clock().duration_since(UNIX_EPOCH).map(|since| since.as_secs()).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use super::*;

    /// A pool with no server, at a time that does not move.
    pub(in super::super) fn test_pool(change: impl FnOnce(&mut Settings)) -> Pool {
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.clock = Arc::new(|| UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        change(&mut settings);
        Pool::open(settings, "http://127.0.0.1:9400".to_owned()).unwrap()
    }

    #[test]
    fn time_comes_from_the_clock_and_the_issuer_from_the_region() {
        let pool = test_pool(|settings| settings.region = "eu-central-1".to_owned());
        assert_eq!(pool.now(), 1_700_000_000);
        assert_eq!(pool.issuer(), "http://127.0.0.1:9400/eu-central-1_LocalPool");
    }
}
