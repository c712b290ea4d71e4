//! ID and access tokens, with the claims of `cognito.md` §4. Called by `issue` for every way of getting them.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::error::CryptoError;
use super::family::Family;
use super::keys::{Keys, SigningKey};
use super::random::random_uuid;
use super::tamper::Tamper;
use super::user::{User, Visible};

/// What all tokens of one issue have in common.
pub(super) struct Issue<'a> {
    pub(super) issuer: &'a str,
    pub(super) user: &'a User,
    pub(super) family: &'a Family,
    /// Unix seconds.
    pub(super) issued_at: u64,
    pub(super) access_secs: u64,
    pub(super) id_secs: u64,
    pub(super) event_id: String,
}

impl Issue<'_> {
    pub(super) fn sign_access_token(&self, keys: &Keys) -> Result<String, CryptoError> {
        let mut claims = self.common_claims("access", self.access_secs);
        claims.insert("client_id".to_owned(), json!(self.family.client_id));
        claims.insert("scope".to_owned(), json!(self.family.scope));
        claims.insert("username".to_owned(), json!(self.user.sub));
        if self.family.hosted_ui {
            claims.insert("version".to_owned(), json!(2));
        }
        // RFC 8707; without a resource there is no `aud` (`cognito.md` §4).
        if let Some(resource) = &self.family.resource {
            claims.insert("aud".to_owned(), json!(resource));
        }
        sign_jwt(&keys.access, &claims)
    }

    /// `hs256_key` serves the tampering of that name alone.
    pub(super) fn sign_id_token(
        &self,
        keys: &Keys,
        access_token: &str,
        nonce: Option<&str>,
        tamper: Option<Tamper>,
        hs256_key: &str,
    ) -> Result<String, CryptoError> {
        let mut claims = self.common_claims("id", self.id_secs);
        claims.insert("aud".to_owned(), json!(self.family.client_id));
        if self.family.hosted_ui {
            claims.insert("at_hash".to_owned(), json!(hash_access_token(access_token)));
        }
        claims.insert("cognito:username".to_owned(), json!(self.user.sub));
        let visible = if self.family.hosted_ui { Visible::under(&self.family.scope) } else { Visible::all() };
        if visible.email {
            claims.insert("email".to_owned(), json!(self.user.email));
            claims.insert("email_verified".to_owned(), json!(self.user.email_verified));
        }
        for (name, value) in self.user.attributes.iter().filter(|(name, _)| visible.shows(name)) {
            // A boolean in the token, a string everywhere else (`cognito.md` §0).
            let value = if name == "phone_number_verified" { json!(value == "true") } else { json!(value) };
            claims.insert(name.clone(), value);
        }
        if let Some(nonce) = nonce {
            claims.insert("nonce".to_owned(), json!(nonce));
        }
        let Some(tamper) = tamper else { return sign_jwt(&keys.id, &claims) };
        if tamper == Tamper::AccessToken {
            return Ok(access_token.to_owned());
        }
        tamper.change_claims(&mut claims, self.issued_at);
        tamper.sign(&keys.id, &claims, hs256_key)
    }

    fn common_claims(&self, token_use: &str, life_secs: u64) -> Map<String, Value> {
        let mut claims = Map::new();
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        set("sub", json!(self.user.sub));
        set("iss", json!(self.issuer));
        set("token_use", json!(token_use));
        set("auth_time", json!(self.family.auth_time));
        set("iat", json!(self.issued_at));
        set("exp", json!(self.issued_at + life_secs));
        set("jti", json!(random_uuid()));
        set("origin_jti", json!(self.family.origin_jti));
        set("event_id", json!(self.event_id));
        if !self.user.groups.is_empty() {
            set("cognito:groups", json!(self.user.groups));
        }
        claims
    }
}

/// OpenID Connect Core §3.1.3.6: the left half of the SHA-256 of the access token.
fn hash_access_token(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&digest(&SHA256, access_token.as_bytes()).as_ref()[..16])
}

/// Signs with RS256. The header is built here because Cognito's has `kid` before `alg` and no `typ`.
pub(super) fn sign_jwt(key: &SigningKey, claims: &Map<String, Value>) -> Result<String, CryptoError> {
    key.sign_token(&join_signing_input(&key.kid, "RS256", claims)?)
}

pub(super) fn join_signing_input(kid: &str, alg: &str, claims: &Map<String, Value>) -> Result<String, CryptoError> {
    #[derive(Serialize)]
    struct Header<'a> {
        kid: &'a str,
        alg: &'a str,
    }
    Ok(format!("{}.{}", encode_part(&Header { kid, alg })?, encode_part(claims)?))
}

pub(super) fn encode_part(part: &impl Serialize) -> Result<String, CryptoError> {
    serde_json::to_vec(part).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| CryptoError("writing a token"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::history::History;
    use super::*;

    pub(in super::super) const ISSUER: &str = "http://127.0.0.1:9400/us-east-1_LocalPool";

    pub(in super::super) fn user(groups: &[&str]) -> User {
        let mut user = User::new("demo@example.com", String::new(), 0);
        user.attributes.insert("name".to_owned(), "Demo User".to_owned());
        user.groups = groups.iter().map(|group| (*group).to_owned()).collect();
        user
    }

    pub(in super::super) fn family(scope: &str) -> Family {
        Family {
            origin_jti: random_uuid(),
            sub: String::new(),
            client_id: "abcdefghijklmnopqrstuvwxyz".to_owned(),
            scope: scope.to_owned(),
            resource: None,
            hosted_ui: true,
            auth_time: 1_700_000_000,
            expires_at: 1_800_000_000,
            revoked: false,
            chain: None,
            access_ends_before: 0,
            history: History::default(),
        }
    }

    pub(in super::super) fn issue<'a>(user: &'a User, family: &'a Family) -> Issue<'a> {
        let (issued_at, access_secs, id_secs) = (1_700_000_100, 3600, 3600);
        Issue { issuer: ISSUER, user, family, issued_at, access_secs, id_secs, event_id: random_uuid() }
    }

    fn part(token: &str, index: usize) -> Value {
        let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
        serde_json::from_slice(&part).unwrap()
    }

    fn names(claims: &Value) -> Vec<&str> {
        claims.as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn an_access_token_has_cognitos_claims_header_and_size() {
        let keys = Keys::generate().unwrap();
        let (user, family) = (user(&["admin"]), family("aws.cognito.signin.user.admin openid profile email"));
        let token = issue(&user, &family).sign_access_token(&keys).unwrap();
        let claims = part(&token, 1);
        let mut found = names(&claims);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "auth_time",
                "client_id",
                "cognito:groups",
                "event_id",
                "exp",
                "iat",
                "iss",
                "jti",
                "origin_jti",
                "scope",
                "sub",
                "token_use",
                "username",
                "version"
            ]
        );
        assert_eq!(claims["username"], user.sub.as_str());
        assert_eq!((&claims["version"], &claims["token_use"]), (&json!(2), &json!("access")));
        assert_eq!((&claims["iat"], &claims["exp"]), (&json!(1_700_000_100), &json!(1_700_003_700)));
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        assert_eq!(header, format!(r#"{{"kid":"{}","alg":"RS256"}}"#, keys.access.kid).into_bytes());
        assert!((950..=1150).contains(&token.len()), "{}", token.len());
    }

    #[test]
    fn an_id_token_has_cognitos_claims_and_another_key() {
        let keys = Keys::generate().unwrap();
        let (user, family) = (user(&[]), family("openid profile email"));
        let token = issue(&user, &family).sign_id_token(&keys, "access", Some("n"), None, "").unwrap();
        let claims = part(&token, 1);
        let mut found = names(&claims);
        found.sort_unstable();
        assert_eq!(
            found,
            [
                "at_hash",
                "aud",
                "auth_time",
                "cognito:username",
                "email",
                "email_verified",
                "event_id",
                "exp",
                "iat",
                "iss",
                "jti",
                "name",
                "nonce",
                "origin_jti",
                "sub",
                "token_use"
            ]
        );
        assert_eq!(claims["email_verified"], json!(true), "a boolean here, a string in userInfo");
        assert_eq!(claims["cognito:username"], user.sub.as_str());
        assert_eq!(part(&token, 0)["kid"], keys.id.kid.as_str());
        assert_ne!(keys.id.kid, keys.access.kid);
    }

    #[test]
    fn at_hash_is_that_of_the_specification() {
        // OpenID Connect Core, appendix A.3: access token and the at_hash that belongs to it.
        assert_eq!(hash_access_token("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
