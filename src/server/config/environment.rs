//! The only reader of the environment, of `.env`, and of the files that secrets are in. The environment wins; a value that
//! is empty counts as not set.

use std::{
    collections::HashMap,
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    env_file::EnvFile,
    log_filter,
    names::{ENV_FILE, SECRET_FILES, judge, known},
};
use leptos_cognito::server::ConfigProblems;

/// Finds a setting by its name.
pub(crate) type Lookup = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

const USUAL_FILE: &str = ".env";
const SECRET_FILE_MAX_BYTES: u64 = 64 * 1024;
/// Stands for a secret that could not be read: that has been told, and it need not be told as missing besides.
const UNREAD: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL";

/// Everything that can be looked up, and what is wrong with how it is written.
pub(crate) struct Environment {
    pub(crate) lookup: Lookup,
    pub(crate) problems: ConfigProblems,
    /// There is a `.env`, and it was not read.
    pub(super) is_file_left_out: bool,
}

impl Environment {
    /// Reads the process's own.
    pub(crate) fn read() -> Self {
        let mut sources = Sources::default();
        sources.take_variables(env::vars_os());
        let is_file_left_out = sources.read_file();
        sources.judge_names();
        sources.read_secrets();
        let Sources { variables, file, secrets, mut problems, .. } = sources;
        let find =
            move |name: &str| secrets.get(name).or_else(|| variables.get(name)).or_else(|| file.get(name)).cloned();
        if let Err(problem) = log_filter(find("RUST_LOG").as_deref()) {
            problems.add(problem);
        }
        Self { lookup: Arc::new(find), problems, is_file_left_out }
    }
}

#[derive(Default)]
struct Sources {
    variables: HashMap<String, String>,
    file: HashMap<String, String>,
    /// Names in the file, with their lines.
    places: Vec<(String, String)>,
    secrets: HashMap<String, String>,
    problems: ConfigProblems,
}

impl Sources {
    fn take_variables(&mut self, variables: impl Iterator<Item = (OsString, OsString)>) {
        for (name, value) in variables {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(self.variables.insert(name, value)),
                Err(_) if known().any(|known| known == name) => {
                    self.problems.add(format!("{name} is not UTF-8"));
                }
                Err(_) => {}
            }
        }
    }

    /// `None` for what is empty, too.
    fn find(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name).or_else(|| self.file.get(name));
        value.map(String::as_str).filter(|value| !value.trim().is_empty())
    }

    /// Reads the file that is named, or `.env` in the working folder, save in production. Says whether it left one out.
    fn read_file(&mut self) -> bool {
        let named = self.find(ENV_FILE).map(PathBuf::from);
        let path = named.as_deref().unwrap_or(Path::new(USUAL_FILE));
        if named.is_none() && self.is_production() {
            return path.is_file();
        }
        let mut content = Vec::new();
        match File::open(path).and_then(|mut file| file.read_to_end(&mut content)) {
            Ok(_) => self.take_file(path, &content),
            Err(error) => match named.as_deref() {
                Some(path) => {
                    self.problems.add(format!("the file {path:?} that {ENV_FILE} names cannot be read: {error}"));
                }
                // A folder of that name is a virtual environment of Python's.
                None if error.kind() == io::ErrorKind::NotFound || path.is_dir() => {}
                None => self.problems.add(format!("{USUAL_FILE} cannot be read: {error}")),
            },
        }
        false
    }

    /// By the environment alone: whether the file is read cannot depend on what is in it.
    fn is_production(&self) -> bool {
        let env = self.find("LEPTOS_ENV").unwrap_or_default();
        !matches!(env.trim().to_ascii_lowercase().as_str(), "" | "dev" | "development")
    }

    fn take_file(&mut self, path: &Path, content: &[u8]) {
        let EnvFile { lines, problems } = EnvFile::parse(content);
        let place = |number: usize| format!("{}, line {number}", path.display());
        for (number, problem) in problems {
            let place = if number == 0 { path.display().to_string() } else { place(number) + ":" };
            self.problems.add(format!("{place} {problem}"));
        }
        for line in lines {
            if line.name == ENV_FILE {
                let place = place(line.number);
                self.problems.add(format!("{place}: {ENV_FILE} is read from the environment only; take it out here"));
                continue;
            }
            self.places.push((line.name.clone(), place(line.number)));
            self.file.insert(line.name, line.value);
        }
    }

    fn judge_names(&mut self) {
        let mut told = Vec::new();
        let is_set = |name: &str| self.find(name).is_some();
        for (name, value) in &self.variables {
            told.extend(judge(name, value, is_set));
        }
        told.sort_unstable();
        for (name, place) in &self.places {
            let value = self.file.get(name).map(String::as_str).unwrap_or_default();
            told.extend(judge(name, value, is_set).map(|problem| format!("{place}: {problem}")));
        }
        told.into_iter().for_each(|problem| self.problems.add(problem));
    }

    fn read_secrets(&mut self) {
        for (name, of_file) in SECRET_FILES {
            let Some(path) = self.find(of_file).map(PathBuf::from) else { continue };
            if self.find(name).is_some() {
                self.problems.add(format!("{name} and {of_file} are both set; keep one"));
                continue;
            }
            let secret = read_secret(&path).unwrap_or_else(|problem| {
                self.problems.add(format!("{of_file}: the file {path:?} {problem}"));
                UNREAD.to_owned()
            });
            self.secrets.insert(name.to_owned(), secret);
        }
    }
}

/// The file's content without the newline that editors and `echo` put at its end.
fn read_secret(path: &Path) -> Result<String, String> {
    let mut content = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SECRET_FILE_MAX_BYTES + 1).read_to_end(&mut content));
    let bytes = read.map_err(|error| format!("cannot be read: {error}"))?;
    if bytes as u64 > SECRET_FILE_MAX_BYTES {
        return Err(format!("is larger than {SECRET_FILE_MAX_BYTES} bytes"));
    }
    let text = String::from_utf8(content).map_err(|_| "is not UTF-8".to_owned())?;
    let secret = text.strip_suffix('\n').map_or(text.as_str(), |line| line.strip_suffix('\r').unwrap_or(line));
    if secret.trim().is_empty() { Err("is empty".to_owned()) } else { Ok(secret.to_owned()) }
}
