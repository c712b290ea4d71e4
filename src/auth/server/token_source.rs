//! Where new tokens come from: Cognito, or a test's model of it. What `refresher` knows of the identity provider.

use super::{id_claims::IdClaims, sealed_session::SealedSession, tokens::TokenSet, verdict::RefreshFailure};

/// New tokens for a session.
pub(super) struct Renewal {
    pub(super) tokens: TokenSet,
    /// The new ID token's claims, where one came and could be checked.
    pub(super) claims: Option<IdClaims>,
}

/// Renews a session's tokens.
pub(super) trait TokenSource: Send + Sync + 'static {
    /// Asks for new tokens, once.
    fn renew(&self, session: &SealedSession) -> impl Future<Output = Result<Renewal, RefreshFailure>> + Send;
}
