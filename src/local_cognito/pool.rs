//! The pool that all handlers share: identity, keys, state, clock, and what tests ordered. Built by `start`.

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::UNIX_EPOCH;

use tokio::sync::{Notify, watch};

use super::client::{Client, ClientRecord};
use super::connection::{StopSignal, wait_for_stop};
use super::error::{CryptoError, StartError};
use super::faults::Faults;
use super::keys::Keys;
use super::password::hash_password;
use super::random::random_opaque;
use super::record::Records;
use super::settings::{Clock, Settings};
use super::state::State;
use super::state_file::{Snapshot, StateFile};
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
            Some(file) => load(file, now).map_err(|source| StartError::State { path: file.path().into(), source })?,
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

    /// Saves after each change, off the request's path, until the pool stops. Changes that come while it writes are
    /// saved together.
    pub(super) async fn save_changes(self: Arc<Self>) {
        loop {
            tokio::select! {
                () = self.changed.notified() => {}
                () = wait_for_stop(self.stop_signal()) => return,
            }
            let pool = Arc::clone(&self);
            // A panic while saving has been reported already and is no reason to stop saving.
            let _ = tokio::task::spawn_blocking(move || pool.save_or_complain()).await;
        }
    }

    /// Ends the server; what is not yet saved is saved before this returns.
    pub(super) fn stop(&self) {
        self.stop.send_replace(true);
        self.save_or_complain();
    }

    pub(super) fn stop_signal(&self) -> StopSignal {
        self.stop.subscribe()
    }

    fn note_change(&self) {
        if self.file.is_some() {
            self.changes.fetch_add(1, Ordering::AcqRel);
            self.changed.notify_one();
        }
    }

    fn save_or_complain(&self) {
        if let Err((path, error)) = self.save() {
            tracing::error!(file = %path.display(), %error, "Local Cognito cannot save its state");
        }
    }

    fn save(&self) -> Result<(), (PathBuf, io::Error)> {
        let Some(file) = &self.file else { return Ok(()) };
        // The number first: the snapshot then holds at least the changes it counts.
        let number = self.changes.load(Ordering::Acquire);
        let fail = |error| (file.path().to_owned(), error);
        let keys = self.keys().records().map_err(|error| fail(io::Error::other(error)))?;
        let snapshot = Snapshot::new(keys, self.client_record.clone(), self.lock_state().clone());
        file.save(number, &snapshot).map_err(fail)
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an earlier run left, if it is sound down to its keys.
fn load(file: &StateFile, now: u64) -> io::Result<Option<(Keys, ClientRecord, State)>> {
    let Some(snapshot) = file.load(now)? else { return Ok(None) };
    match Keys::load(&snapshot.keys) {
        Ok(keys) => Ok(Some((keys, snapshot.client, snapshot.state))),
        Err(error) => file.set_aside(now, &error.to_string()).map(|()| None),
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

    fn scratch_path() -> PathBuf {
        std::env::temp_dir().join("local-cognito-tests").join(format!("{}.json", random_opaque()))
    }

    #[test]
    fn time_comes_from_the_clock_and_the_issuer_from_the_region() {
        let pool = test_pool(|settings| settings.region = "eu-central-1".to_owned());
        assert_eq!(pool.now(), 1_700_000_000);
        assert_eq!(pool.issuer(), "http://127.0.0.1:9400/eu-central-1_LocalPool");
    }

    #[test]
    fn a_pool_opened_again_is_the_same_pool() {
        let path = scratch_path();
        let open = || test_pool(|settings| settings.state_file = Some(path.clone()));
        let first = open();
        first.update(|state| state.remove_user("demo@example.com"));
        first.stop();
        let second = open();
        assert_eq!(second.client.id, first.client.id);
        assert_eq!(second.keys().to_jwks(), first.keys().to_jwks());
        assert!(second.with_state(|state| state.find_user_by_email("demo@example.com").is_none()));
        assert!(second.with_state(|state| state.find_user_by_email("admin@example.com").is_some()));
    }

    #[test]
    fn a_file_with_a_broken_key_is_set_aside() {
        let path = scratch_path();
        let open = || test_pool(|settings| settings.state_file = Some(path.clone()));
        let first = open();
        let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        json["keys"]["refresh"] = "AAAA".into();
        std::fs::write(&path, json.to_string()).unwrap();
        assert_ne!(open().client.id, first.client.id);
        assert!(std::path::Path::new(&format!("{}.damaged-1700000000", path.display())).exists());
    }

    #[cfg(unix)]
    #[test]
    fn an_unusable_place_for_the_state_is_refused_at_start() {
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.state_file = Some("/dev/null/state.json".into());
        let error = Pool::open(settings, String::new()).err().unwrap();
        assert!(matches!(error, StartError::State { .. }), "{error}");
    }
}
