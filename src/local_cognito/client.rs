//! The app client: who may ask for tokens, and where its people are sent. Asked by every endpoint.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::random::random_alphanumeric;

/// What a client may ask for. `aws.cognito.signin.user.admin` lets the access token call GetUser.
pub(super) const SCOPES: [&str; 5] = [USER_ADMIN_SCOPE, "email", "openid", "phone", "profile"];
pub(super) const USER_ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

const CLIENT_ID_LEN: usize = 26;
const CLIENT_SECRET_LEN: usize = 51;

/// A secret that prints as `[redacted]`.
#[derive(Clone, Serialize, Deserialize)]
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

/// The client's identity as the state file holds it. The secret is always there, so that turning a client public and
/// back does not change it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ClientRecord {
    id: String,
    secret: ClientSecret,
}

impl ClientRecord {
    pub(super) fn generate() -> ClientRecord {
        let secret = ClientSecret(random_alphanumeric(CLIENT_SECRET_LEN));
        ClientRecord { id: random_alphanumeric(CLIENT_ID_LEN), secret }
    }
}

/// The app client in use.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) id: String,
    /// `None`: a public client.
    pub(super) secret: Option<ClientSecret>,
    pub(super) callback_urls: Vec<String>,
    pub(super) logout_urls: Vec<String>,
}

impl Client {
    pub(super) fn new(
        record: ClientRecord,
        confidential: bool,
        callbacks: Vec<String>,
        logouts: Vec<String>,
    ) -> Client {
        Client {
            id: record.id,
            secret: confidential.then_some(record.secret),
            callback_urls: callbacks,
            logout_urls: logouts,
        }
    }

    /// Whether `offered` is `Base64(HMAC-SHA256(secret, username + client_id))`; `username` is the user's real one,
    /// which in this pool is the sub, never the e-mail address (`cognito.md` §2.2).
    pub(super) fn verify_secret_hash(&self, secret: &ClientSecret, username: &str, offered: &str) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.reveal().as_bytes());
        let message = [username, &self.id].concat();
        STANDARD.decode(offered).is_ok_and(|tag| hmac::verify(&key, message.as_bytes(), &tag).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_clients_look_like_cognitos() {
        let record = ClientRecord::generate();
        assert_eq!(record.id.len(), 26);
        assert_eq!(record.secret.reveal().len(), 51);
        assert_ne!(record.id, ClientRecord::generate().id);
    }

    #[test]
    fn the_secret_hash_is_checked_over_username_and_client_id() {
        let secret = ClientSecret("9s8d7f6g5h4j3k2l1".to_owned());
        let record = ClientRecord { id: "7abcdefghijklmnopqrstuvwxy".to_owned(), secret: secret.clone() };
        let client = Client::new(record, true, vec![], vec![]);
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
        let record = ClientRecord::generate();
        let secret = record.secret.reveal().to_owned();
        assert!(!format!("{record:?}").contains(&secret));
        let client = Client::new(record, true, vec![], vec![]);
        assert!(!format!("{client:?}").contains(&secret));
    }
}
