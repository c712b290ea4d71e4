//! An authorization code before it is redeemed. Made by `authorize`, kept by `state`, redeemed by `token_endpoint`.

/// What an authorization code stands for.
#[derive(Clone)]
pub(super) struct CodeGrant {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) scope: String,
    pub(super) code_challenge: Option<String>,
    pub(super) nonce: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) sub: String,
    pub(super) auth_time: u64,
    pub(super) expires_at: u64,
}
