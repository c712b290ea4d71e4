//! An app client as it is set up: in Rust, by the settings file, by `UpdateUserPoolClient`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::constraints::{
    CLIENT_ID, CLIENT_NAME, CLIENT_SECRET, MAX_SCOPES, MAX_URLS, REFRESH_TOKEN_SECS, SCOPES, TOKEN_SECS,
    redirect_url_problem,
};
use super::{MAX_GRACE_SECS, Problem, check_count, check_span};

const HOUR_SECS: u64 = 60 * 60;
const DAY_SECS: u64 = 24 * HOUR_SECS;

/// Whether a client has a secret, and which.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretSetting {
    /// A public client.
    None,
    /// A confidential client; the secret is made up at the first start and kept in the state file.
    Generated,
    /// A confidential client with this secret.
    Given(String),
}

impl fmt::Debug for SecretSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SecretSetting::None => "None",
            SecretSetting::Generated => "Generated",
            SecretSetting::Given(_) => "Given([redacted])",
        })
    }
}

/// An app client. Lifetimes are in seconds; at AWS they are 5 minutes to 1 day, of refresh tokens 1 hour to 10 years,
/// and here anything from 1 second is taken, so that an app can be watched refreshing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientSettings {
    /// Tells the clients of a pool apart for people (`ClientName`).
    pub name: String,
    /// The client id; `None`: 26 letters and digits, made up at the first start and kept in the state file.
    pub id: Option<String>,
    /// Public or confidential.
    pub secret: SecretSetting,
    /// Where an authorization code may be sent, compared byte by byte (`CallbackURLs`).
    pub callback_urls: Vec<String>,
    /// Where `/logout` may send the browser, compared byte by byte (`LogoutURLs`).
    pub logout_urls: Vec<String>,
    /// What may be asked for at `/oauth2/authorize` (`AllowedOAuthScopes`).
    pub scopes: Vec<String>,
    /// Whether InitiateAuth takes `USER_PASSWORD_AUTH` (`ALLOW_USER_PASSWORD_AUTH`).
    pub user_password_auth: bool,
    /// Whether InitiateAuth takes `REFRESH_TOKEN_AUTH` (`ALLOW_REFRESH_TOKEN_AUTH`). Of no effect with rotation.
    pub refresh_token_auth: bool,
    /// Whether tokens can be revoked (`EnableTokenRevocation`).
    pub token_revocation: bool,
    /// Life of access tokens, in seconds.
    pub access_token_secs: u64,
    /// Life of ID tokens, in seconds.
    pub id_token_secs: u64,
    /// Life of refresh tokens, in seconds.
    pub refresh_token_secs: u64,
    /// Refresh token rotation: its grace period in seconds, at most 60, or `None` for no rotation.
    pub rotation_grace_secs: Option<u64>,
}

impl ClientSettings {
    /// A confidential client for an app at `app_url` (such as `http://localhost:3000`, with or without a final slash),
    /// called back where this project's `auth` folder listens.
    #[must_use]
    pub fn new(name: &str, app_url: &str) -> ClientSettings {
        let app_url = app_url.trim_end_matches('/');
        ClientSettings {
            name: name.to_owned(),
            id: None,
            secret: SecretSetting::Generated,
            callback_urls: vec![format!("{app_url}/api/auth/callback/cognito")],
            logout_urls: vec![format!("{app_url}/"), app_url.to_owned()],
            scopes: SCOPES.map(str::to_owned).to_vec(),
            user_password_auth: false,
            refresh_token_auth: true,
            token_revocation: true,
            access_token_secs: HOUR_SECS,
            id_token_secs: HOUR_SECS,
            refresh_token_secs: 30 * DAY_SECS,
            rotation_grace_secs: None,
        }
    }

    /// What Cognito would not take, in words for the person who wrote it.
    pub(super) fn find_problems(&self) -> Vec<Problem> {
        let secret = match &self.secret {
            SecretSetting::Given(secret) if secret.is_empty() => {
                Some(Problem::new("secret", "the secret is empty; write false for a public client"))
            }
            SecretSetting::Given(secret) => {
                CLIENT_SECRET.problem(secret).map(|problem| Problem::told("secret", &problem))
            }
            SecretSetting::None | SecretSetting::Generated => None,
        };
        let name = CLIENT_NAME.problem(&self.name).map(|problem| Problem::told("name", &problem));
        let id = self.id.as_deref().and_then(|id| CLIENT_ID.problem(id)).map(|problem| Problem::told("id", &problem));
        let spans = [
            check_span("access_token_secs", self.access_token_secs, TOKEN_SECS),
            check_span("id_token_secs", self.id_token_secs, TOKEN_SECS),
            check_span("refresh_token_secs", self.refresh_token_secs, REFRESH_TOKEN_SECS),
            self.rotation_grace_secs.and_then(|secs| check_span("rotation_grace_secs", secs, 0..=MAX_GRACE_SECS)),
        ];
        let of_urls = [("callback_urls", &self.callback_urls), ("logout_urls", &self.logout_urls)]
            .into_iter()
            .flat_map(|(field, urls)| find_bad_urls(field, urls));
        let of_scopes = check_count("scopes", &self.scopes, MAX_SCOPES).into_iter().chain(self.find_bad_scopes());
        [name, id, secret].into_iter().chain(spans).flatten().chain(of_urls).chain(of_scopes).collect()
    }

    fn find_bad_scopes(&self) -> impl Iterator<Item = Problem> {
        let scopes = self.scopes.iter().filter(|scope| !SCOPES.contains(&scope.as_str()));
        scopes.map(|scope| {
            Problem::new("scopes", format!("{scope:?} is none of the scopes {}", SCOPES.join(", "))).of_item(scope)
        })
    }
}

fn find_bad_urls(field: &'static str, urls: &[String]) -> impl Iterator<Item = Problem> {
    let bad = urls.iter().filter_map(move |url| Some(Problem::new(field, redirect_url_problem(url)?).of_item(url)));
    check_count(field, urls, MAX_URLS).into_iter().chain(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_url_may_end_in_a_slash() {
        for url in ["http://localhost:3000", "http://localhost:3000/"] {
            let client = ClientSettings::new("app", url);
            assert_eq!(client.callback_urls, ["http://localhost:3000/api/auth/callback/cognito"]);
            assert_eq!(client.logout_urls, ["http://localhost:3000/", "http://localhost:3000"]);
            assert_eq!(client.find_problems().len(), 0);
        }
    }

    #[test]
    fn what_cognito_would_not_take_is_named() {
        fn problems(change: impl FnOnce(&mut ClientSettings)) -> String {
            let mut client = ClientSettings::new("app", "http://localhost:3000");
            change(&mut client);
            client.find_problems().into_iter().map(|problem| problem.text).collect()
        }
        for (told, part) in [
            (problems(|client| client.access_token_secs = 0), "access_token_secs"),
            (problems(|client| client.id_token_secs = 86_401), "86400"),
            (problems(|client| client.refresh_token_secs = u64::MAX), "refresh_token_secs"),
            (problems(|client| client.rotation_grace_secs = Some(61)), "0 to 60"),
            (problems(|client| client.scopes.push("offline_access".to_owned())), "offline_access"),
            (problems(|client| client.callback_urls.push("/callback".to_owned())), "absolute"),
            (problems(|client| client.callback_urls.push("https://a.example/#x".to_owned())), "fragment"),
            (problems(|client| client.logout_urls.push("http://a.example/".to_owned())), "https"),
            (problems(|client| client.id = Some("a b".to_owned())), "id has a character"),
            (problems(|client| client.name = "a/b".to_owned()), "name has a character"),
            (problems(|client| client.secret = SecretSetting::Given("short".to_owned())), "at least 24"),
            (problems(|client| client.callback_urls = vec!["https://a.example".to_owned(); 101]), "101"),
            (
                problems(|client| client.callback_urls.push(format!("https://a.example/{}", "a".repeat(1024)))),
                "too long",
            ),
            (problems(|client| client.callback_urls.push("http://app.localhost/cb".to_owned())), "no other name"),
            (problems(|client| client.secret = SecretSetting::Given(String::new())), "public client"),
        ] {
            assert!(told.contains(part), "{part} is not in {told:?}");
        }
        assert_eq!(problems(|client| client.callback_urls.push("myapp://callback".to_owned())), "");
    }
}
