//! Refresh tokens that come back: exchanged for new tokens, or revoked. The same for the refresh grant, InitiateAuth,
//! GetTokensFromRefreshToken and both ways to revoke; `rotation` says which token of a family is still good.

use super::error::CryptoError;
use super::issue::TokenSet;
use super::pool::Pool;
use super::random::random_uuid;
use super::rotation::Chain;
use super::state::{Family, State};
use super::user::User;

/// Why a refresh token gets nothing. The JSON API tells these apart, the token endpoint does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefreshRefusal {
    Invalid,
    DifferentClient,
    Revoked,
    Expired,
    UserDeleted,
    UserDisabled,
    /// Rotated away: the family has a newer one.
    Reused,
}

/// A refresh token that this pool made for the client that brought it.
pub(super) struct PresentedToken {
    /// In whatever condition, and as it was a moment ago.
    pub(super) family: Family,
    jti: String,
}

/// A refresh token that was accepted: what is to be issued for it.
pub(super) struct Exchange {
    user: User,
    family: Family,
    /// Of the refresh token that takes its place; `None` without rotation.
    next_jti: Option<String>,
}

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
        family.map(|family| PresentedToken { family, jti: claims.jti }).ok_or(forgotten)
    }

    /// Accepts a token, or says why not. With a grace the token is rotated: judged and replaced under one lock, so
    /// that of two requests with the same token the second is a replay.
    pub(super) fn exchange(&self, token: &PresentedToken, grace_secs: Option<u64>) -> Result<Exchange, RefreshRefusal> {
        let now = self.now();
        let Some(grace_secs) = grace_secs else {
            return self.with_state(|state| {
                let (family, user) = check_family(state, &token.family.origin_jti, now)?;
                let newest = family.chain.as_ref().is_none_or(|chain| chain.is_newest(&token.jti));
                let exchange = || Exchange { user, family: family.clone(), next_jti: None };
                newest.then(exchange).ok_or(RefreshRefusal::Reused)
            });
        };
        let next_jti = random_uuid();
        self.update(|state| {
            let (family, user) = check_family(state, &token.family.origin_jti, now)?;
            let chain = family.chain.get_or_insert_with(|| Chain::start(&token.jti));
            if !chain.rotate(&token.jti, &next_jti, now, grace_secs) {
                return Err(RefreshRefusal::Reused);
            }
            Ok(Exchange { user, family: family.clone(), next_jti: Some(next_jti) })
        })
    }

    /// The tokens of an exchange.
    pub(super) fn issue_exchange(&self, exchange: Exchange) -> Result<Refreshed, CryptoError> {
        let Exchange { user, family, next_jti } = exchange;
        let refresh_token = next_jti.map(|jti| self.seal_refresh_token(&family, jti)).transpose()?;
        Ok(Refreshed { tokens: self.issue_tokens(&user, &family, None)?, refresh_token })
    }

    /// Ends the family of its newest or its first refresh token, and nothing but the token's own grace for one in
    /// between (`cognito.md` §3.3). A token that is unknown or ended already is no error (§3.4).
    pub(super) fn revoke(&self, refresh_token: &str, client_id: &str) -> Result<(), RefreshRefusal> {
        match self.find_token(refresh_token, client_id) {
            Ok(token) => {
                self.update(|state| {
                    let Some(family) = state.find_family_mut(&token.family.origin_jti) else { return };
                    let ends = family.chain.as_mut().is_none_or(|chain| chain.revoke(&token.jti));
                    family.revoked |= ends;
                });
                Ok(())
            }
            Err(RefreshRefusal::DifferentClient) => Err(RefreshRefusal::DifferentClient),
            Err(_) => Ok(()),
        }
    }
}

/// Whether a family may still refresh, and for whom. The user comes first: disabling also revokes, and the better
/// reason is that the user is disabled.
fn check_family<'a>(
    state: &'a mut State,
    origin_jti: &str,
    now: u64,
) -> Result<(&'a mut Family, User), RefreshRefusal> {
    let sub = &state.find_family(origin_jti).ok_or(RefreshRefusal::Invalid)?.sub;
    let user = state.find_user(sub).cloned().ok_or(RefreshRefusal::UserDeleted)?;
    let family = state.find_family_mut(origin_jti).ok_or(RefreshRefusal::Invalid)?;
    if !user.enabled {
        Err(RefreshRefusal::UserDisabled)
    } else if family.revoked {
        Err(RefreshRefusal::Revoked)
    } else if family.expires_at <= now {
        Err(RefreshRefusal::Expired)
    } else {
        Ok((family, user))
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
        let exchange = pool.exchange(&pool.find_token(token, &pool.client.id)?, Some(grace_secs))?;
        Ok(pool.issue_exchange(exchange).unwrap().refresh_token.unwrap())
    }

    fn refusal(pool: &Pool, token: &str) -> Option<RefreshRefusal> {
        let token = pool.find_token(token, &pool.client.id);
        token.and_then(|token| pool.exchange(&token, None)).err()
    }

    #[test]
    fn a_refresh_token_is_refused_for_each_reason_by_its_name() {
        let (pool, now) = pool_with_clock();
        let (_, token) = sign_in(&pool, "openid");
        assert_eq!(refusal(&pool, &token), None);
        assert_eq!(refusal(&pool, "garbage"), Some(RefreshRefusal::Invalid));
        assert_eq!(pool.find_token(&token, "another").err(), Some(RefreshRefusal::DifferentClient));

        now.fetch_add(pool.refresh_token_secs, Ordering::SeqCst);
        assert_eq!(refusal(&pool, &token), Some(RefreshRefusal::Expired));
        now.fetch_add(pool.access_token_secs, Ordering::SeqCst);
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
            assert_eq!(pool.revoke(&refresh_token, &pool.client.id), Ok(()));
        }
        assert_eq!(pool.revoke("never issued", &pool.client.id), Ok(()));
        assert_eq!(pool.revoke(&refresh_token, "another"), Err(RefreshRefusal::DifferentClient));
        assert_eq!(refusal(&pool, &refresh_token), Some(RefreshRefusal::Revoked));
        assert_eq!(pool.check_access_token(&tokens.access_token).err(), Some(AccessRefusal::Revoked));
    }

    #[test]
    fn a_rotated_token_lives_no_longer_than_the_first_one_would_have() {
        let (pool, now) = pool_with_clock();
        let (_, first) = sign_in(&pool, "openid");
        now.fetch_add(pool.refresh_token_secs - 10, Ordering::SeqCst);
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
