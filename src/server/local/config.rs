//! The settings of Local Cognito, as the app that starts it has them. Called by `server::config`, which looks them up.

use std::net::SocketAddr;

use local_cognito::{Options, Settings};

use leptos_cognito::{
    CALLBACK,
    server::{AuthConfig, SettingReader},
};

use crate::server::config::Lookup;

/// How Local Cognito starts.
pub struct LocalConfig {
    /// `LOCAL_COGNITO_ADDR`, `LOCAL_COGNITO_DIR`, and what is in the settings file or stands for it.
    pub settings: Settings,
    /// `LOCAL_COGNITO_CLIENT`: the app's client, by name; the first one where it is not set.
    pub client: String,
    /// `APP_URL`, or the address the server listens on.
    pub app_url: String,
    /// The other settings, for the part that Local Cognito does not decide.
    pub(super) lookup: Lookup,
}

/// Reads what the app needs, and notes every problem, also of what Local Cognito does not decide.
pub(crate) fn read(lookup: &Lookup, site_addr: SocketAddr, reader: &mut SettingReader<'_>) -> Option<LocalConfig> {
    // Cookies do not tell ports apart: the app is localhost, Local Cognito 127.0.0.1.
    let app_url = reader.get("APP_URL").unwrap_or_else(|| format!("http://localhost:{}", site_addr.port()));
    let app_url = app_url.trim_end_matches('/').to_owned();
    if let Err(more) = AuthConfig::from_lookup(|name| beside_local_cognito(name, &app_url, lookup)) {
        reader.add_all(more);
    }
    let settings = read_settings(&app_url, reader)?;
    let client = choose_client(&settings, reader.get("LOCAL_COGNITO_CLIENT"), &app_url, reader)?;
    Some(LocalConfig { settings, client, app_url, lookup: lookup.clone() })
}

/// What Local Cognito itself has to know. Two of its settings may be set and empty.
fn read_settings(app_url: &str, reader: &mut SettingReader<'_>) -> Option<Settings> {
    let find = |name: &str| match name {
        "LOCAL_COGNITO_DIR" | "LOCAL_COGNITO_CONFIG" => reader.get_or_empty(name),
        _ => reader.get(name),
    };
    let settings = Settings::from_lookup(Options::default(), app_url, find);
    settings.map_err(|problems| problems.into_iter().for_each(|problem| reader.add(problem))).ok()
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
    use std::{collections::HashMap, fs, sync::Arc};

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

    const EXAMPLE: &str = include_str!("../../../crates/local-cognito/local-cognito.example.toml");

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
