//! The pool's RSA keys: one signs ID tokens, another access tokens, a third wraps refresh tokens. Made at the
//! first start, kept in the state file, replaced by `rotate_signing_keys`.

use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize, PublicKeyComponents};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaEncoding};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::DecodingKey;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::CryptoError;
use super::random::random_kid;
use super::refresh_token::RefreshKey;

/// Access-token keys that were replaced still open tokens at the pool itself, as at Cognito; this many are kept.
const RETIRED_KEYS_KEPT: usize = 8;

/// A key as the state file holds it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeyRecord {
    kid: String,
    /// PKCS#8, base64.
    private_key: String,
}

/// All keys as the state file holds them.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeyRecords {
    id: KeyRecord,
    access: KeyRecord,
    /// PKCS#8, base64.
    refresh: String,
}

/// One RS256 key with its name in the JWKS.
pub(super) struct SigningKey {
    pub(super) kid: String,
    pair: KeyPair,
    modulus: String,
    exponent: String,
}

impl SigningKey {
    pub(super) fn generate() -> Result<SigningKey, CryptoError> {
        let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| CryptoError("making an RSA key"))?;
        Ok(SigningKey::named(random_kid(), pair))
    }

    fn load(record: &KeyRecord) -> Result<SigningKey, CryptoError> {
        let der = STANDARD.decode(&record.private_key).map_err(|_| CryptoError("reading a stored key"))?;
        let pair = KeyPair::from_pkcs8(&der).map_err(|_| CryptoError("reading a stored key"))?;
        Ok(SigningKey::named(record.kid.clone(), pair))
    }

    fn named(kid: String, pair: KeyPair) -> SigningKey {
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let [modulus, exponent] = [public.n, public.e].map(|part| URL_SAFE_NO_PAD.encode(part));
        SigningKey { kid, pair, modulus, exponent }
    }

    fn record(&self) -> Result<KeyRecord, CryptoError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| CryptoError("writing a key"))?;
        Ok(KeyRecord { kid: self.kid.clone(), private_key: STANDARD.encode(der.as_ref()) })
    }

    /// Header and claims, followed by their RS256 signature.
    pub(super) fn sign_token(&self, input: &str) -> Result<String, CryptoError> {
        self.sign_as(&RSA_PKCS1_SHA256, input)
    }

    /// As `sign_token`, by another algorithm.
    pub(super) fn sign_as(&self, encoding: &'static dyn RsaEncoding, input: &str) -> Result<String, CryptoError> {
        let mut signature = vec![0; self.pair.public_modulus_len()];
        self.pair
            .sign(encoding, &SystemRandom::new(), input.as_bytes(), &mut signature)
            .map_err(|_| CryptoError("signing a token"))?;
        Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The same key under another name.
    pub(super) fn renamed(self, kid: String) -> SigningKey {
        SigningKey { kid, ..self }
    }

    /// The public key as `SubjectPublicKeyInfo` in PEM (RFC 7468 §13).
    pub(super) fn to_public_pem(&self) -> Result<String, CryptoError> {
        let der: PublicKeyX509Der<'_> = self.pair.public_key().as_der().map_err(|_| CryptoError("writing a key"))?;
        let text = STANDARD.encode(der.as_ref());
        let lines: Vec<&str> = (0..text.len()).step_by(64).map(|at| &text[at..text.len().min(at + 64)]).collect();
        Ok(format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n")))
    }

    pub(super) fn to_jwk(&self) -> Value {
        json!({
            "alg": "RS256", "e": self.exponent, "kid": self.kid, "kty": "RSA", "n": self.modulus, "use": "sig",
        })
    }

    pub(super) fn to_verifier(&self) -> Result<Verifier, CryptoError> {
        let key = DecodingKey::from_rsa_components(&self.modulus, &self.exponent)
            .map_err(|_| CryptoError("reading a public key"))?;
        Ok(Verifier { kid: self.kid.clone(), key })
    }
}

/// The public half of an access-token key.
#[derive(Clone)]
pub(super) struct Verifier {
    kid: String,
    key: DecodingKey,
}

/// The keys in use.
pub(super) struct Keys {
    pub(super) id: SigningKey,
    pub(super) access: SigningKey,
    pub(super) refresh: Arc<RefreshKey>,
    /// Newest first; the first belongs to `access`.
    verifiers: Vec<Verifier>,
}

impl Keys {
    /// Makes a fresh set. Takes a good part of a second of computing: not for an async worker.
    pub(super) fn generate() -> Result<Keys, CryptoError> {
        Keys::assemble(SigningKey::generate()?, SigningKey::generate()?, Arc::new(RefreshKey::generate()?), Vec::new())
    }

    pub(super) fn load(records: &KeyRecords) -> Result<Keys, CryptoError> {
        let refresh = STANDARD.decode(&records.refresh).map_err(|_| CryptoError("reading a stored key"))?;
        let refresh = Arc::new(RefreshKey::load(&refresh)?);
        Keys::assemble(SigningKey::load(&records.id)?, SigningKey::load(&records.access)?, refresh, Vec::new())
    }

    /// New signing keys; refresh tokens stay readable, and so do, by the pool alone, the old access tokens.
    pub(super) fn rotate(&self) -> Result<Keys, CryptoError> {
        let retired = self.verifiers.iter().take(RETIRED_KEYS_KEPT).cloned().collect();
        Keys::assemble(SigningKey::generate()?, SigningKey::generate()?, Arc::clone(&self.refresh), retired)
    }

    fn assemble(
        id: SigningKey,
        access: SigningKey,
        refresh: Arc<RefreshKey>,
        retired: Vec<Verifier>,
    ) -> Result<Keys, CryptoError> {
        let mut verifiers = vec![access.to_verifier()?];
        verifiers.extend(retired);
        Ok(Keys { id, access, refresh, verifiers })
    }

    pub(super) fn records(&self) -> Result<KeyRecords, CryptoError> {
        let refresh = STANDARD.encode(self.refresh.to_pkcs8()?);
        Ok(KeyRecords { id: self.id.record()?, access: self.access.record()?, refresh })
    }

    /// The public key an access token names in its header.
    pub(super) fn find_access_verifier(&self, kid: &str) -> Option<&DecodingKey> {
        self.verifiers.iter().find(|verifier| verifier.kid == kid).map(|verifier| &verifier.key)
    }

    /// `cognito.md` §1.6: two keys, six members each.
    pub(super) fn to_jwks(&self) -> Value {
        json!({ "keys": [self.id.to_jwk(), self.access.to_jwk()] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_survive_being_written_down() {
        let keys = Keys::generate().unwrap();
        let json = serde_json::to_string(&keys.records().unwrap()).unwrap();
        let loaded = Keys::load(&serde_json::from_str(&json).unwrap()).unwrap();
        assert_eq!(keys.to_jwks(), loaded.to_jwks());
        assert_eq!(keys.id.sign_token("a.b").unwrap(), loaded.id.sign_token("a.b").unwrap());
    }

    #[test]
    fn the_jwks_has_two_different_keys_with_cognitos_members() {
        let jwks = Keys::generate().unwrap().to_jwks();
        let keys = jwks["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 2);
        assert_ne!(keys[0]["kid"], keys[1]["kid"]);
        assert_ne!(keys[0]["n"], keys[1]["n"]);
        for key in keys {
            let members: Vec<&String> = key.as_object().unwrap().keys().collect();
            assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
            assert_eq!(key["e"], "AQAB");
            assert_eq!(key["n"].as_str().unwrap().len(), 342, "2048 bits");
        }
    }

    #[test]
    fn rotation_replaces_the_jwks_but_the_pool_still_knows_old_access_keys() {
        let old = Keys::generate().unwrap();
        let new = old.rotate().unwrap();
        assert!(!new.to_jwks().to_string().contains(&old.access.kid));
        assert!(new.find_access_verifier(&old.access.kid).is_some());
        assert!(new.find_access_verifier(&new.access.kid).is_some());
        assert!(new.find_access_verifier("unknown").is_none());
    }
}
