//! One user pool: its clients, keys, users and sign-ins, behind locks that are never kept across an await. Opened by
//! `service`, used by every handler.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::auth_session::AuthSessions;
use super::client::{Client, ClientRecord};
use super::error::CryptoError;
use super::keys::Keys;
use super::password::hash_password;
use super::random::random_opaque;
use super::service::common::Common;
use super::settings::{ClientSettings, PoolSettings, UserSettings};
use super::state::State;
use super::state_file::PoolSnapshot;
use super::user::User;

pub(super) struct Pool {
    pub(super) id: String,
    /// Verified against for unknown users, so that they cost as much time as known ones.
    pub(super) decoy_hash: String,
    /// E-mail address and password of the seeded users, shown on the sign-in page.
    pub(super) seeded: Vec<(String, String)>,
    /// Ignores `prompt` and `lang`.
    pub(super) classic_hosted_ui: bool,
    pub(super) auth_sessions: AuthSessions,
    pub(super) common: Arc<Common>,
    clients: RwLock<Vec<Arc<Client>>>,
    /// What an earlier run made up for clients that the settings no longer name.
    unused_clients: Vec<ClientRecord>,
    keys: RwLock<Arc<Keys>>,
    state: Mutex<State>,
}

impl Pool {
    /// The pool of these settings, with what an earlier run left of it.
    pub(super) fn open(
        settings: &PoolSettings,
        kept: Option<PoolSnapshot>,
        common: Arc<Common>,
    ) -> Result<Pool, CryptoError> {
        let (keys, records, mut state) = match kept {
            Some(kept) => (Keys::load(&kept.keys)?, kept.clients, kept.state),
            None => (Keys::generate()?, Vec::new(), State::default()),
        };
        for seed in &settings.users {
            plant(&mut state, seed, common.clock.now_secs())?;
        }
        let clients = settings.clients.iter().map(|client| Arc::new(Client::open(client.clone(), &records)));
        Ok(Pool {
            id: settings.id.clone(),
            decoy_hash: hash_password(&random_opaque())?,
            seeded: settings.users.iter().map(|user| (user.email.clone(), user.password.clone())).collect(),
            classic_hosted_ui: settings.classic_hosted_ui,
            auth_sessions: AuthSessions::default(),
            common,
            clients: RwLock::new(clients.collect()),
            unused_clients: records.iter().filter(|record| !record.is_for_any(&settings.clients)).cloned().collect(),
            keys: RwLock::new(Arc::new(keys)),
            state: Mutex::new(state),
        })
    }

    /// Unix seconds by the clock of all pools.
    pub(super) fn now(&self) -> u64 {
        self.common.clock.now_secs()
    }

    pub(super) fn issuer(&self) -> String {
        format!("{}/{}", self.common.base_url, self.id)
    }

    /// In the order of the settings.
    pub(super) fn clients(&self) -> Vec<Arc<Client>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn find_client(&self, id: &str) -> Option<Arc<Client>> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).iter().find(|client| client.id == id).cloned()
    }

    /// Changes the settings of every client that `change` says yes to.
    pub(super) fn change_clients(&self, mut change: impl FnMut(&Client, &mut ClientSettings) -> bool) {
        for client in self.clients.write().unwrap_or_else(PoisonError::into_inner).iter_mut() {
            let mut settings = client.settings.clone();
            if change(client, &mut settings) {
                *client = Arc::new(client.with(settings));
            }
        }
        self.common.note_change();
    }

    /// Refresh token rotation of every client; more than Cognito's limit counts as that.
    pub(super) fn set_rotation(&self, grace_secs: Option<u64>) {
        self.change_clients(|_, settings| {
            settings.rotation_grace_secs = grace_secs.map(|secs| secs.min(super::rotation::MAX_GRACE_SECS));
            true
        });
    }

    pub(super) fn keys(&self) -> Arc<Keys> {
        Arc::clone(&self.keys.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn rotate_keys(&self) -> Result<(), CryptoError> {
        let rotated = Arc::new(self.keys().rotate()?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = rotated;
        self.common.note_change();
        Ok(())
    }

    /// Looks at the state, or changes what is not saved (codes).
    pub(super) fn with_state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.lock_state())
    }

    /// Changes the state and has it saved.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock_state());
        self.common.note_change();
        result
    }

    /// For the state file.
    pub(super) fn snapshot(&self) -> Result<PoolSnapshot, CryptoError> {
        Ok(PoolSnapshot {
            keys: self.keys().records()?,
            clients: self
                .clients()
                .iter()
                .map(|client| client.record())
                .chain(self.unused_clients.iter().cloned())
                .collect(),
            state: self.lock_state().clone(),
        })
    }

    fn lock_state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a seeded user who is new in the settings, or changes the one whose entry was changed there.
fn plant(state: &mut State, seed: &UserSettings, now: u64) -> Result<(), CryptoError> {
    let entry = (&seed.password, &seed.attributes, &seed.groups, seed.email_verified);
    let entry = serde_json::to_vec(&entry).map_err(|_| CryptoError("reading a user's settings"))?;
    if !state.plant_seed(&seed.email, STANDARD.encode(digest(&SHA256, &entry))) {
        return Ok(());
    }
    let mut user = User::new(&seed.email, hash_password(&seed.password)?, now);
    user.email_verified = seed.email_verified;
    user.attributes.clone_from(&seed.attributes);
    user.groups.clone_from(&seed.groups);
    state.groups.extend(seed.groups.iter().map(|group| (group.clone(), now)));
    match state.find_user_by_email_mut(&seed.email) {
        Some(known) => *known = User { sub: known.sub.clone(), created_at: known.created_at, ..user },
        None => state.add_user(user),
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::service::tests::test_service;
    use super::super::settings::Settings;
    use super::*;

    /// A pool with no server, at a time that does not move.
    pub(in super::super) fn test_pool(change: impl FnOnce(&mut Settings)) -> Arc<Pool> {
        Arc::clone(&test_service(change).pools[0])
    }

    impl Pool {
        /// The first client, mostly the only one.
        pub(in super::super) fn client(&self) -> Arc<Client> {
            self.clients().remove(0)
        }
    }

    #[test]
    fn time_comes_from_the_clock_and_the_issuer_from_the_pool_id() {
        let pool = test_pool(|settings| settings.pools[0].id = "eu-central-1_X".to_owned());
        assert_eq!(pool.now(), 1_700_000_000);
        assert_eq!(pool.issuer(), "http://127.0.0.1:9400/eu-central-1_X");
    }

    #[test]
    fn a_seed_that_changes_changes_the_user_and_no_other_does() {
        let mut state = State::default();
        let mut seed = UserSettings::new("demo@example.com", "Demo-Passw0rd", "Demo", &[]);
        plant(&mut state, &seed, 1).unwrap();
        let sub = state.users()[0].sub.clone();
        state.find_user_mut(&sub).unwrap().groups = vec!["by hand".to_owned()];
        plant(&mut state, &seed, 2).unwrap();
        assert_eq!(state.users()[0].groups, ["by hand"], "an unchanged seed changes nothing");
        seed.groups = vec!["admin".to_owned()];
        plant(&mut state, &seed, 3).unwrap();
        let user = &state.users()[0];
        assert_eq!((user.groups.as_slice(), &user.sub, user.created_at), (&["admin".to_owned()][..], &sub, 1));
        state.remove_user(&sub);
        plant(&mut state, &seed, 4).unwrap();
        assert!(state.users().is_empty(), "deleted stays deleted");
    }
}
