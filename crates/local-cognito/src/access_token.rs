//! Access tokens that come back: read for GetUser and `userInfo`, and told from refresh tokens for revocation.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::keys::Keys;

/// The claims of an access token that the pool acts on.
#[derive(Deserialize)]
pub(super) struct AccessClaims {
    pub(super) sub: String,
    pub(super) scope: String,
    pub(super) origin_jti: String,
    pub(super) iat: u64,
    pub(super) exp: u64,
    iss: String,
    token_use: String,
}

/// Reads an access token of this pool. Says nothing about expiry or revocation: those are the caller's, by the
/// pool's clock and records. `None` for anything else, an ID token included.
pub(super) fn read_access_token(keys: &Keys, issuer: &str, token: &str) -> Option<AccessClaims> {
    let key = keys.find_access_verifier(&decode_header(token).ok()?.kid?)?;
    let mut validation = Validation::new(Algorithm::RS256);
    // The library would compare with the system's clock.
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let claims = decode::<AccessClaims>(token, key, &validation).ok()?.claims;
    (claims.iss == issuer && claims.token_use == "access").then_some(claims)
}

/// What a signed token says of itself, whoever signed it: only to find out who is to check it.
pub(super) fn read_unverified_claims<T: DeserializeOwned>(token: &str) -> Option<T> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

/// Whether this is a signed token rather than a refresh token: `/oauth2/revoke` and RevokeToken refuse those.
pub(super) fn is_signed_token(token: &str) -> bool {
    decode_header(token).is_ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::super::jwt::sign_jwt;
    use super::super::jwt::tests::{ISSUER, family, issue, user};
    use super::super::tamper::Tamper;
    use super::*;

    #[test]
    fn only_access_tokens_of_this_pool_are_read() {
        let (keys, foreign) = (Keys::generate().unwrap(), Keys::generate().unwrap());
        let (user, family) = (user(&[]), family("openid"));
        let issue = issue(&user, &family);
        let access = issue.sign_access_token(&keys).unwrap();
        assert_eq!(read_access_token(&keys, ISSUER, &access).unwrap().origin_jti, family.origin_jti);
        assert_eq!(read_access_token(&keys.rotate().unwrap(), ISSUER, &access).unwrap().sub, user.sub);

        let id = issue.sign_id_token(&keys, &access, None, None, "").unwrap();
        let altered = Tamper::Signature.sign(&keys.access, &Map::new(), "").unwrap();
        // Signed with the right key, and still no access token.
        let id_claims = Map::from_iter(
            [("iss", ISSUER), ("sub", "s"), ("scope", "openid"), ("origin_jti", "o"), ("token_use", "id")]
                .map(|(name, value)| (name.to_owned(), json!(value)))
                .into_iter()
                .chain([("iat".to_owned(), json!(1_700_000_100)), ("exp".to_owned(), json!(1_700_003_700))]),
        );
        let other_use = sign_jwt(&keys.access, &id_claims).unwrap();
        for token in [&id, &altered, &other_use, &issue.sign_access_token(&foreign).unwrap(), "garbage", ""] {
            assert!(read_access_token(&keys, ISSUER, token).is_none(), "{token:.20}");
        }
        assert!(read_access_token(&keys, "http://elsewhere", &access).is_none());
        assert!(is_signed_token(&access) && is_signed_token(&id) && !is_signed_token("a.b.c.d.e"));
    }
}
