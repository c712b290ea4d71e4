//! A family of tokens: one sign-in, and all that is issued from it. Kept by `state`, changed by `issue` and `refresh`.

use serde::{Deserialize, Serialize};

use super::history::{History, What};
use super::rotation::Chain;

/// The kind of token, as [`What::Expired`] names it.
const ACCESS: &str = "access";

/// One sign-in and all tokens that come from it. Times are Unix seconds.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Family {
    /// Names the family in every token, as `origin_jti` does in Cognito's.
    pub(super) origin_jti: String,
    pub(super) sub: String,
    pub(super) client_id: String,
    /// Space separated; a refresh keeps it.
    pub(super) scope: String,
    /// The `resource` of the authorization request, which becomes the access token's `aud`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    /// `false` after a sign-in by the JSON API, whose tokens lack a few claims.
    pub(super) hosted_ui: bool,
    /// When the person typed the password; a refresh keeps it.
    pub(super) auth_time: u64,
    pub(super) expires_at: u64,
    pub(super) revoked: bool,
    /// Since the first rotation; until then the sign-in's own refresh token is the only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) chain: Option<Chain>,
    /// Access tokens issued before this moment count as run out (Unix seconds): an order of the console.
    #[serde(default)]
    pub(super) access_ends_before: u64,
    #[serde(default)]
    pub(super) history: History,
}

impl Family {
    /// Ends it; ended once, it is not ended again.
    pub(super) fn revoke(&mut self, now: u64, via: &str) {
        if !self.revoked {
            self.revoked = true;
            self.history.note(now, via, What::Revoked);
        }
    }

    /// Lets the access tokens it has now run out.
    pub(super) fn expire_access(&mut self, now: u64, via: &str) {
        self.access_ends_before = now;
        self.history.note(now, via, What::Expired { token: ACCESS.to_owned() });
    }

    /// Whether that was ordered for the access token of this short hash, issued then (Unix seconds). The history knows
    /// best, as a second may see both the order and a new token; but it does not keep everything.
    pub(super) fn has_expired_access(&self, hash: &str, issued_at: u64) -> bool {
        let events = self.history.events();
        match events.iter().position(|event| event.what.issues_access(hash)) {
            Some(issued) => events[issued..].iter().any(|event| event.what.expires(ACCESS)),
            None => issued_at < self.access_ends_before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::jwt::tests::family;
    use super::*;

    #[test]
    fn an_order_expires_what_was_issued_before_it_even_in_the_same_second() {
        let mut family = family("openid");
        let issue = |family: &mut Family, hash: &str| {
            let what = What::Renewed { access: hash.to_owned(), refresh: "r".to_owned() };
            family.history.note(10, "test", what);
        };
        issue(&mut family, "a");
        assert!(!family.has_expired_access("a", 10));
        family.expire_access(10, "test");
        issue(&mut family, "b");
        assert!(family.has_expired_access("a", 10) && !family.has_expired_access("b", 10));
        assert!(family.has_expired_access("forgotten", 9) && !family.has_expired_access("forgotten", 10));
    }
}
