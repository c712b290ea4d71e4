//! Where new tokens come from: Cognito, or a test's model of it. What `refresher` knows of the identity provider.

use super::{id_claims::IdClaims, secret::Secret, tokens::TokenSet, verdict::RefreshFailure};

/// What new tokens are asked for with, and whom they have to be for.
#[derive(Clone, Debug)]
pub(super) struct RefreshGrant {
    pub(super) refresh_token: Secret,
    /// The pool's real username, for `SECRET_HASH`.
    pub(super) username: String,
    /// The `sub` that the new ID token has to have.
    pub(super) subject: String,
    /// Names the session in logs.
    pub(super) log_id: String,
    /// How often the session has been renewed before.
    pub(super) generation: u32,
}

/// New tokens for a session.
pub(super) struct Renewal {
    pub(super) tokens: TokenSet,
    /// The new ID token's claims, where one came and could be checked.
    pub(super) claims: Option<IdClaims>,
}

/// Renews a session's tokens.
pub(super) trait TokenSource: Send + Sync + 'static {
    /// Asks for new tokens, once.
    fn renew(&self, grant: RefreshGrant) -> impl Future<Output = Result<Renewal, RefreshFailure>> + Send;
}
