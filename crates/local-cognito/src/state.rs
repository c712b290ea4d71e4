//! What a pool remembers: users, sign-ins (token families), browser sessions of the hosted UI, pending codes. Held by
//! `Pool` behind its lock; only authorization codes do not outlive a restart.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::code_grant::CodeGrant;
use super::family::Family;
use super::steps::InProgress;
use super::user::User;
use super::verification::Verification;

/// A pool that runs for months stays small: where a map is full, what ends first goes.
const MAX_FAMILIES: usize = 10_000;
const MAX_LOGINS: usize = 1_000;
const MAX_CODES: usize = 1_000;

/// The hosted UI's own session: whoever has its cookie need not type the password again.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Login {
    pub(super) sub: String,
    pub(super) auth_time: u64,
    pub(super) expires_at: u64,
}

/// All that changes while the pool runs.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    users: Vec<User>,
    /// By e-mail address in lower case: a digest of the settings each seeded user was last made from.
    seeds: BTreeMap<String, String>,
    /// Codes sent to users (sign-up, password reset), by sub.
    pub(super) verifications: BTreeMap<String, Verification>,
    /// Groups by name, with the Unix second they were made in. A user may be in one that is not here, and it counts.
    #[serde(default)]
    pub(super) groups: BTreeMap<String, u64>,
    families: HashMap<String, Family>,
    logins: HashMap<String, Login>,
    #[serde(skip)]
    codes: HashMap<String, CodeGrant>,
    /// What browsers are in the middle of at the hosted UI.
    #[serde(skip)]
    pub(super) in_progress: InProgress,
}

impl State {
    /// Oldest first.
    pub(super) fn users(&self) -> &[User] {
        &self.users
    }

    /// The caller has made sure that nobody has the e-mail address.
    pub(super) fn add_user(&mut self, user: User) {
        self.users.push(user);
    }

    /// Whether the seed of this e-mail address is new or was changed; it counts as planted afterwards.
    pub(super) fn plant_seed(&mut self, email: &str, digest: String) -> bool {
        self.seeds.insert(email.trim().to_ascii_lowercase(), digest.clone()) != Some(digest)
    }

    pub(super) fn find_user(&self, sub: &str) -> Option<&User> {
        self.users.iter().find(|user| user.sub == sub)
    }

    pub(super) fn find_user_mut(&mut self, sub: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.sub == sub)
    }

    /// By what the JSON API calls a username: the sub, or the e-mail address as its alias.
    pub(super) fn find_user_by_name(&self, username: &str) -> Option<&User> {
        self.find_user(username).or_else(|| self.find_user_by_email(username))
    }

    pub(super) fn find_user_by_email(&self, email: &str) -> Option<&User> {
        self.users.iter().find(|user| user.has_email(email))
    }

    pub(super) fn find_user_by_email_mut(&mut self, email: &str) -> Option<&mut User> {
        self.users.iter_mut().find(|user| user.has_email(email))
    }

    /// Removes the user; its families stay, so that a refresh can say why it is refused.
    pub(super) fn remove_user(&mut self, sub: &str) -> bool {
        self.verifications.remove(sub);
        let place = self.users.iter().position(|user| user.sub == sub);
        place.map(|place| self.users.remove(place)).is_some()
    }

    /// In no order.
    pub(super) fn families(&self) -> impl Iterator<Item = &Family> {
        self.families.values()
    }

    /// In no order.
    pub(super) fn families_mut(&mut self) -> impl Iterator<Item = &mut Family> {
        self.families.values_mut()
    }

    pub(super) fn find_family(&self, origin_jti: &str) -> Option<&Family> {
        self.families.get(origin_jti)
    }

    pub(super) fn find_family_mut(&mut self, origin_jti: &str) -> Option<&mut Family> {
        self.families.get_mut(origin_jti)
    }

    pub(super) fn add_family(&mut self, family: Family, now: u64, access_token_secs: u64) {
        // An access token may outlive the family's refresh token, and GetUser still asks for the family then.
        self.families.retain(|_, kept| kept.expires_at.saturating_add(access_token_secs) > now);
        make_room(&mut self.families, MAX_FAMILIES, |kept| kept.expires_at);
        self.families.insert(family.origin_jti.clone(), family);
    }

    /// Ends every family of a user and says how many that were.
    pub(super) fn revoke_families_of(&mut self, sub: &str, now: u64, via: &str) -> usize {
        let live = self.families.values_mut().filter(|family| family.sub == sub && !family.revoked);
        live.map(|family| family.revoke(now, via)).count()
    }

    pub(super) fn add_login(&mut self, id: String, login: Login, now: u64) {
        self.logins.retain(|_, kept| kept.expires_at > now);
        make_room(&mut self.logins, MAX_LOGINS, |kept| kept.expires_at);
        self.logins.insert(id, login);
    }

    /// The session behind a login cookie, while it lasts and its user may sign in.
    pub(super) fn find_login(&self, id: &str, now: u64) -> Option<&Login> {
        let login = self.logins.get(id).filter(|login| login.expires_at > now)?;
        self.find_user(&login.sub).filter(|user| user.enabled).map(|_| login)
    }

    pub(super) fn remove_login(&mut self, id: &str) -> bool {
        self.logins.remove(id).is_some()
    }

    pub(super) fn add_code(&mut self, code: String, grant: CodeGrant, now: u64) {
        self.codes.retain(|_, kept| kept.expires_at > now);
        make_room(&mut self.codes, MAX_CODES, |kept| kept.expires_at);
        self.codes.insert(code, grant);
    }

    /// Uses the code up, whatever becomes of it.
    pub(super) fn take_code(&mut self, code: &str, now: u64) -> Option<CodeGrant> {
        self.codes.remove(code).filter(|grant| grant.expires_at > now)
    }
}

/// Drops what ends first until there is room for one more.
pub(super) fn make_room<T>(map: &mut HashMap<String, T>, limit: usize, expires_at: impl Fn(&T) -> u64) {
    while map.len() >= limit {
        let first_to_end = map.iter().min_by_key(|(_, kept)| expires_at(kept)).map(|(key, _)| key.clone());
        let Some(key) = first_to_end else { return };
        map.remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::super::jwt::tests::family as test_family;
    use super::*;

    fn family(id: &str, sub: &str, expires_at: u64) -> Family {
        Family { origin_jti: id.to_owned(), sub: sub.to_owned(), expires_at, ..test_family("openid") }
    }

    fn code(expires_at: u64) -> CodeGrant {
        CodeGrant {
            client_id: "client".to_owned(),
            redirect_uri: "http://localhost:3000/cb".to_owned(),
            scope: "openid".to_owned(),
            code_challenge: None,
            nonce: None,
            resource: None,
            sub: "sub".to_owned(),
            auth_time: 0,
            expires_at,
        }
    }

    #[test]
    fn a_code_is_used_up_by_the_first_taker_and_ends_on_time() {
        let mut state = State::default();
        state.add_code("a".to_owned(), code(100), 0);
        state.add_code("b".to_owned(), code(100), 0);
        assert!(state.take_code("a", 99).is_some());
        assert!(state.take_code("a", 99).is_none());
        assert!(state.take_code("b", 100).is_none());
    }

    #[test]
    fn expired_entries_are_dropped_and_full_maps_lose_what_ends_first() {
        let mut state = State::default();
        state.add_family(family("old", "sub", 10), 0, 5);
        state.add_family(family("new", "sub", 1000), 14, 5);
        assert!(state.find_family("old").is_some(), "an access token of it may still live");
        state.add_family(family("newer", "sub", 1000), 15, 5);
        assert!(state.find_family("old").is_none());

        let mut state = State::default();
        for n in 0..=MAX_CODES {
            state.add_code(n.to_string(), code(1000 + n as u64), 0);
        }
        assert_eq!(state.codes.len(), MAX_CODES);
        assert!(!state.codes.contains_key("0"));
    }

    #[test]
    fn revoking_by_user_spares_others_and_counts_live_families_once() {
        let mut state = State::default();
        for (id, sub) in [("1", "demo"), ("2", "demo"), ("3", "admin")] {
            state.add_family(family(id, sub, 1000), 0, 5);
        }
        state.find_family_mut("1").unwrap().revoke(0, "test");
        assert_eq!(state.revoke_families_of("demo", 1, "test"), 1);
        assert_eq!(state.find_family("1").unwrap().history.events().len(), 1);
        assert!(state.find_family("2").unwrap().revoked);
        assert!(!state.find_family("3").unwrap().revoked);
    }

    #[test]
    fn a_seed_is_planted_once_and_again_when_it_changes() {
        let mut state = State::default();
        let planted = [("A@b", "1"), ("a@B", "1"), ("a@b", "2"), ("c@d", "1")]
            .map(|(email, digest)| state.plant_seed(email, digest.to_owned()));
        assert_eq!(planted, [true, false, true, true]);
    }

    #[test]
    fn a_login_ends_on_time_and_with_its_user() {
        let user = User::new("demo@example.com", String::new(), 0);
        let sub = user.sub.clone();
        let mut state = State::default();
        state.add_user(user);
        state.add_login("cookie".to_owned(), Login { sub, auth_time: 0, expires_at: 3600 }, 0);
        assert!(state.find_login("cookie", 3599).is_some());
        assert!(state.find_login("cookie", 3600).is_none());
        state.find_user_by_email_mut("demo@example.com").unwrap().enabled = false;
        assert!(state.find_login("cookie", 1).is_none());
    }
}
