//! ID tokens that a careful client must refuse. Ordered through the handle, made by `jwt`.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::error::CryptoError;
use super::jwt::{join_signing_input, sign_jwt};
use super::keys::SigningKey;
use super::random::{random_alphanumeric, random_kid, random_uuid};

const HOUR_SECS: u64 = 60 * 60;

/// What is wrong with the next ID token. Everything else about it, the signature included, is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// One bit of the signature is flipped.
    Signature,
    /// `alg` is `none`, and there is no signature.
    AlgNone,
    /// `alg` is `HS256`, keyed with the client secret (of a public client: its id).
    AlgHs256,
    /// `iss` names another pool.
    Issuer,
    /// `aud` names another client.
    Audience,
    /// `nonce` is another than was sent.
    Nonce,
    /// `nonce` is absent.
    NoNonce,
    /// `token_use` is `access`.
    TokenUse,
    /// `exp` is an hour ago.
    Expired,
    /// `nbf` and `iat` are an hour ahead.
    NotYetValid,
    /// `at_hash` belongs to another access token.
    AtHash,
    /// `kid` names a key that is not in the JWKS.
    UnknownKid,
    /// `sub` is another user.
    Subject,
}

impl Tamper {
    /// Falsifies the claims where that is what is wrong; `now` in Unix seconds.
    pub(super) fn change_claims(self, claims: &mut Map<String, Value>, now: u64) {
        let mut set = |name: &str, value: Value| drop(claims.insert(name.to_owned(), value));
        match self {
            Tamper::Issuer => set("iss", json!("http://127.0.0.1:1/us-east-1_Elsewhere")),
            Tamper::Audience => set("aud", json!(random_alphanumeric(26))),
            Tamper::Nonce => set("nonce", json!(random_uuid())),
            Tamper::NoNonce => drop(claims.remove("nonce")),
            Tamper::TokenUse => set("token_use", json!("access")),
            Tamper::Expired => {
                set("iat", json!(now.saturating_sub(2 * HOUR_SECS)));
                set("exp", json!(now.saturating_sub(HOUR_SECS)));
            }
            Tamper::NotYetValid => {
                set("nbf", json!(now + HOUR_SECS));
                set("iat", json!(now + HOUR_SECS));
                set("exp", json!(now + 2 * HOUR_SECS));
            }
            Tamper::AtHash => set("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")),
            Tamper::Subject => set("sub", json!(random_uuid())),
            Tamper::Signature | Tamper::AlgNone | Tamper::AlgHs256 | Tamper::UnknownKid => {}
        }
    }

    /// Signs as this kind of tampering asks.
    pub(super) fn sign(
        self,
        key: &SigningKey,
        claims: &Map<String, Value>,
        hs256_key: &str,
    ) -> Result<String, CryptoError> {
        match self {
            Tamper::Signature => sign_jwt(key, claims).map(|token| flip_signature_bit(&token)),
            Tamper::AlgNone => Ok(join_signing_input(&key.kid, "none", claims)? + "."),
            Tamper::AlgHs256 => {
                let input = join_signing_input(&key.kid, "HS256", claims)?;
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, hs256_key.as_bytes()), input.as_bytes());
                Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(tag)))
            }
            Tamper::UnknownKid => {
                let input = join_signing_input(&random_kid(), "RS256", claims)?;
                let signature = key.sign(&input)?;
                Ok(format!("{input}.{signature}"))
            }
            _ => sign_jwt(key, claims),
        }
    }
}

/// Another character in the middle of the signature: still base64url of the right length.
fn flip_signature_bit(token: &str) -> String {
    let mut token = token.to_owned();
    let middle = token.len() - 100;
    let other = if token[middle..].starts_with('A') { "B" } else { "A" };
    token.replace_range(middle..=middle, other);
    token
}

/// Tamperings still to come, first ordered, first used.
#[derive(Default)]
pub(super) struct Tampers(Mutex<VecDeque<Tamper>>);

impl Tampers {
    pub(super) fn order(&self, tamper: Tamper) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(tamper);
    }

    pub(super) fn take(&self) -> Option<Tamper> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Map<String, Value> {
        let Value::Object(claims) = json!({
            "iss": "i", "aud": "a", "nonce": "n", "token_use": "id", "iat": 10_000, "exp": 13_600, "at_hash": "h",
            "sub": "s",
        }) else {
            panic!("an object")
        };
        claims
    }

    #[test]
    fn each_claim_tampering_changes_its_own_claims_only() {
        for (tamper, changed) in [
            (Tamper::Issuer, &["iss"][..]),
            (Tamper::Audience, &["aud"]),
            (Tamper::Nonce, &["nonce"]),
            (Tamper::NoNonce, &["nonce"]),
            (Tamper::TokenUse, &["token_use"]),
            (Tamper::Expired, &["exp", "iat"]),
            (Tamper::NotYetValid, &["exp", "iat", "nbf"]),
            (Tamper::AtHash, &["at_hash"]),
            (Tamper::Subject, &["sub"]),
            (Tamper::Signature, &[]),
            (Tamper::UnknownKid, &[]),
        ] {
            let (before, mut after) = (claims(), claims());
            tamper.change_claims(&mut after, 10_000);
            let names = before.keys().chain(after.keys()).filter(|name| before.get(*name) != after.get(*name));
            let mut names: Vec<&String> = names.collect();
            names.sort();
            names.dedup();
            assert_eq!(names, changed, "{tamper:?}");
        }
    }

    #[test]
    fn each_signing_tampering_makes_the_token_it_names() {
        let key = SigningKey::generate().unwrap();
        let sign = |tamper: Tamper| tamper.sign(&key, &claims(), "secret").unwrap();
        let good = sign_jwt(&key, &claims()).unwrap();
        let header = |token: &str| {
            let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
            serde_json::from_slice::<Value>(&header).unwrap()
        };

        let flipped = sign(Tamper::Signature);
        assert_eq!(flipped.len(), good.len());
        assert_eq!(flipped.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().0);
        assert_ne!(flipped, good);

        assert!(sign(Tamper::AlgNone).ends_with('.'));
        assert_eq!(header(&sign(Tamper::AlgNone))["alg"], "none");
        assert_eq!(header(&sign(Tamper::AlgHs256))["alg"], "HS256");
        assert_ne!(header(&sign(Tamper::UnknownKid))["kid"], key.kid.as_str());
        assert_eq!(sign(Tamper::Issuer), good, "claims are changed elsewhere");
    }
}
