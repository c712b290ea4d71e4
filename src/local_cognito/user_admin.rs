//! What an administrator does to users: by the handle, or by the control API.

use super::pool::Pool;

impl Pool {
    /// Disables a user and revokes all their sign-ins; says how many, or `None` if there is no such user.
    pub(super) fn disable_user(&self, email: &str) -> Option<usize> {
        self.update(|state| {
            let user = state.find_user_by_email_mut(email)?;
            user.enabled = false;
            let sub = user.sub.clone();
            Some(state.revoke_families_of(&sub))
        })
    }

    /// Lets a user sign in again; tokens from before stay revoked. `false` if there is no such user.
    pub(super) fn enable_user(&self, email: &str) -> bool {
        self.update(|state| state.find_user_by_email_mut(email).map(|user| user.enabled = true)).is_some()
    }

    /// `false` if there is no such user.
    pub(super) fn delete_user(&self, email: &str) -> bool {
        self.update(|state| state.remove_user(email))
    }

    /// Revokes all sign-ins of a user; says how many, or `None` if there is no such user.
    pub(super) fn revoke_user(&self, email: &str) -> Option<usize> {
        self.update(|state| {
            let sub = state.find_user_by_email(email)?.sub.clone();
            Some(state.revoke_families_of(&sub))
        })
    }
}
