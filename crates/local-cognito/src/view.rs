//! What there is, for people who watch: pools, clients, users and sign-ins as they are at this moment. Told by
//! `GET /_control/state` and drawn by the console. Holds no token, code, password or secret.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::client::Client;
use super::family::Family;
use super::history::Event;
use super::pool::Pool;
use url::Url;

use super::service::Service;
use super::user::User;

/// An app client.
#[derive(Serialize)]
pub(super) struct ClientView {
    pub(super) pool: String,
    pub(super) name: String,
    pub(super) id: String,
    /// Whether it has a secret.
    pub(super) confidential: bool,
    pub(super) callback_urls: Vec<String>,
    pub(super) logout_urls: Vec<String>,
    pub(super) scopes: Vec<String>,
    pub(super) user_password_auth: bool,
    pub(super) refresh_token_auth: bool,
    pub(super) token_revocation: bool,
    pub(super) access_token_secs: u64,
    pub(super) id_token_secs: u64,
    pub(super) refresh_token_secs: u64,
    pub(super) rotation_grace_secs: Option<u64>,
}

impl ClientView {
    /// Where its apps are, as far as a browser can go there.
    pub(super) fn app_origins(&self) -> Vec<String> {
        let urls = self.callback_urls.iter().filter_map(|url| Url::parse(url).ok());
        let mut origins: Vec<String> =
            urls.filter(|url| url.scheme().starts_with("http")).map(|url| url.origin().ascii_serialization()).collect();
        origins.dedup();
        origins
    }
}

/// A user.
#[derive(Serialize)]
pub(super) struct UserView {
    pub(super) pool: String,
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) enabled: bool,
    /// In Cognito's words: `CONFIRMED` and others.
    pub(super) status: &'static str,
    pub(super) groups: Vec<String>,
    pub(super) attributes: BTreeMap<String, String>,
    /// Unix seconds.
    pub(super) created_at: u64,
}

/// What became of a sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SignInStatus {
    Live,
    Revoked,
    Expired,
    /// Its user is gone or may not sign in.
    Barred,
}

/// A sign-in with all that happened to its tokens.
#[derive(Serialize)]
pub(super) struct SignInView {
    pub(super) pool: String,
    /// The `origin_jti` of its tokens.
    pub(super) id: String,
    pub(super) sub: String,
    /// Absent where the user was deleted.
    pub(super) email: Option<String>,
    pub(super) client_id: String,
    pub(super) client: Option<String>,
    pub(super) scope: String,
    pub(super) hosted_ui: bool,
    /// Unix seconds.
    pub(super) auth_time: u64,
    /// Unix seconds: the end of its refresh tokens.
    pub(super) expires_at: u64,
    pub(super) status: SignInStatus,
    /// Oldest first. Tokens by the first eight digits of their SHA-256.
    pub(super) events: Vec<Event>,
}

impl Service {
    pub(super) fn view_clients(&self) -> Vec<ClientView> {
        let clients = self.pools.iter().flat_map(|pool| pool.clients().into_iter().map(move |client| (pool, client)));
        clients.map(|(pool, client)| view_client(pool, &client)).collect()
    }

    /// Oldest first, pool by pool.
    pub(super) fn view_users(&self) -> Vec<UserView> {
        let of = |pool: &Pool| -> Vec<UserView> {
            pool.with_state(|state| state.users().iter().map(|user| view_user(&pool.id, user)).collect())
        };
        self.pools.iter().flat_map(|pool| of(pool)).collect()
    }

    /// Newest first.
    pub(super) fn view_sign_ins(&self) -> Vec<SignInView> {
        let mut views: Vec<SignInView> = self.pools.iter().flat_map(|pool| view_families(pool, |_| true)).collect();
        views.sort_by(|a, b| b.started_at().cmp(&a.started_at()).then_with(|| a.id.cmp(&b.id)));
        views
    }

    pub(super) fn view_sign_in(&self, id: &str) -> Option<SignInView> {
        self.pools.iter().flat_map(|pool| view_families(pool, |family| family.origin_jti == id)).next()
    }
}

impl SignInView {
    /// Unix seconds; of a sign-in by the hosted UI's session later than `auth_time`.
    pub(super) fn started_at(&self) -> u64 {
        self.events.first().map_or(self.auth_time, |event| event.at)
    }
}

fn view_client(pool: &Pool, client: &Client) -> ClientView {
    let settings = client.settings.clone();
    ClientView {
        pool: pool.id.clone(),
        name: settings.name,
        id: client.id.clone(),
        confidential: client.secret.is_some(),
        callback_urls: settings.callback_urls,
        logout_urls: settings.logout_urls,
        scopes: settings.scopes,
        user_password_auth: settings.user_password_auth,
        refresh_token_auth: settings.refresh_token_auth,
        token_revocation: settings.token_revocation,
        access_token_secs: settings.access_token_secs,
        id_token_secs: settings.id_token_secs,
        refresh_token_secs: settings.refresh_token_secs,
        rotation_grace_secs: settings.rotation_grace_secs,
    }
}

fn view_user(pool_id: &str, user: &User) -> UserView {
    UserView {
        pool: pool_id.to_owned(),
        sub: user.sub.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        enabled: user.enabled,
        status: user.status.name(),
        groups: user.groups.clone(),
        attributes: user.attributes.clone(),
        created_at: user.created_at,
    }
}

fn view_families(pool: &Pool, concerns: impl Fn(&Family) -> bool) -> Vec<SignInView> {
    let names: HashMap<String, String> =
        pool.clients().iter().map(|client| (client.id.clone(), client.settings.name.clone())).collect();
    let now = pool.now();
    pool.with_state(|state| {
        let users: HashMap<&str, &User> = state.users().iter().map(|user| (user.sub.as_str(), user)).collect();
        let families = state.families().filter(|family| concerns(family));
        let view = |family: &Family| {
            let user = users.get(family.sub.as_str()).copied();
            SignInView {
                pool: pool.id.clone(),
                id: family.origin_jti.clone(),
                sub: family.sub.clone(),
                email: user.map(|user| user.email.clone()),
                client_id: family.client_id.clone(),
                client: names.get(&family.client_id).cloned(),
                scope: family.scope.clone(),
                hosted_ui: family.hosted_ui,
                auth_time: family.auth_time,
                expires_at: family.expires_at,
                status: judge(family, user, now),
                events: family.history.events().to_vec(),
            }
        };
        families.map(view).collect()
    })
}

fn judge(family: &Family, user: Option<&User>, now: u64) -> SignInStatus {
    if family.revoked {
        SignInStatus::Revoked
    } else if family.expires_at <= now {
        SignInStatus::Expired
    } else if user.is_none_or(|user| !user.enabled) {
        SignInStatus::Barred
    } else {
        SignInStatus::Live
    }
}
