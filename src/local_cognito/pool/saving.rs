//! The pool's way to its state file and back: a writer task after each change, and once more on stopping.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::client::ClientRecord;
use super::super::connection::{StopSignal, wait_for_stop};
use super::super::keys::Keys;
use super::super::state::State;
use super::super::state_file::{Snapshot, StateFile};
use super::Pool;

impl Pool {
    /// Saves after each change, off the request's path, until the pool stops. Changes that come while it writes are
    /// saved together.
    pub(in super::super) async fn save_changes(self: Arc<Self>) {
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
    pub(in super::super) fn stop(&self) {
        self.stop.send_replace(true);
        self.save_or_complain();
    }

    pub(in super::super) fn stop_signal(&self) -> StopSignal {
        self.stop.subscribe()
    }

    pub(super) fn note_change(&self) {
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

    pub(super) fn save(&self) -> Result<(), (PathBuf, io::Error)> {
        let Some(file) = &self.file else { return Ok(()) };
        // The number first: the snapshot then holds at least the changes it counts.
        let number = self.changes.load(Ordering::Acquire);
        let fail = |error| (file.path().to_owned(), error);
        let keys = self.keys().records().map_err(|error| fail(io::Error::other(error)))?;
        let snapshot = Snapshot::new(keys, self.client_record.clone(), self.lock_state().clone());
        file.save(number, &snapshot).map_err(fail)
    }
}

/// What an earlier run left, if it is sound down to its keys.
pub(super) fn load(file: &StateFile, now: u64) -> io::Result<Option<(Keys, ClientRecord, State)>> {
    let Some(snapshot) = file.load(now)? else { return Ok(None) };
    match Keys::load(&snapshot.keys) {
        Ok(keys) => Ok(Some((keys, snapshot.client, snapshot.state))),
        Err(error) => file.set_aside(now, &error.to_string()).map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::error::StartError;
    use super::super::super::random::random_opaque;
    use super::super::super::settings::Settings;
    use super::super::tests::test_pool;
    use super::*;

    fn scratch_path() -> PathBuf {
        std::env::temp_dir().join("local-cognito-tests").join(format!("{}.json", random_opaque()))
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
