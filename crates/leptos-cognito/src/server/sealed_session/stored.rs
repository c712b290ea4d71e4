//! A session as it stands in its cookie: the groups that the access token holds, too, stand there alone; and what does not
//! fit is left out, so that nobody loses a session for being in too many groups.

use super::{
    super::{secret::Secret, tokens::groups_of},
    SealedSession,
};

impl SealedSession {
    /// As it is to be sealed.
    pub(in super::super) fn to_stored(&self) -> Self {
        let mut stored = self.clone();
        stored.has_groups_in_token =
            !self.groups.is_empty() && groups_of(&self.access_token).is_some_and(|groups| groups == self.groups);
        if stored.has_groups_in_token {
            stored.groups.clear();
        }
        stored
    }

    /// As it was before it was sealed.
    pub(in super::super) fn restored(mut self) -> Self {
        if std::mem::take(&mut self.has_groups_in_token) {
            self.groups = groups_of(&self.access_token).unwrap_or_default();
        }
        self
    }

    /// Leaves out of a stored session what it does without most easily: the access token, then groups, the last first, then
    /// name and e-mail address. False where nothing is left to leave out.
    pub(in super::super) fn leave_out(&mut self) -> bool {
        if self.has_access_token() {
            *self = self.clone().restored();
            self.access_token = Secret::new("");
        } else if !self.groups.is_empty() {
            self.groups.truncate(self.groups.len() * 7 / 8);
        } else {
            return self.name.take().is_some() || self.email.take().is_some();
        }
        true
    }

    /// Whether its access token fitted into the cookie.
    pub(in super::super) fn has_access_token(&self) -> bool {
        !self.access_token.expose().is_empty()
    }
}
