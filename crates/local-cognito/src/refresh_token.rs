//! Refresh tokens: a compact JWE (RFC 7516) of five parts and of the size AWS's have, so that cookie chunking is
//! exercised here as it is there. Called where tokens are issued and wherever one comes back.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{
    KeySize, OAEP_SHA1_MGF1SHA1, OaepPrivateDecryptingKey, OaepPublicEncryptingKey, PrivateDecryptingKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::error::CryptoError;
use super::random::random_bytes;

/// `{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}`, byte for byte Cognito's.
const HEADER: &str = "eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ";

/// With header, wrapped key, IV and tag this makes 1785 characters, a measured real token (`cognito.md` §4).
const PAYLOAD_BYTES: usize = 1004;

const TAG_BYTES: usize = 16;

/// What a refresh token holds. It only points at a family: every answer rests on the pool's own record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct RefreshClaims {
    pub(super) origin_jti: String,
    pub(super) jti: String,
    pub(super) client_id: String,
    /// Unix seconds; says "expired" rather than "unknown" once the family itself was dropped.
    pub(super) exp: u64,
}

/// The key that wraps refresh tokens. Its public half is published nowhere, so nobody else can make one.
pub(super) struct RefreshKey {
    private: PrivateDecryptingKey,
    encrypting: OaepPublicEncryptingKey,
    decrypting: OaepPrivateDecryptingKey,
}

impl RefreshKey {
    pub(super) fn generate() -> Result<RefreshKey, CryptoError> {
        let key = PrivateDecryptingKey::generate(KeySize::Rsa2048).map_err(|_| CryptoError("making an RSA key"))?;
        RefreshKey::prepare(key)
    }

    pub(super) fn load(pkcs8: &[u8]) -> Result<RefreshKey, CryptoError> {
        let key = PrivateDecryptingKey::from_pkcs8(pkcs8).map_err(|_| CryptoError("reading a stored key"))?;
        RefreshKey::prepare(key)
    }

    fn prepare(private: PrivateDecryptingKey) -> Result<RefreshKey, CryptoError> {
        let unusable = |_| CryptoError("preparing the refresh-token key");
        Ok(RefreshKey {
            encrypting: OaepPublicEncryptingKey::new(private.public_key()).map_err(unusable)?,
            decrypting: OaepPrivateDecryptingKey::new(private.clone()).map_err(unusable)?,
            private,
        })
    }

    pub(super) fn to_pkcs8(&self) -> Result<Vec<u8>, CryptoError> {
        let der: Pkcs8V1Der<'_> = self.private.as_der().map_err(|_| CryptoError("writing a key"))?;
        Ok(der.as_ref().to_vec())
    }

    pub(super) fn seal(&self, claims: &RefreshClaims) -> Result<String, CryptoError> {
        let failed = |_| CryptoError("sealing a refresh token");
        let content_key: [u8; 32] = random_bytes();
        let iv: [u8; 12] = random_bytes();
        let mut wrapped = vec![0; self.encrypting.ciphertext_size()];
        self.encrypting.encrypt(&OAEP_SHA1_MGF1SHA1, &content_key, &mut wrapped, None).map_err(failed)?;

        let mut payload = serde_json::to_vec(claims).map_err(|_| CryptoError("writing a refresh token"))?;
        // JSON allows white space after the value, so the padding needs no member of its own.
        payload.resize(payload.len().max(PAYLOAD_BYTES), b' ');
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &content_key).map_err(failed)?);
        let nonce = Nonce::assume_unique_for_key(iv);
        let tag = cipher.seal_in_place_separate_tag(nonce, Aad::from(HEADER), &mut payload).map_err(failed)?;
        let [wrapped, iv, payload, tag] =
            [&wrapped[..], &iv[..], &payload[..], tag.as_ref()].map(|part| URL_SAFE_NO_PAD.encode(part));
        Ok([HEADER, &wrapped, &iv, &payload, &tag].join("."))
    }

    /// `None` for whatever this pool did not seal itself.
    pub(super) fn open(&self, token: &str) -> Option<RefreshClaims> {
        let [header, wrapped, iv, payload, tag] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
        if header != HEADER {
            return None;
        }
        let [wrapped, iv, mut payload, tag] = [wrapped, iv, payload, tag].map(|part| URL_SAFE_NO_PAD.decode(part).ok());
        let (wrapped, iv, payload, tag) = (wrapped?, iv?, payload.as_mut()?, tag?);
        if tag.len() != TAG_BYTES {
            return None;
        }
        let mut content_key = vec![0; self.decrypting.min_output_size()];
        let content_key = self.decrypting.decrypt(&OAEP_SHA1_MGF1SHA1, &wrapped, &mut content_key, None).ok()?;
        let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, content_key).ok()?);
        payload.extend_from_slice(&tag);
        let nonce = Nonce::try_assume_unique_for_key(&iv).ok()?;
        let claims = cipher.open_in_place(nonce, Aad::from(HEADER), payload).ok()?;
        serde_json::from_slice(claims).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> RefreshClaims {
        RefreshClaims {
            origin_jti: "6c5bcf1c-3d0c-4b0e-9f0a-2f8b1d6a7e55".to_owned(),
            jti: "1b7a2c3d-1111-4222-8333-944455556666".to_owned(),
            client_id: "abcdefghijklmnopqrstuvwxyz".to_owned(),
            exp: 1_800_000_000,
        }
    }

    #[test]
    fn the_header_is_cognitos() {
        let header = URL_SAFE_NO_PAD.decode(HEADER).unwrap();
        assert_eq!(header, br#"{"cty":"JWT","enc":"A256GCM","alg":"RSA-OAEP"}"#);
    }

    #[test]
    fn a_token_has_five_parts_and_the_size_of_a_real_one() {
        let token = RefreshKey::generate().unwrap().seal(&claims()).unwrap();
        assert!(token.starts_with("eyJjdHkiOiJKV1QiLCJlbmMiOiJBMjU2R0NNIiwiYWxnIjoiUlNBLU9BRVAifQ."));
        assert_eq!(token.split('.').count(), 5);
        assert_eq!(token.len(), 1785);
    }

    #[test]
    fn only_the_key_that_sealed_opens_and_only_unchanged_tokens() {
        let key = RefreshKey::generate().unwrap();
        let token = key.seal(&claims()).unwrap();
        assert_eq!(key.open(&token), Some(claims()));
        assert_eq!(RefreshKey::load(&key.to_pkcs8().unwrap()).unwrap().open(&token), Some(claims()));
        assert_eq!(RefreshKey::generate().unwrap().open(&token), None);

        for part in 0..5 {
            let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
            let first = if parts[part].starts_with('A') { "B" } else { "A" };
            parts[part].replace_range(0..1, first);
            assert_eq!(key.open(&parts.join(".")), None, "part {part} changed");
        }
        for garbage in ["", "garbage", "a.b.c", "a.b.c.d.e", &token[..token.len() - 4], &format!("{token}.x")] {
            assert_eq!(key.open(garbage), None, "{garbage:.20}");
        }
    }
}
