//! Sign-ins become tokens here: those of the code grant, and for `refresh` those of a family. Judges access tokens
//! that come back.

use super::access_token::{AccessClaims, read_access_token};
use super::error::CryptoError;
use super::jwt::Issue;
use super::pool::Pool;
use super::random::random_uuid;
use super::refresh_token::RefreshClaims;
use super::state::{CodeGrant, Family};
use super::user::{User, has_scope};

/// Fresh tokens. No `Debug`: they are secrets.
pub(super) struct TokenSet {
    pub(super) access_token: String,
    /// Only with the scope `openid`.
    pub(super) id_token: Option<String>,
    /// Of the access token.
    pub(super) expires_in_secs: u64,
}

/// Why an access token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AccessRefusal {
    Invalid,
    Expired,
    Revoked,
    UserDeleted,
    UserDisabled,
}

impl Pool {
    /// Starts the family of a code that was just redeemed and issues its first tokens, with the refresh token.
    pub(super) fn start_family(&self, grant: CodeGrant, user: &User) -> Result<(TokenSet, String), CryptoError> {
        let now = self.now();
        let family = Family {
            origin_jti: random_uuid(),
            sub: grant.sub,
            client_id: grant.client_id,
            scope: grant.scope,
            auth_time: grant.auth_time,
            expires_at: now + self.refresh_token_secs,
            revoked: false,
            chain: None,
        };
        let refresh_token = self.seal_refresh_token(&family, random_uuid())?;
        let tokens = self.issue_tokens(user, &family, grant.nonce.as_deref())?;
        self.update(|state| state.add_family(family, now, self.access_token_secs));
        Ok((tokens, refresh_token))
    }

    /// A refresh token of a family. It ends when the sign-in does, however often it was rotated.
    pub(super) fn seal_refresh_token(&self, family: &Family, jti: String) -> Result<String, CryptoError> {
        self.keys().refresh.seal(&RefreshClaims {
            origin_jti: family.origin_jti.clone(),
            jti,
            client_id: family.client_id.clone(),
            exp: family.expires_at,
        })
    }

    /// New access and ID tokens of a family. A nonce belongs to the code grant alone.
    pub(super) fn issue_tokens(
        &self,
        user: &User,
        family: &Family,
        nonce: Option<&str>,
    ) -> Result<TokenSet, CryptoError> {
        let keys = self.keys();
        let issue = Issue {
            issuer: &self.issuer(),
            user,
            family,
            issued_at: self.now(),
            lifetime_secs: self.access_token_secs,
            event_id: random_uuid(),
        };
        let access_token = issue.sign_access_token(&keys)?;
        let id_token = if has_scope(&family.scope, "openid") {
            let hs256_key = self.client.secret.as_ref().map_or(self.client.id.as_str(), |secret| secret.reveal());
            Some(issue.sign_id_token(&keys, &access_token, nonce, self.tampers.take(), hs256_key)?)
        } else {
            None
        };
        Ok(TokenSet { access_token, id_token, expires_in_secs: self.access_token_secs })
    }

    /// Whom an access token stands for, if it is good at this moment.
    pub(super) fn check_access_token(&self, token: &str) -> Result<(AccessClaims, User), AccessRefusal> {
        let claims = read_access_token(&self.keys(), &self.issuer(), token).ok_or(AccessRefusal::Invalid)?;
        if claims.exp <= self.now() {
            return Err(AccessRefusal::Expired);
        }
        let (user, live) = self.with_state(|state| {
            let live = state.find_family(&claims.origin_jti).is_some_and(|family| !family.revoked);
            (state.find_user(&claims.sub).cloned(), live)
        });
        let user = user.ok_or(AccessRefusal::UserDeleted)?;
        if !user.enabled {
            Err(AccessRefusal::UserDisabled)
        } else if live {
            Ok((claims, user))
        } else {
            Err(AccessRefusal::Revoked)
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::super::pool::tests::test_pool;
    use super::*;

    /// A signed-in demo user, as the code grant leaves one.
    pub(in super::super) fn sign_in(pool: &Pool, scope: &str) -> (TokenSet, String) {
        let user = pool.with_state(|state| state.find_user_by_email("demo@example.com").cloned()).unwrap();
        let grant = CodeGrant {
            client_id: pool.client.id.clone(),
            redirect_uri: "http://localhost:3000/api/auth/callback/cognito".to_owned(),
            scope: scope.to_owned(),
            code_challenge: None,
            nonce: Some("nonce".to_owned()),
            sub: user.sub.clone(),
            auth_time: pool.now(),
            expires_at: pool.now() + 300,
        };
        pool.start_family(grant, &user).unwrap()
    }

    /// A pool whose clock reads what the returned number says.
    pub(in super::super) fn pool_with_clock() -> (Pool, Arc<AtomicU64>) {
        let now = Arc::new(AtomicU64::new(1_700_000_000));
        let clock = Arc::clone(&now);
        let pool = test_pool(|settings| {
            settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst)));
        });
        (pool, now)
    }

    #[test]
    fn access_tokens_expire_by_the_pools_clock() {
        let (pool, now) = pool_with_clock();
        let (tokens, _) = sign_in(&pool, "openid");
        now.fetch_add(3599, Ordering::SeqCst);
        assert!(pool.check_access_token(&tokens.access_token).is_ok());
        now.fetch_add(1, Ordering::SeqCst);
        assert_eq!(pool.check_access_token(&tokens.access_token).err(), Some(AccessRefusal::Expired));
    }

    #[test]
    fn without_openid_there_is_no_id_token() {
        let (pool, _) = pool_with_clock();
        assert!(sign_in(&pool, "aws.cognito.signin.user.admin").0.id_token.is_none());
        assert!(sign_in(&pool, "openid").0.id_token.is_some());
    }
}
