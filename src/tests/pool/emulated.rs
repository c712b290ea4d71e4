//! One pool at an emulator: made by the operations an administrator would use, for one test. At cognito-local its client is
//! always public: cognito-local authenticates none, and refuses a confidential client that says who it is by Basic
//! credentials alone, which Cognito's token endpoint takes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
    time::{Duration, SystemTime},
};

use local_cognito::{Clock, RequestRecord};
use serde_json::{Value, json};

use super::{
    emulator::{Emulator, Running},
    front::AppClient,
};
use crate::{
    app::Wishes,
    browser::{ADMIN, DEMO},
};

#[derive(Clone)]
pub(crate) struct EmulatedPool {
    emulator: Emulator,
    running: &'static Running,
    pool_id: String,
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
    /// How far the app's clock is ahead of the real one, which the emulator keeps.
    ahead_secs: Arc<AtomicU64>,
}

impl EmulatedPool {
    pub(super) fn start(emulator: Emulator, app_url: &str, wishes: &Wishes) -> Self {
        assert!(wishes.rotation.is_none(), "neither emulator has refresh token rotation");
        assert!(!wishes.has_still_clock, "an emulator keeps the real time");
        let running = emulator.running();
        let pool = json!({ "PoolName": "flow", "UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"] });
        let pool_id = call(running, "CreateUserPool", pool).unwrap()["UserPool"]["Id"].as_str().unwrap().to_owned();
        let redirect_uri = format!("{app_url}/api/auth/callback/cognito");
        let client = json!({
            "UserPoolId": pool_id,
            "ClientName": "app",
            "GenerateSecret": wishes.confidential && emulator == Emulator::Moto,
            "CallbackURLs": [redirect_uri],
            "LogoutURLs": [format!("{app_url}/")],
            "AllowedOAuthFlowsUserPoolClient": true,
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthScopes": ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
            "SupportedIdentityProviders": ["COGNITO"],
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "AccessTokenValidity": wishes.access_token_secs,
            "IdTokenValidity": wishes.access_token_secs,
            "TokenValidityUnits": { "AccessToken": "seconds", "IdToken": "seconds" },
            // `iss` and `nonce` for moto, which copies these attributes into the ID token: see `users` and `moto`.
            "ReadAttributes": ["email", "name", "iss", "nonce"],
        });
        let client = call(running, "CreateUserPoolClient", client).unwrap();
        let client_id = client["UserPoolClient"]["ClientId"].as_str().unwrap().to_owned();
        let client_secret = client["UserPoolClient"]["ClientSecret"].as_str().map(str::to_owned);
        let known = AppClient { pool_id: pool_id.clone(), redirect_uri, secret: client_secret.clone() };
        running.front.clients.lock().unwrap().insert(client_id.clone(), known);
        let issuer = format!("{}/{pool_id}", running.front.url);
        let pool = Self { emulator, running, pool_id, issuer, client_id, client_secret, ahead_secs: Arc::default() };
        pool.add_users();
        pool
    }

    fn add_users(&self) {
        self.call("CreateGroup", json!({ "GroupName": "admin" })).unwrap();
        for ((email, password), name, group) in [(DEMO, "Demo User", None), (ADMIN, "Ada Admin", Some("admin"))] {
            let mut attributes = vec![("email", email), ("email_verified", "true"), ("name", name)];
            if self.emulator == Emulator::Moto {
                // moto's tokens are from a host of AWS's, whatever its address; there the app would look for its keys.
                attributes.push(("iss", &self.issuer));
            }
            let attributes = attributes.iter().map(|(name, value)| json!({ "Name": name, "Value": value }));
            let attributes: Vec<_> = attributes.collect();
            let user = json!({ "Username": email, "MessageAction": "SUPPRESS", "UserAttributes": attributes });
            self.call("AdminCreateUser", user).unwrap();
            let password = json!({ "Username": email, "Password": password, "Permanent": true });
            self.call("AdminSetUserPassword", password).unwrap();
            if let Some(group) = group {
                self.call("AdminAddUserToGroup", json!({ "Username": email, "GroupName": group })).unwrap();
            }
        }
    }

    pub(super) fn base_url(&self) -> String {
        self.running.front.url.clone()
    }

    pub(super) fn clock(&self) -> Clock {
        let ahead_secs = self.ahead_secs.clone();
        Arc::new(move || SystemTime::now() + Duration::from_secs(ahead_secs.load(Ordering::SeqCst)))
    }

    pub(super) fn advance(&self, span: Duration) {
        self.ahead_secs.fetch_add(span.as_secs(), Ordering::SeqCst);
    }

    pub(super) fn requests(&self) -> Vec<RequestRecord> {
        self.running.front.calls_about(&[&self.client_id, &self.pool_id])
    }

    /// moto has an operation for it. cognito-local has not; it revokes token by token.
    pub(super) fn revoke_all(&self, email: &str) -> usize {
        let tokens = self.running.front.take_refresh_tokens(&self.client_id, email);
        match self.emulator {
            Emulator::Moto => {
                let user = self.call("AdminGetUser", json!({ "Username": email })).unwrap();
                self.call("AdminUserGlobalSignOut", json!({ "Username": user["Username"] })).unwrap();
            }
            Emulator::CognitoLocal => {
                for token in &tokens {
                    self.call("RevokeToken", json!({ "ClientId": self.client_id, "Token": token })).unwrap();
                }
            }
        }
        tokens.len()
    }

    /// An administrator's operation on a user.
    pub(super) fn administer(&self, operation: &'static str, email: &str) -> bool {
        self.call(operation, json!({ "Username": email })).is_ok()
    }

    fn call(&self, operation: &'static str, mut body: Value) -> Result<Value, String> {
        body["UserPoolId"] = json!(self.pool_id);
        call(self.running, operation, body)
    }
}

/// On the front's runtime, which its connections belong to.
fn call(running: &'static Running, operation: &'static str, body: Value) -> Result<Value, String> {
    let (answer, answered) = mpsc::channel();
    running.runtime.spawn(async move { answer.send(running.front.call(operation, body).await) });
    answered.recv().map_err(|_| format!("{operation}: the front broke down"))?
}
