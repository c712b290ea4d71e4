//! Refresh tokens that come back: exchanged for new tokens, or revoked. The same for the refresh grant, InitiateAuth,
//! GetTokensFromRefreshToken and both ways to revoke; `rotation` says which token of a family is still good.

use super::client::Client;
use super::error::CryptoError;
use super::history::{What, short_hash};
use super::issue::TokenSet;
use super::pool::Pool;
use super::random::random_uuid;
use super::refresh_verdict::{Exchange, PresentedToken, RefreshRefusal, judge};
use super::rotation::Step;

/// What a refresh gets. No `Debug`: they are secrets.
pub(super) struct Refreshed {
    pub(super) tokens: TokenSet,
    /// Only with rotation.
    pub(super) refresh_token: Option<String>,
}

impl Pool {
    /// Rests on decryption and on the pool's record.
    pub(super) fn find_token(&self, refresh_token: &str, client_id: &str) -> Result<PresentedToken, RefreshRefusal> {
        let claims = self.keys().refresh.open(refresh_token).ok_or(RefreshRefusal::Invalid)?;
        if claims.client_id != client_id {
            return Err(RefreshRefusal::DifferentClient);
        }
        let family = self.with_state(|state| state.find_family(&claims.origin_jti).cloned());
        // A family is forgotten some time after it ended; the token still knows that it did.
        let forgotten = if claims.exp <= self.now() { RefreshRefusal::Expired } else { RefreshRefusal::Invalid };
        let hash = short_hash(refresh_token);
        family.map(|family| PresentedToken { family, jti: claims.jti, hash }).ok_or(forgotten)
    }

    /// Accepts a token, or says why not. With rotation the token is judged and replaced under one lock, so that of two
    /// requests with the same token the second is a replay.
    pub(super) fn exchange(
        &self,
        client: &Client,
        token: &PresentedToken,
        via: &str,
    ) -> Result<Exchange, RefreshRefusal> {
        let now = self.now();
        let next_jti = random_uuid();
        self.update(|state| {
            let judged = judge(state, token, client.settings.rotation_grace_secs, &next_jti, now);
            if let (Err(refusal), Some(family)) = (&judged, state.find_family_mut(&token.family.origin_jti)) {
                family.history.note(now, via, refusal.to_event(token.hash.clone()));
            }
            judged
        })
    }

    /// The tokens of an exchange.
    pub(super) fn issue_exchange(
        &self,
        client: &Client,
        exchange: Exchange,
        via: &str,
    ) -> Result<Refreshed, CryptoError> {
        let Exchange { user, family, next, refresh } = exchange;
        let tokens = self.issue_tokens(client, &user, &family, None)?;
        let access = short_hash(&tokens.access_token);
        let (refresh_token, what) = match next {
            None => (None, What::Renewed { access, refresh }),
            Some((jti, step)) => {
                let token = self.seal_refresh_token(&family, jti)?;
                let next = short_hash(&token);
                let what = match step {
                    Step::Rotated => What::Rotated { access, refresh, next },
                    Step::Forked => What::Forked { access, refresh, next },
                };
                (Some(token), what)
            }
        };
        let now = self.now();
        self.update(|state| {
            if let Some(family) = state.find_family_mut(&family.origin_jti) {
                family.history.note(now, via, what);
            }
        });
        Ok(Refreshed { tokens, refresh_token })
    }

    /// Ends the family of its newest or its first refresh token, and nothing but the token's own grace for one in
    /// between (`cognito.md` §3.3). A token that is unknown or ended already is no error (§3.4).
    pub(super) fn revoke(&self, refresh_token: &str, client_id: &str, via: &str) -> Result<(), RefreshRefusal> {
        match self.find_token(refresh_token, client_id) {
            Ok(token) => {
                let now = self.now();
                self.update(|state| {
                    let Some(family) = state.find_family_mut(&token.family.origin_jti) else { return };
                    if family.chain.as_mut().is_none_or(|chain| chain.revoke(&token.jti)) {
                        family.revoke(now, via);
                    } else {
                        family.history.note(now, via, What::GraceRevoked { refresh: token.hash });
                    }
                });
                Ok(())
            }
            Err(RefreshRefusal::DifferentClient) => Err(RefreshRefusal::DifferentClient),
            Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::super::issue::AccessRefusal;
    use super::super::issue::tests::{pool_with_clock, sign_in};
    use super::*;

    /// The next refresh token, or why there is none.
    fn rotate(pool: &Pool, token: &str, grace_secs: u64) -> Result<String, RefreshRefusal> {
        pool.set_rotation(Some(grace_secs));
        let client = pool.client();
        let exchange = pool.exchange(&client, &pool.find_token(token, &client.id)?, "test")?;
        Ok(pool.issue_exchange(&client, exchange, "test").unwrap().refresh_token.unwrap())
    }

    fn refusal(pool: &Pool, token: &str) -> Option<RefreshRefusal> {
        pool.set_rotation(None);
        let client = pool.client();
        let token = pool.find_token(token, &client.id);
        token.and_then(|token| pool.exchange(&client, &token, "test")).err()
    }

    #[test]
    fn a_refresh_token_is_refused_for_each_reason_by_its_name() {
        let (pool, now) = pool_with_clock();
        let (_, token) = sign_in(&pool, "openid");
        assert_eq!(refusal(&pool, &token), None);
        assert_eq!(refusal(&pool, "garbage"), Some(RefreshRefusal::Invalid));
        assert_eq!(pool.find_token(&token, "another").err(), Some(RefreshRefusal::DifferentClient));

        now.fetch_add(pool.client().settings.refresh_token_secs, Ordering::SeqCst);
        assert_eq!(refusal(&pool, &token), Some(RefreshRefusal::Expired));
        now.fetch_add(pool.client().settings.access_token_secs, Ordering::SeqCst);
        sign_in(&pool, "openid");
        assert!(
            pool.with_state(|state| state.find_family(&pool.keys().refresh.open(&token).unwrap().origin_jti).is_none())
        );
        assert_eq!(refusal(&pool, &token), Some(RefreshRefusal::Expired), "forgotten, and still expired");
    }

    #[test]
    fn revoking_is_idempotent_and_ends_access_tokens_as_well() {
        let (pool, _) = pool_with_clock();
        let (tokens, refresh_token) = sign_in(&pool, "openid");
        assert!(pool.check_access_token(&tokens.access_token).is_ok());
        for _ in 0..2 {
            assert_eq!(pool.revoke(&refresh_token, &pool.client().id, "test"), Ok(()));
        }
        assert_eq!(pool.revoke("never issued", &pool.client().id, "test"), Ok(()));
        assert_eq!(pool.revoke(&refresh_token, "another", "test"), Err(RefreshRefusal::DifferentClient));
        assert_eq!(refusal(&pool, &refresh_token), Some(RefreshRefusal::Revoked));
        assert_eq!(pool.check_access_token(&tokens.access_token).err(), Some(AccessRefusal::Revoked));
    }

    #[test]
    fn a_rotated_token_lives_no_longer_than_the_first_one_would_have() {
        let (pool, now) = pool_with_clock();
        let (_, first) = sign_in(&pool, "openid");
        now.fetch_add(pool.client().settings.refresh_token_secs - 10, Ordering::SeqCst);
        let second = rotate(&pool, &first, 60).unwrap();
        now.fetch_add(9, Ordering::SeqCst);
        let third = rotate(&pool, &second, 60).unwrap();
        now.fetch_add(1, Ordering::SeqCst);
        for token in [&first, &second, &third] {
            assert_eq!(rotate(&pool, token, 60).err(), Some(RefreshRefusal::Expired));
        }
        let exp = |token: &str| pool.keys().refresh.open(token).unwrap().exp;
        assert_eq!((exp(&second), exp(&third)), (exp(&first), exp(&first)));
    }

    #[test]
    fn turning_rotation_off_leaves_the_newest_token_and_no_grace() {
        let (pool, _) = pool_with_clock();
        let (_, first) = sign_in(&pool, "openid");
        let second = rotate(&pool, &first, 60).unwrap();
        assert_eq!(refusal(&pool, &first), Some(RefreshRefusal::Reused));
        assert_eq!(refusal(&pool, &second), None);
        assert!(rotate(&pool, &first, 60).is_ok(), "on again, and still within the grace");
    }
}
