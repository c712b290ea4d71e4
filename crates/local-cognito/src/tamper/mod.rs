//! ID tokens that a careful client must refuse. Ordered through the handle, made by `jwt`; what their signature is
//! not, `forge` does.

mod forge;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::{Map, Value, json};

use super::random::{random_alphanumeric, random_uuid};

const HOUR_SECS: u64 = 60 * 60;

/// What is wrong with the next ID token. Everything else about it, the signature included, is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tamper {
    /// One bit of the signature is flipped.
    Signature,
    /// `alg` is `none`, and there is no signature.
    AlgNone,
    /// `alg` is `HS256`, keyed with the client secret (of a public client: its id).
    AlgHs256,
    /// `alg` is `HS256`, keyed with the pool's public key in PEM, which anybody can read.
    AlgHs256PublicKey,
    /// `alg` is `RS512`, and so is the signature.
    AlgRs512,
    /// `alg` is `PS256`, and so is the signature.
    AlgPs256,
    /// Signed by another key than the one that `kid` names.
    ForeignKey,
    /// Signed by a key that the token brings itself: `jwk` holds it, `jku` and `x5u` lead to this URL.
    OwnKey {
        /// Where `jku` and `x5u` lead.
        url: String,
        /// Whether `kid` names a key of the JWKS.
        has_known_kid: bool,
    },
    /// The access token stands in its place.
    AccessToken,
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
    /// These claims have these values; `null` stands for a claim that is absent.
    Claims(Vec<(&'static str, Value)>),
}

impl Tamper {
    /// Falsifies the claims where that is what is wrong; `now` in Unix seconds.
    pub(super) fn change_claims(&self, claims: &mut Map<String, Value>, now: u64) {
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
            Tamper::Claims(changes) => {
                for (name, value) in changes {
                    if value.is_null() {
                        drop(claims.remove(*name))
                    } else {
                        claims.insert((*name).to_owned(), value.clone());
                    }
                }
            }
            Tamper::Signature
            | Tamper::AlgNone
            | Tamper::AlgHs256
            | Tamper::AlgHs256PublicKey
            | Tamper::AlgRs512
            | Tamper::AlgPs256
            | Tamper::ForeignKey
            | Tamper::OwnKey { .. }
            | Tamper::AccessToken
            | Tamper::UnknownKid => {}
        }
    }
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
pub(super) mod tests {
    use super::*;

    pub(super) fn claims() -> Map<String, Value> {
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
            (Tamper::Claims(vec![("aud", json!(["a", "b"])), ("azp", json!("b"))]), &["aud", "azp"]),
            (Tamper::Claims(vec![("at_hash", Value::Null), ("absent", Value::Null)]), &["at_hash"]),
            (Tamper::Signature, &[]),
            (Tamper::AccessToken, &[]),
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
}
