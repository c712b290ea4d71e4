//! App clients: who may ask for tokens, and where their people are sent. Asked by every endpoint.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::random::random_alphanumeric;
use super::settings::{ClientSettings, SecretSetting};

const CLIENT_ID_LEN: usize = 26;
const CLIENT_SECRET_LEN: usize = 51;

/// A secret that prints as `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct ClientSecret(String);

impl ClientSecret {
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether `offered` is the secret, in time that does not depend on where they differ.
    pub(super) fn matches(&self, offered: &str) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), offered.as_bytes()).is_ok()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A client as the state file holds it: what was made up for it, and what `UpdateUserPoolClient` changed. The secret is
/// always there, so that turning a client public and back does not change it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ClientRecord {
    name: String,
    id: String,
    secret: ClientSecret,
    /// What the settings said when `changed` was made: where they say something else now, they win.
    configured: ClientSettings,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changed: Option<ClientSettings>,
}

impl ClientRecord {
    /// Whether it is of one of these.
    pub(super) fn is_for_any(&self, clients: &[ClientSettings]) -> bool {
        clients.iter().any(|client| client.name == self.name)
    }
}

/// An app client in use. Replaced as a whole when it is changed.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) id: String,
    /// `None`: a public client.
    pub(super) secret: Option<ClientSecret>,
    /// What holds now.
    pub(super) settings: ClientSettings,
    configured: ClientSettings,
    /// Kept for the state file, also while the client is public.
    own_secret: ClientSecret,
}

impl Client {
    /// The client of these settings, with what an earlier run made up for it.
    pub(super) fn open(configured: ClientSettings, records: &[ClientRecord]) -> Client {
        let record = records.iter().find(|record| record.name == configured.name);
        let kept = record.filter(|record| record.configured == configured);
        let id = configured.id.clone().or_else(|| record.map(|record| record.id.clone()));
        let generated = || {
            record.map_or_else(|| ClientSecret(random_alphanumeric(CLIENT_SECRET_LEN)), |record| record.secret.clone())
        };
        let own_secret = match &configured.secret {
            SecretSetting::Given(secret) => ClientSecret(secret.clone()),
            SecretSetting::None | SecretSetting::Generated => generated(),
        };
        Client {
            id: id.unwrap_or_else(|| random_alphanumeric(CLIENT_ID_LEN)),
            secret: (configured.secret != SecretSetting::None).then(|| own_secret.clone()),
            settings: kept.and_then(|record| record.changed.clone()).unwrap_or_else(|| configured.clone()),
            configured,
            own_secret,
        }
    }

    pub(super) fn record(&self) -> ClientRecord {
        ClientRecord {
            name: self.configured.name.clone(),
            id: self.id.clone(),
            secret: self.own_secret.clone(),
            configured: self.configured.clone(),
            changed: (self.settings != self.configured).then(|| self.settings.clone()),
        }
    }

    /// What the settings call it, whatever `UpdateUserPoolClient` does.
    pub(super) fn configured_name(&self) -> &str {
        &self.configured.name
    }

    /// The client with other settings; its identity stays.
    pub(super) fn with(&self, settings: ClientSettings) -> Client {
        Client { settings, ..self.clone() }
    }

    /// Whether `offered` is `Base64(HMAC-SHA256(secret, username + client_id))`; `username` is the user's real one,
    /// which in these pools is the sub, never the e-mail address (`cognito.md` §2.2).
    pub(super) fn verify_secret_hash(&self, secret: &ClientSecret, username: &str, offered: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
        let message = [username, &self.id].concat();
        STANDARD.decode(offered).is_ok_and(|tag| hmac::verify(&key, message.as_bytes(), &tag).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(change: impl FnOnce(&mut ClientSettings)) -> ClientSettings {
        let mut settings = ClientSettings::new("app", "http://localhost:3000");
        change(&mut settings);
        settings
    }

    #[test]
    fn generated_clients_look_like_cognitos() {
        let client = Client::open(settings(|_| ()), &[]);
        assert_eq!(client.id.len(), 26);
        assert_eq!(client.secret.as_ref().unwrap().reveal().len(), 51);
        assert_ne!(client.id, Client::open(settings(|_| ()), &[]).id);
    }

    #[test]
    fn what_was_made_up_outlives_a_restart_and_a_public_time() {
        let first = Client::open(settings(|_| ()), &[]);
        let public = Client::open(settings(|settings| settings.secret = SecretSetting::None), &[first.record()]);
        assert_eq!((public.id.as_str(), public.secret.is_none()), (first.id.as_str(), true));
        let again = Client::open(settings(|_| ()), &[public.record()]);
        assert_eq!((&again.id, &again.secret), (&first.id, &first.secret));
        let given = settings(|settings| {
            settings.id = Some("given".to_owned());
            settings.secret = SecretSetting::Given("given too".to_owned());
        });
        let given = Client::open(given, &[first.record()]);
        assert_eq!((given.id.as_str(), given.secret.unwrap().reveal()), ("given", "given too"));
    }

    #[test]
    fn a_change_stays_until_the_settings_change() {
        let first = Client::open(settings(|_| ()), &[]);
        let changed = first.with(settings(|settings| settings.rotation_grace_secs = Some(7)));
        let reopened = Client::open(settings(|_| ()), &[changed.record()]);
        assert_eq!(reopened.settings.rotation_grace_secs, Some(7));
        let other = settings(|settings| settings.access_token_secs = 600);
        let reconfigured = Client::open(other.clone(), &[changed.record()]);
        assert_eq!(reconfigured.settings, other);
    }

    #[test]
    fn the_secret_hash_is_checked_over_username_and_client_id() {
        let secret = ClientSecret("9s8d7f6g5h4j3k2l1".to_owned());
        let client = settings(|settings| settings.id = Some("7abcdefghijklmnopqrstuvwxy".to_owned()));
        let client = Client::open(client, &[]);
        let sub = "2d4e9f10-7a6b-4c3d-8e5f-001122334455";
        // printf %s "$sub$client_id" | openssl dgst -sha256 -hmac 9s8d7f6g5h4j3k2l1 -binary | base64
        let known = "Im81upmOwZBKuC9qqMCgAeIQ2USgrYzDhI4ioR7OICU=";
        assert!(client.verify_secret_hash(&secret, sub, known));
        assert!(!client.verify_secret_hash(&secret, "demo@example.com", known), "only the real username counts");
        assert!(!client.verify_secret_hash(&secret, sub, ""));
        assert!(!client.verify_secret_hash(&secret, sub, "not base64!"));
        assert!(!client.verify_secret_hash(&ClientSecret("other".to_owned()), sub, known));
    }

    #[test]
    fn neither_client_nor_record_prints_its_secret() {
        let client = Client::open(settings(|settings| settings.secret = SecretSetting::Given("hush".to_owned())), &[]);
        assert!(!format!("{:?}", client.record()).contains("hush"));
        assert!(!format!("{client:?}").contains("hush"));
    }
}
