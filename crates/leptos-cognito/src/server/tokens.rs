//! The tokens of a sign-in or refresh, and the checks of the ID token (OpenID Connect Core §3.1.3.7; B12–B16, B18).

use std::time::Duration;

use aws_lc_rs::digest;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::{Deserialize, de::DeserializeOwned};

use super::{
    clock::UnixTime,
    error::Cause,
    id_claims::{Claims, IdClaims},
    secret::Secret,
};

/// Leeway for the clocks of two machines, in seconds (B13).
const LEEWAY_SECS: u64 = 60;

/// What the token endpoint or `InitiateAuth` gave.
#[derive(Clone, Debug)]
pub(super) struct TokenSet {
    pub(super) access_token: Secret,
    /// When the access token ends: receipt plus `expires_in`.
    pub(super) access_expires_at: UnixTime,
    pub(super) id_token: Option<Secret>,
    /// Absent after a refresh without rotation: the old one stays good (B33).
    pub(super) refresh_token: Option<Secret>,
}

/// What an ID token has to agree with.
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    /// This sign-in's nonce; none after a refresh, whose ID token has none.
    pub(super) nonce: Option<&'a str>,
    pub(super) access_token: &'a Secret,
    /// The server's time, where the token's own times count. None after a refresh: the token came straight from
    /// Cognito, and a server's clock that is wrong must not end a session.
    pub(super) now: Option<UnixTime>,
}

/// The id of the key that the token says it is signed with. Other algorithms than RS256 end here (B12); a `jku`,
/// `x5u` or `jwk` in the header is never looked at (B17).
pub(super) fn signing_key_id(id_token: &Secret) -> Result<String, Cause> {
    let header = decode_header(id_token.expose()).map_err(|_| Cause::IdToken("its header is malformed"))?;
    if header.alg != Algorithm::RS256 {
        return Err(Cause::IdToken("it is not signed with RS256"));
    }
    header.kid.ok_or(Cause::IdToken("it names no key"))
}

/// The claims, if signature and every claim pass.
pub(super) fn verify_id_token(
    id_token: &Secret,
    key: &DecodingKey,
    expected: &Expected<'_>,
) -> Result<IdClaims, Cause> {
    // Times are checked below, against the server's clock and not the library's.
    let mut signature_only = Validation::new(Algorithm::RS256);
    signature_only.validate_exp = false;
    signature_only.validate_aud = false;
    signature_only.required_spec_claims.clear();
    let claims = decode::<Claims>(id_token.expose(), key, &signature_only).map_err(|error| match error.kind() {
        jsonwebtoken::errors::ErrorKind::InvalidSignature => Cause::IdToken("its signature is wrong"),
        _ => Cause::IdToken("it is malformed"),
    })?;
    check_claims(IdClaims::read(&claims.claims)?, expected)
}

/// What an ID token says whose key cannot be had, if every claim passes. Good for refusing the token, never for
/// believing it: nobody knows who signed it.
pub(super) fn unverified_claims(id_token: &Secret, expected: &Expected<'_>) -> Result<IdClaims, Cause> {
    let claims: Claims = read_claims(id_token).ok_or(Cause::IdToken("it is malformed"))?;
    check_claims(IdClaims::read(&claims)?, expected)
}

fn check_claims(claims: IdClaims, expected: &Expected<'_>) -> Result<IdClaims, Cause> {
    let refused = [
        (claims.iss != expected.issuer, "another issuer made it"),
        (claims.token_use != "id", "it is not an ID token (token_use)"),
        (!claims.is_for(expected.client_id), "it is for another client (aud)"),
        (expected.now.is_some_and(|now| now > claims.exp.plus(leeway())), "it has expired"),
        (expected.now.is_some_and(|now| claims.iat > now.plus(leeway())), "it is from the future (iat)"),
        (
            expected.now.is_some_and(|now| claims.nbf.is_some_and(|nbf| nbf > now.plus(leeway()))),
            "it is not valid yet (nbf)",
        ),
        (expected.nonce.is_some_and(|nonce| claims.nonce.as_deref() != Some(nonce)), "its nonce is another sign-in's"),
        (
            claims.at_hash.as_deref().is_some_and(|hash| hash != at_hash(expected.access_token)),
            "the access token beside it is another (at_hash)",
        ),
    ];
    match refused.into_iter().find(|(is_refused, _)| *is_refused) {
        Some((_, why)) => Err(Cause::IdToken(why)),
        None => Ok(claims),
    }
}

fn leeway() -> Duration {
    Duration::from_secs(LEEWAY_SECS)
}

/// Where an answer does not say how long the access token lives (it need not: RFC 6749 §5.1, `AuthenticationResultType`),
/// the token itself does, being a JWT. Its end less its beginning, so that no two clocks are compared. Unchecked: nothing
/// hangs on it but when the next refresh is due.
pub(super) fn own_lifetime(access_token: &Secret) -> Option<Duration> {
    #[derive(Deserialize)]
    struct Times {
        iat: UnixTime,
        exp: UnixTime,
    }
    let times: Times = read_claims(access_token)?;
    Some(times.exp.since(times.iat)).filter(|lifetime| !lifetime.is_zero())
}

/// The app client that an access token is for (`client_id`, RFC 9068 §2.2). Unchecked: for a token that is known to come
/// from Cognito.
pub(super) fn client_of(access_token: &Secret) -> Option<String> {
    #[derive(Deserialize)]
    struct Client {
        client_id: String,
    }
    read_claims(access_token).map(|Client { client_id }| client_id)
}

/// The groups in an access token. Unchecked, as [`client_of`]; none where the claim is not what it should be.
pub(super) fn groups_of(access_token: &Secret) -> Option<Vec<String>> {
    #[derive(Deserialize)]
    struct Groups {
        #[serde(rename = "cognito:groups", default)]
        groups: Vec<String>,
    }
    read_claims(access_token).map(|Groups { groups }| groups)
}

/// The claims of a token as they stand there.
fn read_claims<T: DeserializeOwned>(token: &Secret) -> Option<T> {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.expose().split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// The left half of the access token's SHA-256 (OpenID Connect Core §3.1.3.6).
fn at_hash(access_token: &Secret) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.expose().as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_tells_its_own_lifetime() {
        for (claims, secs) in [
            (r#"{"iat":1000,"exp":2800,"scope":"openid"}"#, Some(1800)),
            (r#"{"iat":2000,"exp":2000}"#, None),
            (r#"{"iat":2000,"exp":1000}"#, None),
            (r#"{"exp":1000}"#, None),
        ] {
            let token = Secret::new(format!("e30.{}.c2ln", BASE64_URL_SAFE_NO_PAD.encode(claims)));
            assert_eq!(own_lifetime(&token), secs.map(Duration::from_secs), "{claims}");
        }
        for opaque in ["", "opaque", "a.b.c", "..", "a.e30.c"] {
            assert_eq!(own_lifetime(&Secret::new(opaque)), None, "{opaque}");
        }
    }

    #[test]
    fn b15_at_hash_is_the_left_half_of_the_hash() {
        // OpenID Connect Core, appendix A.3.
        let token = Secret::new("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y");
        assert_eq!(at_hash(&token), "77QmUPtjPfzWtF2AnpK9RQ");
    }
}
