//! A client's entry in the settings file. Called by `file` for each.

use super::super::super::constraints::redirect_url_problem;
use super::super::{ClientSettings, SecretSetting};
use super::note_all;
use super::reader::{Entry, Reader};

pub(super) fn read_client(entry: &Entry<'_>, reader: &mut Reader<'_>) -> ClientSettings {
    const KEYS: [&str; 14] = [
        "name",
        "id",
        "secret",
        "app_url",
        "callback_urls",
        "logout_urls",
        "scopes",
        "user_password_auth",
        "refresh_token_auth",
        "token_revocation",
        "access_token_secs",
        "id_token_secs",
        "refresh_token_secs",
        "rotation_grace_secs",
    ];
    let app_url = entry.text("app_url", reader).filter(|url| {
        let is_address = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        let problem = match redirect_url_problem(url) {
            _ if !is_address => "app_url must be the app's address, such as http://localhost:3000".to_owned(),
            Some(problem) => problem,
            None => return true,
        };
        entry.note("app_url", &problem, reader);
        false
    });
    let name = entry.required_text("name", reader);
    let mut client = ClientSettings::new(&name, app_url.as_deref().unwrap_or_default());
    if app_url.is_none() {
        client.callback_urls.clear();
        client.logout_urls.clear();
    }
    client.id = entry.text("id", reader);
    client.secret = read_secret(entry, reader);
    client.callback_urls.extend(entry.texts("callback_urls", reader).unwrap_or_default());
    client.logout_urls.extend(entry.texts("logout_urls", reader).unwrap_or_default());
    client.scopes = entry.texts("scopes", reader).unwrap_or(client.scopes);
    let mut flag = |key, default| entry.flag(key, reader).unwrap_or(default);
    client.user_password_auth = flag("user_password_auth", client.user_password_auth);
    client.refresh_token_auth = flag("refresh_token_auth", client.refresh_token_auth);
    client.token_revocation = flag("token_revocation", client.token_revocation);
    let mut number = |key, default| entry.number(key, reader).unwrap_or(default);
    client.access_token_secs = number("access_token_secs", client.access_token_secs);
    client.id_token_secs = number("id_token_secs", client.id_token_secs);
    client.refresh_token_secs = number("refresh_token_secs", client.refresh_token_secs);
    client.rotation_grace_secs = entry.number("rotation_grace_secs", reader);
    entry.refuse_other_keys(&KEYS, reader);
    if client.callback_urls.is_empty() && !entry.has("app_url") {
        entry.note("callback_urls", "the client has neither app_url nor callback_urls", reader);
    }
    note_all(entry, client.find_problems(), reader);
    client
}

/// `true` (made up), `false` (a public client) or the secret itself; `true` where nothing is said.
fn read_secret(entry: &Entry<'_>, reader: &mut Reader<'_>) -> SecretSetting {
    match entry.flag_or_text("secret", reader) {
        Some(Ok(false)) => SecretSetting::None,
        Some(Err(secret)) => SecretSetting::Given(secret),
        Some(Ok(true)) | None => SecretSetting::Generated,
    }
}
