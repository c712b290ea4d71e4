//! The user pool of a test's app: Local Cognito, or a pool at another emulator (`emulators`). What only Local Cognito
//! can do (faults, falsified tokens, rotation, a clock) is reached through `Deref`, and panics elsewhere.

mod cognito_local;
mod emulated;
mod emulator;
mod front;
mod moto;
mod process;

use std::{
    ops::Deref,
    sync::Arc,
    time::{Duration, SystemTime},
};

use local_cognito::{ClientSettings, Clock, LocalCognito, RequestRecord, SecretSetting, Settings};

use self::emulated::EmulatedPool;
pub(crate) use self::emulator::Emulator;
use crate::app::Wishes;

#[derive(Clone)]
pub(crate) enum UserPool {
    Local(LocalCognito),
    Emulated(EmulatedPool),
}

impl UserPool {
    /// A new pool with the two demo users and a client for the app at that URL.
    pub(crate) async fn start(app_url: &str, wishes: &Wishes) -> Self {
        if let Some(emulator) = Emulator::chosen() {
            return Self::Emulated(EmulatedPool::start(emulator, app_url, wishes));
        }
        let mut settings = Settings::new("127.0.0.1:0".parse().unwrap(), app_url);
        let client = settings.client();
        if !wishes.confidential {
            client.secret = SecretSetting::None;
        }
        client.access_token_secs = wishes.access_token_secs;
        client.rotation_grace_secs = wishes.rotation;
        if wishes.has_still_clock {
            let now = SystemTime::now();
            settings.clock = Arc::new(move || now);
        }
        settings.pools[0].classic_hosted_ui = wishes.classic_hosted_ui;
        settings.pools[0].users.extend(wishes.users.iter().cloned());
        settings.pools[0].clients.extend(wishes.clients.iter().map(|name| ClientSettings::new(name, app_url)));
        Self::Local(LocalCognito::start(settings).await.unwrap())
    }

    pub(crate) fn issuer(&self) -> String {
        match self {
            Self::Local(local) => local.issuer(),
            Self::Emulated(pool) => pool.issuer.clone(),
        }
    }

    /// Hosted UI and JSON API.
    pub(crate) fn base_url(&self) -> String {
        match self {
            Self::Local(local) => local.base_url(),
            Self::Emulated(pool) => pool.base_url(),
        }
    }

    /// The hosted UI, where the discovery document does not tell.
    pub(crate) fn domain(&self) -> Option<String> {
        match self {
            Self::Local(_) => None,
            Self::Emulated(pool) => Some(pool.base_url()),
        }
    }

    pub(crate) fn client_id(&self) -> String {
        match self {
            Self::Local(local) => local.client_id(),
            Self::Emulated(pool) => pool.client_id.clone(),
        }
    }

    pub(crate) fn client_secret(&self) -> Option<String> {
        match self {
            Self::Local(local) => local.client_secret(),
            Self::Emulated(pool) => pool.client_secret.clone(),
        }
    }

    /// The app's clock. An emulator keeps the real time.
    pub(crate) fn clock(&self) -> Clock {
        match self {
            Self::Local(local) => local.clock(),
            Self::Emulated(pool) => pool.clock(),
        }
    }

    pub(crate) fn advance(&self, span: Duration) {
        match self {
            Self::Local(local) => local.advance(span),
            Self::Emulated(pool) => pool.advance(span),
        }
    }

    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        match self {
            Self::Local(local) => local.requests(),
            Self::Emulated(pool) => pool.requests(),
        }
    }

    pub(crate) fn count(&self, operation: &str) -> usize {
        match self {
            Self::Local(local) => local.count(operation),
            Self::Emulated(pool) => pool.requests().iter().filter(|call| call.operation == operation).count(),
        }
    }

    /// Revokes every sign-in of a user and says how many there were.
    pub(crate) fn revoke_all(&self, email: &str) -> usize {
        match self {
            Self::Local(local) => local.revoke_all(email),
            Self::Emulated(pool) => pool.revoke_all(email),
        }
    }

    pub(crate) fn disable_user(&self, email: &str) -> bool {
        match self {
            Self::Local(local) => local.disable_user(email),
            Self::Emulated(pool) => pool.administer("AdminDisableUser", email),
        }
    }

    /// An operation of the JSON API for administrators, at Local Cognito.
    pub(crate) async fn administer(&self, operation: &str, body: &serde_json::Value) {
        let request = reqwest::Client::new().post(self.base_url()).header("content-type", "application/x-amz-json-1.1");
        let request = request.header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"));
        let answer = request.body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{operation}: {:?}", answer.text().await);
    }

    pub(crate) fn delete_user(&self, email: &str) -> bool {
        match self {
            Self::Local(local) => local.delete_user(email),
            Self::Emulated(pool) => pool.administer("AdminDeleteUser", email),
        }
    }
}

impl Deref for UserPool {
    type Target = LocalCognito;

    fn deref(&self) -> &LocalCognito {
        match self {
            Self::Local(local) => local,
            Self::Emulated(_) => panic!("this flow asks for what Local Cognito alone can do"),
        }
    }
}
