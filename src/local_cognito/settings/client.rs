//! An app client as it is set up: in Rust, by the settings file, by `UpdateUserPoolClient`.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::super::client::SCOPES;
use super::{MAX_GRACE_SECS, Problem, check_span};

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
        let spans = [
            check_span("access_token_secs", self.access_token_secs, 1, DAY_SECS),
            check_span("id_token_secs", self.id_token_secs, 1, DAY_SECS),
            check_span("refresh_token_secs", self.refresh_token_secs, 1, 3650 * DAY_SECS),
            self.rotation_grace_secs.and_then(|secs| check_span("rotation_grace_secs", secs, 0, MAX_GRACE_SECS)),
        ];
        let unknown = self.scopes.iter().filter(|scope| !SCOPES.contains(&scope.as_str()));
        let unknown = unknown
            .map(|scope| Problem::new("scopes", format!("{scope:?} is none of the scopes {}", SCOPES.join(", "))));
        let urls = [("callback_urls", &self.callback_urls), ("logout_urls", &self.logout_urls)];
        let bad_urls = urls.into_iter().flat_map(|(field, urls)| {
            urls.iter().filter_map(move |url| check_url(url).map(|problem| Problem::new(field, problem)))
        });
        let bad_id = self.id.iter().filter(|id| !is_client_id(id));
        let bad_id = bad_id
            .map(|id| Problem::new("id", format!("{id:?} is not a client id: up to 128 letters, digits, '_' and '+'")));
        let no_secret = matches!(&self.secret, SecretSetting::Given(secret) if secret.is_empty());
        let no_secret =
            no_secret.then(|| Problem::new("secret", "the secret is empty; write false for a public client"));
        spans.into_iter().flatten().chain(unknown).chain(bad_urls).chain(bad_id).chain(no_secret).collect()
    }
}

/// `[\w+]+`, at most 128 characters (the service model's `ClientIdType`), in ASCII.
fn is_client_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+'))
}

/// Absolute, without a fragment, and https save on this machine or with an app's own scheme (`cognito.md` §1.1).
pub(in super::super) fn check_url(text: &str) -> Option<String> {
    let problem = |what: &str| Some(format!("{text:?} {what}"));
    match url::Url::parse(text) {
        Err(_) => problem("is no absolute URL"),
        Ok(url) if url.fragment().is_some() => problem("has a fragment (#), which Cognito does not take"),
        Ok(url) if url.scheme() == "http" && !is_loopback(&url) => {
            problem("is http; only localhost, 127.0.0.1 and [::1] may do without https")
        }
        Ok(_) => None,
    }
}

fn is_loopback(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
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
            (problems(|client| client.id = Some("a b".to_owned())), "client id"),
            (problems(|client| client.secret = SecretSetting::Given(String::new())), "public client"),
        ] {
            assert!(told.contains(part), "{part} is not in {told:?}");
        }
        assert_eq!(problems(|client| client.callback_urls.push("myapp://callback".to_owned())), "");
    }
}
