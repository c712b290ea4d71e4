//! A server of somebody else's, started for the tests of this process. It goes away with the process however that ends:
//! it is watched by a shell which reads from a pipe that nobody writes to, and whose other end is closed by the system.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

const START_TIMEOUT: Duration = Duration::from_secs(60);
const LOG_LINES_SHOWN: usize = 40;

/// Ends with the server, or ends the server and removes its folder when the pipe closes.
const WATCH: &str = r#"
exec 3<&0
"$@" < /dev/null 3<&- & server=$!
{ read -r _; rm -rf "$PWD"; kill "$server"; } <&3 3<&- & watcher=$!
exec 3<&-
wait "$server"; kill "$watcher"
"#;

/// A running server on a loopback port of its own choice.
pub(super) struct Server {
    pub(super) url: String,
    pub(super) log: PathBuf,
    /// Kept for its end of the pipe.
    _watch: Child,
}

impl Server {
    /// Starts the program in a folder of its own and waits until it says where it listens.
    pub(super) fn start(name: &str, prepare: impl FnOnce(&Path, &mut Command)) -> Result<Self, String> {
        let folder = env::temp_dir().join(format!("leptos-cognito-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let log = folder.join("log");
        let mut command = Command::new("sh");
        command.args(["-c", WATCH, name]).current_dir(&folder).stdin(Stdio::piped());
        prepare(&folder, &mut command);
        let output = File::create(&log).and_then(|file| Ok((file.try_clone()?, file)));
        let (stdout, stderr) = output.map_err(|error| format!("{}: {error}", log.display()))?;
        let spawned = command.stdout(stdout).stderr(stderr).spawn();
        let mut watch = spawned.map_err(|error| format!("{name} cannot be started: {error}"))?;
        let started_at = Instant::now();
        loop {
            if let Some(url) = listening_at(&fs::read_to_string(&log).unwrap_or_default()) {
                return Ok(Self { url, log, _watch: watch });
            }
            if watch.try_wait().is_ok_and(|status| status.is_some()) || started_at.elapsed() > START_TIMEOUT {
                return Err(format!("{name} is installed and does not start:\n{}", end_of(&log)));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

/// The last lines of a log.
pub(super) fn end_of(log: &Path) -> String {
    let text = String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned();
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
}

/// Both servers choose a free port and then say "running on http://127.0.0.1:…".
fn listening_at(log: &str) -> Option<String> {
    let port = log.to_lowercase().split("running on http://127.0.0.1:").nth(1)?.to_owned();
    let digits: String = port.chars().take_while(char::is_ascii_digit).collect();
    // The line is not all there before something follows the number.
    (digits.len() < port.len()).then(|| format!("http://127.0.0.1:{digits}"))
}
