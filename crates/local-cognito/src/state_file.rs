//! The pool on disk: one JSON file, replaced whole and atomically, so that signed-in people stay signed in across a
//! restart. Read once by `LocalCognito::start`, written by the pool's writer task and by `stop`.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::client::ClientRecord;
use super::keys::KeyRecords;
use super::state::State;

/// Raised when an older file could no longer be read as it is.
const VERSION: u32 = 2;

/// All that outlives a restart.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Snapshot {
    version: u32,
    /// How far the clock was moved.
    pub(super) clock_offset_secs: i64,
    /// By pool id.
    pub(super) pools: BTreeMap<String, PoolSnapshot>,
}

/// What outlives a restart of one pool.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct PoolSnapshot {
    pub(super) keys: KeyRecords,
    pub(super) clients: Vec<ClientRecord>,
    pub(super) state: State,
}

impl Snapshot {
    pub(super) fn new(clock_offset_secs: i64, pools: BTreeMap<String, PoolSnapshot>) -> Snapshot {
        Snapshot { version: VERSION, clock_offset_secs, pools }
    }
}

/// Where snapshots go.
pub(super) struct StateFile {
    path: PathBuf,
    /// Number of the newest snapshot on disk: a slow writer must not overwrite a newer one.
    written: Mutex<u64>,
    /// Held while this process uses the file: another one would overwrite it with a state of its own.
    lock: Mutex<Option<fs::File>>,
}

impl StateFile {
    /// Makes the file's folder, and takes the file for this process until `release` or the process's end.
    ///
    /// # Errors
    /// The folder cannot be made or written to; `WouldBlock` where another process has the file.
    pub(super) fn take(path: PathBuf) -> io::Result<StateFile> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder)?;
        }
        let lock = open_private(&beside(&path, ".lock"))?;
        lock.try_lock().map_err(io::Error::from)?;
        Ok(StateFile { path, written: Mutex::new(0), lock: Mutex::new(Some(lock)) })
    }

    /// Lets another process have the file. Nothing is saved afterwards.
    pub(super) fn release(&self) {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner) = u64::MAX;
        self.lock.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What an earlier run left, or `None` where there is nothing to go on from: no file yet, or a damaged one,
    /// which is renamed to `*.damaged-<now>` (Unix seconds).
    ///
    /// # Errors
    /// The file is there but cannot be read, or cannot be renamed.
    pub(super) fn load(&self, now: u64) -> io::Result<Option<Snapshot>> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        match serde_json::from_slice::<Snapshot>(&text) {
            Ok(snapshot) if snapshot.version == VERSION => Ok(Some(snapshot)),
            Ok(snapshot) => {
                self.set_aside(now, &format!("version {} is not known here", snapshot.version)).map(|()| None)
            }
            // Line and column only: the parser's full message may quote a value.
            Err(error) => {
                self.set_aside(now, &format!("line {} column {}", error.line(), error.column())).map(|()| None)
            }
        }
    }

    /// Keeps a file that cannot be used, out of the way of the next one.
    pub(super) fn set_aside(&self, now: u64, problem: &str) -> io::Result<()> {
        let aside = beside(&self.path, &format!(".damaged-{now}"));
        fs::rename(&self.path, &aside)?;
        tracing::warn!(
            file = %self.path.display(),
            kept_as = %aside.display(),
            problem,
            "Local Cognito's state file is damaged: starting afresh, everybody has to sign in again",
        );
        Ok(())
    }

    /// Writes snapshot `number` unless a newer one is there. Blocks.
    ///
    /// # Errors
    /// Folder or file cannot be written.
    pub(super) fn save(&self, number: u64, snapshot: &Snapshot) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        if number <= *written {
            return Ok(());
        }
        let scratch = beside(&self.path, &format!(".tmp-{}", std::process::id()));
        let mut file = open_private(&scratch)?;
        file.write_all(&serde_json::to_vec(snapshot)?)?;
        file.sync_all()?;
        fs::rename(&scratch, &self.path)?;
        *written = number;
        Ok(())
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The file holds private keys: for its owner's eyes only.
fn open_private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::super::client::Client;
    use super::super::keys::Keys;
    use super::super::random::random_uuid;
    use super::super::settings::ClientSettings;
    use super::super::user::User;
    use super::*;

    fn scratch_file() -> StateFile {
        let folder = std::env::temp_dir().join("local-cognito-tests").join(random_uuid());
        StateFile::take(folder.join("nested/state.json")).unwrap()
    }

    fn snapshot() -> Snapshot {
        let mut state = State::default();
        state.add_user(User::new("demo@example.com", String::new(), 0));
        let keys = Keys::generate().unwrap().records().unwrap();
        let clients = vec![Client::open(ClientSettings::new("app", "http://localhost:3000"), &[]).record()];
        Snapshot::new(7, BTreeMap::from([("pool".to_owned(), PoolSnapshot { keys, clients, state })]))
    }

    #[test]
    fn a_snapshot_comes_back_and_is_private() {
        let file = scratch_file();
        assert!(file.load(0).unwrap().is_none());
        let saved = snapshot();
        file.save(1, &saved).unwrap();
        let loaded = file.load(0).unwrap().unwrap();
        assert_eq!(serde_json::to_value(&loaded).unwrap(), serde_json::to_value(&saved).unwrap());
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(file.path()).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(file.path().parent().unwrap()).unwrap().count(), 2, "no scratch file stays");
    }

    #[test]
    fn an_older_snapshot_never_overwrites_a_newer_one() {
        let file = scratch_file();
        let (newer, mut older) = (snapshot(), snapshot());
        older.pools.clear();
        file.save(2, &newer).unwrap();
        file.save(1, &older).unwrap();
        assert_eq!(file.load(0).unwrap().unwrap().pools.len(), 1);
    }

    #[test]
    fn a_damaged_or_unknown_file_is_set_aside() {
        let mut unknown = snapshot();
        unknown.version = 99;
        for content in [b"{ not json".to_vec(), Vec::new(), serde_json::to_vec(&unknown).unwrap()] {
            let file = scratch_file();
            fs::write(file.path(), &content).unwrap();
            assert!(file.load(1_700_000_000).unwrap().is_none());
            assert!(!file.path().exists());
            let aside = format!("{}.damaged-1700000000", file.path().display());
            assert_eq!(fs::read(aside).unwrap(), content);
        }
    }

    #[test]
    fn an_unreadable_place_is_an_error() {
        let place = std::env::temp_dir().join("local-cognito-tests").join(random_uuid());
        fs::create_dir_all(&place).unwrap();
        assert!(StateFile::take(place).unwrap().load(0).is_err());
    }

    #[test]
    fn a_file_belongs_to_one_at_a_time() {
        let first = scratch_file();
        let path = first.path().to_owned();
        let refused = StateFile::take(path.clone()).err().unwrap();
        assert_eq!(refused.kind(), io::ErrorKind::WouldBlock);
        first.release();
        first.save(9, &snapshot()).unwrap();
        assert!(!path.exists(), "nothing is saved after the release");
        StateFile::take(path).unwrap();
    }
}
