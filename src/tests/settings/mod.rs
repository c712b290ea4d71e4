//! Settings as the program takes them: from the environment, from `.env` and from files of secrets. The program is run in a
//! folder of its own, and each mistake is told at start with what to write.

mod env_file;
mod names;
mod secret_files;
mod values;

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// As `openssl rand -base64 32` makes it.
pub(crate) const SECRET: &str = "q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rSNq0mXvYt6Ro=";

/// A folder that the program is started in, and the port that it finds taken: a program that gets past its settings says so
/// and ends.
struct Folder {
    path: PathBuf,
    taken: TcpListener,
}

impl Folder {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("leptos-cognito-settings-{}", fastrand::u64(..)));
        fs::create_dir(&path).unwrap();
        Self { path, taken: TcpListener::bind("127.0.0.1:0").unwrap() }
    }

    /// With this `.env` in it.
    fn with_env_file(content: impl AsRef<[u8]>) -> Self {
        let folder = Self::new();
        folder.write(".env", content);
        folder
    }

    fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path.join(name);
        fs::write(&path, content).unwrap();
        path
    }

    /// What the program says that has nothing but these settings in its environment, and no user pool.
    fn run_bare(&self, settings: &[(&str, &str)]) -> String {
        self.run_in(&self.path, settings)
    }

    fn run_in(&self, folder: &Path, settings: &[(&str, &str)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leptos-cognito-app"));
        let addr = self.taken.local_addr().unwrap().to_string();
        command.arg("serve").current_dir(folder).env_clear().env("LEPTOS_SITE_ADDR", addr);
        let Output { status, stderr, .. } = command.envs(settings.iter().copied()).output().unwrap();
        assert!(!status.success());
        String::from_utf8(stderr).unwrap()
    }

    /// The same with a complete configuration, in which these settings take the place of its own.
    fn run(&self, settings: &[(&str, &str)]) -> String {
        let complete = [
            ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC"),
            ("COGNITO_CLIENT_ID", "abc"),
            ("APP_URL", "https://app.example.com"),
            ("SESSION_SECRETS", SECRET),
        ];
        self.run_bare(&[&complete[..], settings].concat())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// What the program says to these settings, in an empty folder.
fn run(settings: &[(&str, &str)]) -> String {
    Folder::new().run(settings)
}

/// Nothing is wrong with the settings.
fn is_taken(said: &str) -> bool {
    said.contains("cannot listen on") && !said.contains("problem")
}
