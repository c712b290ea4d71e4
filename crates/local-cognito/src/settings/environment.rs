//! Settings by name, as environment variables have them: `LOCAL_COGNITO_…`. For the program, and for an app that starts
//! Local Cognito in its own process.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::Settings;
use crate::constraints::{REFRESH_TOKEN_SECS, TOKEN_SECS, redirect_url_problem};
use crate::rotation::MAX_GRACE_SECS;

const DEFAULT_ADDR: &str = "127.0.0.1:9400";
const DEFAULT_DIR: &str = ".local-cognito";
const DEFAULT_FILE: &str = "local-cognito.toml";
/// What only holds where there is no settings file.
const SHORTHANDS: [&str; 3] =
    ["LOCAL_COGNITO_ACCESS_TOKEN_SECS", "LOCAL_COGNITO_REFRESH_TOKEN_SECS", "LOCAL_COGNITO_ROTATION_GRACE_SECS"];

/// What a command line says, over what the environment does.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Where to listen.
    pub addr: Option<SocketAddr>,
    /// The settings file.
    pub file: Option<PathBuf>,
    /// Where the state is kept; empty: in memory only.
    pub dir: Option<PathBuf>,
}

impl Settings {
    /// Settings for an app at `app_url`, by these options and otherwise by what `lookup` finds: `LOCAL_COGNITO_ADDR`,
    /// `LOCAL_COGNITO_DIR` and `LOCAL_COGNITO_CONFIG` (both may be set and empty: none), and, without a settings file, the
    /// lifetimes of tokens. Reads the settings file.
    ///
    /// # Errors
    /// Every problem, each with what to write.
    pub fn from_lookup(
        options: Options,
        app_url: &str,
        lookup: impl FnMut(&str) -> Option<String>,
    ) -> Result<Settings, Vec<String>> {
        let mut reader = Reader { lookup, problems: Vec::new() };
        let settings = read(options, app_url, &mut reader);
        settings.filter(|_| reader.problems.is_empty()).ok_or(reader.problems)
    }
}

struct Reader<L> {
    lookup: L,
    problems: Vec<String>,
}

impl<L: FnMut(&str) -> Option<String>> Reader<L> {
    fn get(&mut self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|value| !value.trim().is_empty())
    }

    fn number(&mut self, name: &str, what: &str, range: RangeInclusive<u64>, default: u64) -> u64 {
        let Some(text) = self.get(name) else { return default };
        text.parse().ok().filter(|number| range.contains(number)).unwrap_or_else(|| {
            self.problems.push(format!("{name} is {text:?}; write {what} from {} to {}", range.start(), range.end()));
            default
        })
    }
}

fn read<L>(options: Options, app_url: &str, reader: &mut Reader<L>) -> Option<Settings>
where
    L: FnMut(&str) -> Option<String>,
{
    let addr = options.addr.unwrap_or_else(|| read_addr(reader));
    if !addr.ip().is_loopback() {
        reader.problems.push(format!(
            "Local Cognito serves only this machine, and {addr} is another address: write 127.0.0.1 or [::1]"
        ));
    }
    let dir = options.dir.or_else(|| (reader.lookup)("LOCAL_COGNITO_DIR").map(PathBuf::from));
    let dir = dir.unwrap_or_else(|| PathBuf::from(DEFAULT_DIR));
    let file = options.file.or_else(|| (reader.lookup)("LOCAL_COGNITO_CONFIG").map(PathBuf::from));
    let mut settings = read_pools(addr, file, app_url, reader)?;
    settings.state_file = (!dir.as_os_str().is_empty()).then(|| dir.join("state.json"));
    Some(settings)
}

fn read_addr<L: FnMut(&str) -> Option<String>>(reader: &mut Reader<L>) -> SocketAddr {
    let text = reader.get("LOCAL_COGNITO_ADDR").unwrap_or_else(|| DEFAULT_ADDR.to_owned());
    text.parse().unwrap_or_else(|_| {
        reader
            .problems
            .push(format!("LOCAL_COGNITO_ADDR is {text:?}; write an address and a port, e.g. {DEFAULT_ADDR}"));
        SocketAddr::from(([127, 0, 0, 1], 1))
    })
}

fn read_pools<L>(addr: SocketAddr, file: Option<PathBuf>, app_url: &str, reader: &mut Reader<L>) -> Option<Settings>
where
    L: FnMut(&str) -> Option<String>,
{
    let found = match read_file(file) {
        Ok(found) => found,
        Err(problem) => {
            reader.problems.push(problem);
            return None;
        }
    };
    let Some((path, text)) = found else {
        if let Some(problem) = redirect_url_problem(&format!("{app_url}/")) {
            reader.problems.push(format!("APP_URL with Local Cognito, as with Cognito: {problem}"));
        }
        return Some(read_shorthands(Settings::new(addr, app_url), reader));
    };
    for name in SHORTHANDS {
        if reader.get(name).is_some() {
            reader.problems.push(format!("{name} is set, and {} too: write it there", path.display()));
        }
    }
    let settings = Settings::from_toml(addr, &text);
    let note = |wrong: Vec<String>| {
        reader.problems.extend(wrong.iter().map(|wrong| format!("{}, {wrong}", path.display())));
    };
    settings.map_err(note).ok()
}

/// The settings file and its text. The usual one need not be there, another one has to; the empty name stands for none.
fn read_file(asked: Option<PathBuf>) -> Result<Option<(PathBuf, String)>, String> {
    let usual = Path::new(DEFAULT_FILE);
    let path = asked.unwrap_or_else(|| usual.to_owned());
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && path == usual => Ok(None),
        Err(error) => Err(format!("Local Cognito's settings file {} cannot be read: {error}", path.display())),
    }
}

fn read_shorthands<L: FnMut(&str) -> Option<String>>(mut settings: Settings, reader: &mut Reader<L>) -> Settings {
    let [access, refresh, grace] = SHORTHANDS;
    let client = settings.client();
    client.access_token_secs = reader.number(access, "seconds", TOKEN_SECS, client.access_token_secs);
    client.id_token_secs = client.access_token_secs;
    client.refresh_token_secs = reader.number(refresh, "seconds", REFRESH_TOKEN_SECS, client.refresh_token_secs);
    client.rotation_grace_secs =
        reader.get(grace).is_some().then(|| reader.number(grace, "seconds", 0..=MAX_GRACE_SECS, 0));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(options: Options, settings: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
        // A developer's own settings file does not reach the tests.
        let all = [("LOCAL_COGNITO_CONFIG", "")].iter().chain(settings).copied().collect::<Vec<_>>();
        let find = |name: &str| all.iter().rev().find(|(own, _)| *own == name).map(|(_, value)| (*value).to_owned());
        Settings::from_lookup(options, "http://localhost:3000", find)
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let problems = read_with(
            Options::default(),
            &[
                ("LOCAL_COGNITO_ADDR", "localhost:9400"),
                ("LOCAL_COGNITO_ACCESS_TOKEN_SECS", "an hour"),
                ("LOCAL_COGNITO_ROTATION_GRACE_SECS", "61"),
            ],
        );
        let problems = problems.unwrap_err();
        assert_eq!(problems.len(), 3, "{problems:?}");
        let other = read_with(Options::default(), &[("LOCAL_COGNITO_ADDR", "0.0.0.0:9400")]).unwrap_err();
        assert!(other[0].contains("only this machine"), "{other:?}");
        let missing = Options { file: Some("no/such/file.toml".into()), ..Options::default() };
        assert!(read_with(missing, &[]).unwrap_err()[0].contains("cannot be read"));
    }

    #[test]
    fn options_come_before_the_environment_and_what_is_empty_means_none() {
        let environment = [("LOCAL_COGNITO_ADDR", "127.0.0.1:1"), ("LOCAL_COGNITO_DIR", "elsewhere")];
        let settings = read_with(Options::default(), &environment).unwrap();
        assert_eq!(settings.addr.port(), 1);
        assert_eq!(settings.state_file, Some(PathBuf::from("elsewhere/state.json")));
        let addr = Some("127.0.0.1:2".parse().unwrap());
        let settings = read_with(Options { addr, file: None, dir: Some(PathBuf::new()) }, &environment).unwrap();
        assert_eq!((settings.addr.port(), settings.state_file), (2, None));
        let usual = read_with(Options::default(), &[("LOCAL_COGNITO_ADDR", " ")]).unwrap();
        assert_eq!(usual.addr.to_string(), DEFAULT_ADDR);
        assert_eq!(usual.state_file, Some(PathBuf::from(".local-cognito/state.json")));
    }
}
