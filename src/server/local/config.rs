//! The settings of Local Cognito. Called by `server::config`, which looks them up, and by `alone`.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use crate::{
    auth::{
        CALLBACK,
        server::{AuthConfig, ConfigProblems},
    },
    local_cognito::Settings,
    server::{
        config::{Lookup, address},
        number::number,
    },
};

const DAY_SECS: u64 = 24 * 60 * 60;
const DEFAULT_ADDR: &str = "127.0.0.1:9400";
const DEFAULT_DIR: &str = ".local-cognito";
const DEFAULT_FILE: &str = "local-cognito.toml";
/// What only holds where there is no settings file.
const SHORTHANDS: [&str; 3] =
    ["LOCAL_COGNITO_ACCESS_TOKEN_SECS", "LOCAL_COGNITO_REFRESH_TOKEN_SECS", "LOCAL_COGNITO_ROTATION_GRACE_SECS"];

/// How Local Cognito starts.
pub struct LocalConfig {
    /// `LOCAL_COGNITO_ADDR`, and what is in the settings file or stands for it.
    pub settings: Settings,
    /// `LOCAL_COGNITO_DIR`: where its state and the session secret are kept; none where it is set and empty.
    pub dir: Option<PathBuf>,
    /// `LOCAL_COGNITO_CLIENT`: the app's client, by name; the first one where it is not set.
    pub client: String,
    /// `APP_URL`, or the address the server listens on.
    pub app_url: String,
    /// The other settings, for the part that Local Cognito does not decide.
    pub(super) lookup: Lookup,
}

/// What the command line of `leptos-cognito local-cognito` says, over what the environment does.
#[derive(Default)]
pub struct LocalOptions {
    /// Where to listen.
    pub addr: Option<SocketAddr>,
    /// The settings file.
    pub file: Option<PathBuf>,
    /// Where the state is kept; empty: in memory alone.
    pub dir: Option<PathBuf>,
}

/// Reads what the app needs, and notes every problem, also of what Local Cognito does not decide.
pub(crate) fn read(lookup: &Lookup, site_addr: SocketAddr, problems: &mut ConfigProblems) -> Option<LocalConfig> {
    let get = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    // Cookies do not tell ports apart: the app is localhost, Local Cognito 127.0.0.1.
    let app_url = get("APP_URL").unwrap_or_else(|| format!("http://localhost:{}", site_addr.port()));
    let app_url = app_url.trim_end_matches('/').to_owned();
    if let Err(more) = AuthConfig::from_lookup(|name| beside_local_cognito(name, &app_url, lookup)) {
        *problems = std::mem::take(problems).and(more);
    }
    let (settings, dir) = read_alone(lookup, LocalOptions::default(), &app_url, problems)?;
    let client = choose_client(&settings, get("LOCAL_COGNITO_CLIENT"), &app_url, problems)?;
    Some(LocalConfig { settings, dir, client, app_url, lookup: lookup.clone() })
}

/// Reads what Local Cognito needs to run alone, or with an app at `app_url`.
pub(super) fn read_alone(
    lookup: &Lookup,
    options: LocalOptions,
    app_url: &str,
    problems: &mut ConfigProblems,
) -> Option<(Settings, Option<PathBuf>)> {
    let get = |name: &str| lookup(name).filter(|value| !value.trim().is_empty());
    let addr = options.addr.unwrap_or_else(|| address(&get, "LOCAL_COGNITO_ADDR", DEFAULT_ADDR, problems));
    if !addr.ip().is_loopback() {
        problems.add(format!(
            "Local Cognito serves only this machine, and {addr} is another address: write 127.0.0.1 or [::1]"
        ));
    }
    let dir =
        options.dir.unwrap_or_else(|| lookup("LOCAL_COGNITO_DIR").unwrap_or_else(|| DEFAULT_DIR.to_owned()).into());
    let dir = (!dir.as_os_str().is_empty()).then_some(dir);
    let mut settings = match read_file(options.file.or_else(|| lookup("LOCAL_COGNITO_CONFIG").map(PathBuf::from))) {
        Ok(Some((path, text))) => {
            for name in SHORTHANDS.into_iter().filter(|name| get(name).is_some()) {
                problems.add(format!("{name} is set, and {} too: write it there", path.display()));
            }
            Settings::from_toml(addr, &text)
                .map_err(|wrong| wrong.iter().for_each(|wrong| problems.add(format!("{}, {wrong}", path.display()))))
                .ok()?
        }
        Ok(None) => read_shorthands(&get, Settings::new(addr, app_url), problems),
        Err(problem) => {
            problems.add(problem);
            return None;
        }
    };
    settings.state_file = dir.as_ref().map(|dir| dir.join("state.json"));
    Some((settings, dir))
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

fn read_shorthands(
    get: &impl Fn(&str) -> Option<String>,
    mut settings: Settings,
    problems: &mut ConfigProblems,
) -> Settings {
    let [access, refresh, _] = SHORTHANDS;
    let client = settings.client();
    client.access_token_secs = number(get, access, client.access_token_secs, 1..=DAY_SECS, problems);
    client.id_token_secs = client.access_token_secs;
    client.refresh_token_secs = number(get, refresh, client.refresh_token_secs, 1..=3650 * DAY_SECS, problems);
    client.rotation_grace_secs = get("LOCAL_COGNITO_ROTATION_GRACE_SECS").and_then(|text| {
        let grace = text.trim().parse().ok().filter(|grace| *grace <= 60);
        if grace.is_none() {
            problems
                .add(format!("LOCAL_COGNITO_ROTATION_GRACE_SECS is {text:?}; write a number from 0 to 60, or nothing"));
        }
        grace
    });
    settings
}

/// The app's client has to be there, and to call the app back.
fn choose_client(
    settings: &Settings,
    asked: Option<String>,
    app_url: &str,
    problems: &mut ConfigProblems,
) -> Option<String> {
    let clients = || settings.pools.iter().flat_map(|pool| &pool.clients);
    let client = match &asked {
        None => clients().next(),
        Some(name) => clients().find(|client| client.name == name.trim()),
    };
    if asked.iter().any(|name| clients().filter(|client| client.name == name.trim()).count() > 1) {
        problems.add("LOCAL_COGNITO_CLIENT names clients of several pools: give them different names");
    }
    let Some(client) = client else {
        let names = settings.pools.iter().flat_map(|pool| &pool.clients).map(|client| client.name.as_str());
        let names: Vec<_> = names.collect();
        problems.add(format!("LOCAL_COGNITO_CLIENT is {:?}; there are {}", asked?, names.join(", ")));
        return None;
    };
    let callback = format!("{app_url}{CALLBACK}");
    if !client.callback_urls.contains(&callback) {
        problems.add(format!(
            "Local Cognito's client {:?} does not call this app back: give it app_url = {app_url:?}, or callback_urls with \
             {callback:?}, or set APP_URL or LOCAL_COGNITO_CLIENT",
            client.name
        ));
    }
    Some(client.name.clone())
}

/// The settings, with a pool in its place that only has the right form: what Local Cognito does not decide is checked
/// before it starts, so that every problem is told at once.
fn beside_local_cognito(name: &str, app_url: &str, lookup: &Lookup) -> Option<String> {
    let given = lookup(name).filter(|value| !value.trim().is_empty());
    match name {
        "COGNITO_ISSUER" => Some("http://127.0.0.1/us-east-1_Local".to_owned()),
        "COGNITO_CLIENT_ID" => Some("local".to_owned()),
        "APP_URL" => Some(app_url.to_owned()),
        "SESSION_SECRETS" => given.or_else(|| Some("made-when-it-starts-0123456789-abcdefghijklmnop".to_owned())),
        _ => given,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, sync::Arc};

    use super::*;

    /// A settings file of its own, and what is made of it and of these settings.
    fn read_with(file: &str, settings: &[(&'static str, &str)]) -> (Option<LocalConfig>, String) {
        let path = std::env::temp_dir().join(format!("local-cognito-config-{}.toml", fastrand::u64(..)));
        fs::write(&path, file).unwrap();
        let named = [("LOCAL_COGNITO_CONFIG", path.to_str().unwrap())];
        let settings = named.iter().chain(settings).map(|(name, value)| (*name, (*value).to_owned()));
        let settings: HashMap<&str, String> = settings.collect();
        let lookup: Lookup = {
            let settings: HashMap<String, String> =
                settings.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
            Arc::new(move |name| settings.get(name).cloned())
        };
        let mut problems = ConfigProblems::default();
        let config = read(&lookup, ([127, 0, 0, 1], 3000).into(), &mut problems);
        fs::remove_file(path).unwrap();
        (config, problems.finish(Some(())).err().map(|problems| problems.to_string()).unwrap_or_default())
    }

    const EXAMPLE: &str = include_str!("../../../local-cognito.example.toml");

    #[test]
    fn the_example_serves_the_app_as_it_is() {
        let (config, problems) = read_with(EXAMPLE, &[]);
        let config = config.unwrap();
        assert_eq!((config.client.as_str(), config.settings.pools[0].clients.len(), problems.as_str()), ("web", 3, ""));
        let (config, problems) =
            read_with(EXAMPLE, &[("LOCAL_COGNITO_CLIENT", "rotating"), ("APP_URL", "http://localhost:3002/")]);
        assert_eq!((config.unwrap().client.as_str(), problems.as_str()), ("rotating", ""));
    }

    #[test]
    fn what_the_app_cannot_work_with_is_told_at_start() {
        for (file, settings, told) in [
            (EXAMPLE, &[("LOCAL_COGNITO_CLIENT", "desktop")][..], "does not call this app back"),
            (EXAMPLE, &[("LOCAL_COGNITO_CLIENT", "nobody")], "there are web, desktop, rotating"),
            (EXAMPLE, &[("LOCAL_COGNITO_ROTATION_GRACE_SECS", "5")], "write it there"),
            (EXAMPLE, &[("LOCAL_COGNITO_ADDR", "0.0.0.0:9400")], "only this machine"),
            ("[[pools]]", &[], ".toml, line 1: id is missing"),
        ] {
            let (_, problems) = read_with(file, settings);
            assert!(problems.contains(told), "{told} is not in {problems:?}");
        }
    }
}
