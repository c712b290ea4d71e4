//! The settings of Local Cognito. Called by `server::config`, which looks them up, and by `alone`.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use crate::{
    auth::{
        CALLBACK,
        server::{AuthConfig, SettingReader},
    },
    local_cognito::{MAX_GRACE_SECS, REFRESH_TOKEN_SECS, Settings, TOKEN_SECS, redirect_url_problem},
    server::config::{Lookup, address},
};

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
pub(crate) fn read(lookup: &Lookup, site_addr: SocketAddr, reader: &mut SettingReader<'_>) -> Option<LocalConfig> {
    // Cookies do not tell ports apart: the app is localhost, Local Cognito 127.0.0.1.
    let app_url = reader.get("APP_URL").unwrap_or_else(|| format!("http://localhost:{}", site_addr.port()));
    let app_url = app_url.trim_end_matches('/').to_owned();
    if let Err(more) = AuthConfig::from_lookup(|name| beside_local_cognito(name, &app_url, lookup)) {
        reader.add_all(more);
    }
    let (settings, dir) = read_alone(LocalOptions::default(), &app_url, reader)?;
    let client = choose_client(&settings, reader.get("LOCAL_COGNITO_CLIENT"), &app_url, reader)?;
    Some(LocalConfig { settings, dir, client, app_url, lookup: lookup.clone() })
}

/// Reads what Local Cognito needs to run alone, or with an app at `app_url`.
pub(super) fn read_alone(
    options: LocalOptions,
    app_url: &str,
    reader: &mut SettingReader<'_>,
) -> Option<(Settings, Option<PathBuf>)> {
    let addr = options.addr.unwrap_or_else(|| address("LOCAL_COGNITO_ADDR", DEFAULT_ADDR, reader));
    if !addr.ip().is_loopback() {
        reader.add(format!(
            "Local Cognito serves only this machine, and {addr} is another address: write 127.0.0.1 or [::1]"
        ));
    }
    let mut path = |asked: Option<PathBuf>, name| asked.or_else(|| reader.get_or_empty(name).map(PathBuf::from));
    let dir = path(options.dir, "LOCAL_COGNITO_DIR").unwrap_or_else(|| PathBuf::from(DEFAULT_DIR));
    let file = path(options.file, "LOCAL_COGNITO_CONFIG");
    let dir = (!dir.as_os_str().is_empty()).then_some(dir);
    let mut settings = read_pools(addr, file, app_url, reader)?;
    settings.state_file = dir.as_ref().map(|dir| dir.join("state.json"));
    Some((settings, dir))
}

fn read_pools(
    addr: SocketAddr,
    file: Option<PathBuf>,
    app_url: &str,
    reader: &mut SettingReader<'_>,
) -> Option<Settings> {
    let file = read_file(file);
    let Some((path, text)) = reader.keep(file)? else {
        if let Some(problem) = redirect_url_problem(&format!("{app_url}/")) {
            reader.add(format!("APP_URL with Local Cognito, as with Cognito: {problem}"));
        }
        return Some(read_shorthands(Settings::new(addr, app_url), reader));
    };
    for name in SHORTHANDS {
        if reader.get(name).is_some() {
            reader.add(format!("{name} is set, and {} too: write it there", path.display()));
        }
    }
    let settings = Settings::from_toml(addr, &text);
    settings.map_err(|wrong| wrong.iter().for_each(|wrong| reader.add(format!("{}, {wrong}", path.display())))).ok()
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

fn read_shorthands(mut settings: Settings, reader: &mut SettingReader<'_>) -> Settings {
    let [access, refresh, grace] = SHORTHANDS;
    let client = settings.client();
    client.access_token_secs = reader.number(access, "seconds", TOKEN_SECS, client.access_token_secs);
    client.id_token_secs = client.access_token_secs;
    client.refresh_token_secs = reader.number(refresh, "seconds", REFRESH_TOKEN_SECS, client.refresh_token_secs);
    client.rotation_grace_secs =
        reader.get(grace).is_some().then(|| reader.number(grace, "seconds", 0..=MAX_GRACE_SECS, 0));
    settings
}

/// The app's client has to be there, and to call the app back.
fn choose_client(
    settings: &Settings,
    asked: Option<String>,
    app_url: &str,
    reader: &mut SettingReader<'_>,
) -> Option<String> {
    let clients = || settings.pools.iter().flat_map(|pool| &pool.clients);
    let client = match &asked {
        None => clients().next(),
        Some(name) => clients().find(|client| client.name == name.trim()),
    };
    if asked.iter().any(|name| clients().filter(|client| client.name == name.trim()).count() > 1) {
        reader.add("LOCAL_COGNITO_CLIENT names clients of several pools: give them different names");
    }
    let Some(client) = client else {
        let names = settings.pools.iter().flat_map(|pool| &pool.clients).map(|client| client.name.as_str());
        let names: Vec<_> = names.collect();
        reader.add(format!("LOCAL_COGNITO_CLIENT is {:?}; there are {}", asked?, names.join(", ")));
        return None;
    };
    let callback = format!("{app_url}{CALLBACK}");
    if !client.callback_urls.contains(&callback) {
        reader.add(format!(
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
        let mut reader = SettingReader::new(&*lookup);
        let config = read(&lookup, ([127, 0, 0, 1], 3000).into(), &mut reader);
        fs::remove_file(path).unwrap();
        let problems = reader.into_problems().finish(Some(())).err();
        (config, problems.map(|problems| problems.to_string()).unwrap_or_default())
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
