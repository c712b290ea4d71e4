//! What an administrator does to users, by e-mail address or sub: by the handle, the control API, the console or the
//! JSON API.

use super::pool::Pool;
use super::service::Service;
use super::state::State;
use super::user::User;

/// Who did it, in the history of the families.
const ADMINISTRATOR: &str = "administrator";

impl Pool {
    /// Disables a user and revokes all their sign-ins; says how many, or `None` if there is no such user.
    pub(super) fn disable_user(&self, username: &str) -> Option<usize> {
        let now = self.now();
        self.update(|state| {
            let user = find(state, username)?;
            user.enabled = false;
            user.modified_at = now;
            let sub = user.sub.clone();
            Some(state.revoke_families_of(&sub, now, ADMINISTRATOR))
        })
    }

    /// Lets a user sign in again; tokens from before stay revoked. `false` if there is no such user.
    pub(super) fn enable_user(&self, username: &str) -> bool {
        let now = self.now();
        self.change_user(username, |user| {
            user.enabled = true;
            user.modified_at = now;
        })
    }

    /// `false` if there is no such user.
    pub(super) fn delete_user(&self, username: &str) -> bool {
        self.update(|state| {
            let sub = state.find_user_by_name(username).map(|user| user.sub.clone());
            sub.is_some_and(|sub| state.remove_user(&sub))
        })
    }

    /// Revokes all sign-ins of a user; says how many, or `None` if there is no such user.
    pub(super) fn revoke_user(&self, username: &str) -> Option<usize> {
        let now = self.now();
        self.update(|state| {
            let sub = state.find_user_by_name(username)?.sub.clone();
            Some(state.revoke_families_of(&sub, now, ADMINISTRATOR))
        })
    }

    /// Whether there is such a user, and not a disabled one.
    pub(super) fn has_enabled_user(&self, username: &str) -> bool {
        self.with_state(|state| state.find_user_by_name(username).is_some_and(|user| user.enabled))
    }

    /// `false` if there is no such user.
    pub(super) fn change_user(&self, username: &str, change: impl FnOnce(&mut User)) -> bool {
        self.update(|state| find(state, username).map(change)).is_some()
    }
}

/// The same for whoever has the e-mail address, in whichever pools.
impl Service {
    pub(super) fn disable_user(&self, email: &str) -> Option<usize> {
        sum(self.pools.iter().map(|pool| pool.disable_user(email)))
    }

    pub(super) fn enable_user(&self, email: &str) -> bool {
        self.pools.iter().filter(|pool| pool.enable_user(email)).count() > 0
    }

    pub(super) fn delete_user(&self, email: &str) -> bool {
        self.pools.iter().filter(|pool| pool.delete_user(email)).count() > 0
    }

    /// The `sub` of the user that is called so, in whichever pool.
    pub(super) fn find_sub(&self, username: &str) -> Option<String> {
        let find = |state: &mut State| state.find_user_by_name(username).map(|user| user.sub.clone());
        self.pools.iter().find_map(|pool| pool.with_state(find))
    }

    pub(super) fn revoke_user(&self, email: &str) -> Option<usize> {
        sum(self.pools.iter().map(|pool| pool.revoke_user(email)))
    }
}

/// `None` where no pool has the user.
fn sum(counts: impl Iterator<Item = Option<usize>>) -> Option<usize> {
    counts.flatten().reduce(|sum, count| sum + count)
}

fn find<'a>(state: &'a mut State, username: &str) -> Option<&'a mut User> {
    let sub = state.find_user_by_name(username)?.sub.clone();
    state.find_user_mut(&sub)
}
