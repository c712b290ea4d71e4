//! The pools' way to their state file and back: a writer task after each change, and once more on stopping.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::connection::{StopSignal, wait_for_stop};
use super::super::error::{CryptoError, StartError};
use super::super::keys::Keys;
use super::super::state_file::{PoolSnapshot, Snapshot, StateFile};
use super::Service;

impl Service {
    /// Saves after each change, off the request's path, until the service stops. Changes that come while it writes are
    /// saved together.
    pub(in super::super) async fn save_changes(self: Arc<Self>) {
        if self.file.is_none() {
            return;
        }
        loop {
            tokio::select! {
                () = self.common.changed.notified() => {}
                () = wait_for_stop(self.stop_signal()) => return,
            }
            let service = Arc::clone(&self);
            // A panic while saving has been reported already and is no reason to stop saving.
            let _ = tokio::task::spawn_blocking(move || service.save_or_complain()).await;
        }
    }

    /// Ends the server; what is not yet saved is saved before this returns.
    pub(in super::super) fn stop(&self) {
        self.stop.send_replace(true);
        self.save_or_complain();
        if let Some(file) = &self.file {
            file.release();
        }
    }

    pub(in super::super) fn stop_signal(&self) -> StopSignal {
        self.stop.subscribe()
    }

    fn save_or_complain(&self) {
        if let Err((path, error)) = self.save() {
            tracing::error!(file = %path.display(), %error, "Local Cognito cannot save its state");
        }
    }

    pub(super) fn save(&self) -> Result<(), (PathBuf, io::Error)> {
        let Some(file) = &self.file else { return Ok(()) };
        // The number first: the snapshot then holds at least the changes it counts.
        let number = self.common.changes.load(Ordering::Acquire);
        let fail = |error| (file.path().to_owned(), error);
        let used = self.pools.iter().map(|pool| Ok((pool.id.clone(), pool.snapshot()?)));
        let used = used.collect::<Result<Vec<_>, CryptoError>>().map_err(|error| fail(io::Error::other(error)))?;
        let mut pools = self.unused.clone();
        pools.extend(used);
        file.save(number, &Snapshot::new(self.common.clock.offset_secs(), pools)).map_err(fail)
    }
}

/// The file, for this process alone.
pub(super) fn take(path: PathBuf) -> Result<StateFile, StartError> {
    StateFile::take(path.clone()).map_err(|source| match source.kind() {
        io::ErrorKind::WouldBlock => StartError::StateInUse(path),
        _ => StartError::State { path, source },
    })
}

/// What an earlier run left.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) clock_offset_secs: i64,
    pub(super) pools: BTreeMap<String, PoolSnapshot>,
}

/// What an earlier run left, if it is sound down to its keys.
pub(super) fn load(file: &StateFile, now: u64) -> io::Result<Option<Kept>> {
    let Some(Snapshot { clock_offset_secs, pools, .. }) = file.load(now)? else { return Ok(None) };
    match pools.values().try_for_each(|pool| Keys::load(&pool.keys).map(drop)) {
        Ok(()) => Ok(Some(Kept { clock_offset_secs, pools })),
        Err(error) => file.set_aside(now, &error.to_string()).map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::random::random_opaque;
    use super::super::super::settings::Settings;
    use super::super::tests::test_service;
    use super::*;

    fn scratch_path() -> PathBuf {
        std::env::temp_dir().join("local-cognito-tests").join(format!("{}.json", random_opaque()))
    }

    #[test]
    fn a_service_opened_again_is_the_same() {
        let path = scratch_path();
        let open = || test_service(|settings| settings.state_file = Some(path.clone()));
        let first = open();
        first.pools[0].delete_user("demo@example.com");
        first.common.clock.jump(3600);
        first.stop();
        let second = open();
        let [first, again] = [&first.pools[0], &second.pools[0]];
        assert_eq!(again.client().id, first.client().id);
        assert_eq!(again.keys().to_jwks(), first.keys().to_jwks());
        assert!(again.with_state(|state| state.find_user_by_email("demo@example.com").is_none()));
        assert!(again.with_state(|state| state.find_user_by_email("admin@example.com").is_some()));
        assert_eq!(second.now(), 1_700_003_600, "the clock stays where it was moved");
    }

    #[test]
    fn a_file_with_a_broken_key_is_set_aside() {
        let path = scratch_path();
        let open = || test_service(|settings| settings.state_file = Some(path.clone()));
        let first = open();
        first.stop();
        let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        json["pools"]["us-east-1_LocalPool"]["keys"]["refresh"] = "AAAA".into();
        std::fs::write(&path, json.to_string()).unwrap();
        assert_ne!(open().pools[0].client().id, first.pools[0].client().id);
        assert!(std::path::Path::new(&format!("{}.damaged-1700000000", path.display())).exists());
    }

    #[test]
    fn what_the_settings_no_longer_name_is_there_when_they_do_again() {
        let path = scratch_path();
        let open = |pool: &str, client: &str| {
            test_service(|settings| {
                settings.state_file = Some(path.clone());
                settings.pools[0].id = pool.to_owned();
                settings.client().name = client.to_owned();
            })
        };
        let id = |service: &Service| service.pools[0].client().id.clone();
        let first = open("us-east-1_LocalPool", "app");
        first.stop();
        for (pool, client) in [("us-east-1_Typo", "app"), ("us-east-1_LocalPool", "typo")] {
            let other = open(pool, client);
            assert_ne!(id(&other), id(&first));
            other.stop();
        }
        let again = open("us-east-1_LocalPool", "app");
        assert_eq!(id(&again), id(&first));
        assert_eq!(again.pools[0].keys().to_jwks(), first.pools[0].keys().to_jwks());
    }

    #[test]
    fn an_id_that_another_client_was_given_is_refused() {
        let path = scratch_path();
        let first = test_service(|settings| settings.state_file = Some(path.clone()));
        first.stop();
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.state_file = Some(path);
        let mut second = settings.client().clone();
        second.name = "second".to_owned();
        second.id = Some(first.pools[0].client().id.clone());
        settings.pools[0].clients.push(second);
        let told = Service::open(settings, String::new()).err().unwrap().to_string();
        assert!(told.contains("\"app\" and \"second\""), "{told}");
    }

    #[test]
    fn two_do_not_share_a_file() {
        let path = scratch_path();
        let _first = test_service(|settings| settings.state_file = Some(path.clone()));
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.state_file = Some(path);
        assert!(matches!(Service::open(settings, String::new()), Err(StartError::StateInUse(_))));
    }

    #[cfg(unix)]
    #[test]
    fn an_unusable_place_for_the_state_is_refused_at_start() {
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.state_file = Some("/dev/null/state.json".into());
        let error = Service::open(settings, String::new()).err().unwrap();
        assert!(matches!(error, StartError::State { .. }), "{error}");
    }
}
