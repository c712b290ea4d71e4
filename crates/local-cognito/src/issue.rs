//! Sign-ins become tokens here, and for `refresh` those of a family. Judges access tokens that come back.

use super::access_token::{AccessClaims, read_access_token};
use super::client::Client;
use super::error::CryptoError;
use super::family::Family;
use super::history::{History, What, short_hash};
use super::jwt::Issue;
use super::pool::Pool;
use super::random::random_uuid;
use super::refresh_token::RefreshClaims;
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

/// A sign-in that is to become a family.
pub(super) struct SignIn {
    pub(super) scope: String,
    pub(super) resource: Option<String>,
    pub(super) nonce: Option<String>,
    /// When the person typed the password, in Unix seconds.
    pub(super) auth_time: u64,
    pub(super) hosted_ui: bool,
}

impl Pool {
    /// Starts a family and issues its first tokens, with the refresh token.
    pub(super) fn start_family(
        &self,
        client: &Client,
        user: &User,
        sign_in: SignIn,
        via: &str,
    ) -> Result<(TokenSet, String), CryptoError> {
        let now = self.now();
        let mut family = Family {
            origin_jti: random_uuid(),
            sub: user.sub.clone(),
            client_id: client.id.clone(),
            scope: sign_in.scope,
            resource: sign_in.resource,
            hosted_ui: sign_in.hosted_ui,
            auth_time: sign_in.auth_time,
            expires_at: now + client.settings.refresh_token_secs,
            revoked: false,
            chain: None,
            access_ends_before: 0,
            history: History::default(),
        };
        let refresh_token = self.seal_refresh_token(&family, random_uuid())?;
        let tokens = self.issue_tokens(client, user, &family, sign_in.nonce.as_deref())?;
        let access = short_hash(&tokens.access_token);
        family.history.note(now, via, What::Issued { access, refresh: short_hash(&refresh_token) });
        self.update(|state| state.add_family(family, now, client.settings.access_token_secs));
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
        client: &Client,
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
            access_secs: client.settings.access_token_secs,
            id_secs: client.settings.id_token_secs,
            event_id: random_uuid(),
        };
        let access_token = issue.sign_access_token(&keys)?;
        let id_token = if !family.hosted_ui || has_scope(&family.scope, "openid") {
            let hs256_key = client.secret.as_ref().map_or(client.id.as_str(), |secret| secret.reveal());
            Some(issue.sign_id_token(&keys, &access_token, nonce, self.common.tampers.take(), hs256_key)?)
        } else {
            None
        };
        Ok(TokenSet { access_token, id_token, expires_in_secs: client.settings.access_token_secs })
    }

    /// Whom an access token stands for, if it is good at this moment.
    pub(super) fn check_access_token(&self, token: &str) -> Result<(AccessClaims, User), AccessRefusal> {
        let claims = read_access_token(&self.keys(), &self.issuer(), token).ok_or(AccessRefusal::Invalid)?;
        if claims.exp <= self.now() {
            return Err(AccessRefusal::Expired);
        }
        self.with_state(|state| {
            let user = state.find_user(&claims.sub).cloned().ok_or(AccessRefusal::UserDeleted)?;
            if !user.enabled {
                return Err(AccessRefusal::UserDisabled);
            }
            match state.find_family(&claims.origin_jti).filter(|family| !family.revoked) {
                None => Err(AccessRefusal::Revoked),
                Some(family) if family.has_expired_access(&short_hash(token), claims.iat) => {
                    Err(AccessRefusal::Expired)
                }
                Some(_) => Ok((claims, user)),
            }
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, UNIX_EPOCH};

    use super::super::service::Service;
    use super::super::service::tests::test_service;
    use super::*;

    /// A signed-in demo user, as the code grant leaves one.
    pub(in super::super) fn sign_in(pool: &Pool, scope: &str) -> (TokenSet, String) {
        let user = pool.with_state(|state| state.find_user_by_email("demo@example.com").cloned()).unwrap();
        let sign_in = SignIn {
            scope: scope.to_owned(),
            resource: None,
            nonce: Some("nonce".to_owned()),
            auth_time: pool.now(),
            hosted_ui: true,
        };
        pool.start_family(&pool.client(), &user, sign_in, "test").unwrap()
    }

    /// A service with one pool, whose clock reads what the returned number says.
    pub(in super::super) fn service_with_clock() -> (Service, Arc<AtomicU64>) {
        let now = Arc::new(AtomicU64::new(1_700_000_000));
        let clock = Arc::clone(&now);
        let service = test_service(|settings| {
            settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst)));
        });
        (service, now)
    }

    /// That pool alone.
    pub(in super::super) fn pool_with_clock() -> (Arc<Pool>, Arc<AtomicU64>) {
        let (service, now) = service_with_clock();
        (Arc::clone(&service.pools[0]), now)
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
