//! A family of tokens: one sign-in, and all that is issued from it. Kept by `state`, changed by `issue` and `refresh`.

use serde::{Deserialize, Serialize};

use super::history::{History, What};
use super::rotation::Chain;

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
}
