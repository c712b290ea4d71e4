//! Encrypted JWTs: JWE in compact form (RFC 7516) with `alg: dir`, `enc: A256GCM`. Knows no cookies. Used by the
//! session cookie and by the sign-in cookie, each with a purpose of its own.
//!
//! Keys come from each of `SESSION_SECRETS` by HKDF-SHA-256 (RFC 5869): the secret's UTF-8 bytes as input key, no salt,
//! `leptos-cognito/v1/<typ>` as info for the 32-byte key, and `leptos-cognito/v1/kid` as info for the 6 bytes whose
//! base64url is `kid`. So any JOSE library can open one with the secret. The first secret writes, all read.

use std::fmt;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    deflate::{PLAINTEXT_LIMIT, deflate, inflate},
    error::Cause,
    session_secrets::SessionSecrets,
};

const KID_BYTES: usize = 6;
const TAG_LEN: usize = 16;
/// What a sealed value is for (`typ`, RFC 8725 §3.11): one kind never opens as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The session cookie; compressed, so that a typical session fits into one cookie.
    Session,
    /// The cookie of a sign-in under way.
    SignIn,
    /// The cookie that says where to go on after Cognito's `/logout`.
    AfterLogout,
}

impl Purpose {
    fn typ(self) -> &'static str {
        match self {
            Self::Session => "session+jwt",
            Self::SignIn => "sign-in+jwt",
            Self::AfterLogout => "after-logout+jwt",
        }
    }

    fn is_compressed(self) -> bool {
        self == Self::Session
    }
}

/// Seals and opens the values of one purpose.
pub struct Sealer {
    purpose: Purpose,
    keys: Vec<SealKey>,
}

struct SealKey {
    /// The protected header as it stands in the token; the additional data of the encryption, too.
    header: String,
    key: LessSafeKey,
}

impl Sealer {
    /// The sealer of `purpose` with the keys of `secrets`.
    ///
    /// # Errors
    /// Where the cryptographic library refuses to work.
    pub fn new(purpose: Purpose, secrets: &SessionSecrets) -> Result<Self, Cause> {
        let keys = secrets.iter().map(|secret| SealKey::derive(purpose, secret.expose())).collect::<Result<_, _>>()?;
        Ok(Self { purpose, keys })
    }

    /// The claims as an encrypted JWT, with the first secret.
    ///
    /// # Errors
    /// Where the claims do not serialise, or would be too large to open again, or the cryptographic library refuses.
    pub fn seal<T: Serialize>(&self, claims: &T) -> Result<String, Cause> {
        let json = serde_json::to_vec(claims).map_err(|_| Cause::Cryptography("claims do not serialise"))?;
        if json.len() > PLAINTEXT_LIMIT {
            return Err(Cause::SessionTooLarge(json.len()));
        }
        self.seal_json(json)
    }

    fn seal_json(&self, json: Vec<u8>) -> Result<String, Cause> {
        let mut content = if self.purpose.is_compressed() { deflate(&json)? } else { json };
        let SealKey { header, key } = self.keys.first().ok_or(Cause::Cryptography("no session secret"))?;
        let mut nonce = [0_u8; NONCE_LEN];
        rand::fill(&mut nonce).map_err(|_| Cause::Cryptography("the system gave no randomness"))?;
        let tag = key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(header), &mut content)
            .map_err(|_| Cause::Cryptography("sealing failed"))?;
        let mut token = String::with_capacity(header.len() + content.len() * 4 / 3 + 64);
        token.push_str(header);
        // The encrypted key is empty with `dir` (RFC 7518 §4.5), hence the two dots.
        token.push_str("..");
        BASE64_URL_SAFE_NO_PAD.encode_string(nonce, &mut token);
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(&content, &mut token);
        token.push('.');
        BASE64_URL_SAFE_NO_PAD.encode_string(tag.as_ref(), &mut token);
        Ok(token)
    }

    /// Whether a value begins as those sealed here do: with one of these secrets, and for this purpose.
    pub(super) fn knows(&self, token: &str) -> bool {
        token.split_once("..").is_some_and(|(header, _)| self.keys.iter().any(|key| key.header == header))
    }

    /// The claims of a sealed value; nothing, if it is not one of ours, of this purpose, untouched.
    #[must_use]
    pub fn open<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let (header, rest) = token.split_once("..")?;
        // Our own headers are known to the byte: comparing them checks alg, enc, typ and zip at once.
        let SealKey { key, .. } = self.keys.iter().find(|key| key.header == header)?;
        let mut parts = rest.splitn(3, '.');
        let nonce: [u8; NONCE_LEN] = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?;
        let mut content = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?;
        let tag: [u8; TAG_LEN] = BASE64_URL_SAFE_NO_PAD.decode(parts.next()?).ok()?.try_into().ok()?;
        content.extend_from_slice(&tag);
        let plain = key.open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(header), &mut content).ok()?;
        if self.purpose.is_compressed() {
            serde_json::from_slice(&inflate(plain)?).ok()
        } else {
            serde_json::from_slice(plain).ok()
        }
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Sealer({}, {} keys)", self.purpose.typ(), self.keys.len())
    }
}

impl SealKey {
    fn derive(purpose: Purpose, secret: &str) -> Result<Self, Cause> {
        let prk = Salt::new(HKDF_SHA256, &[]).extract(secret.as_bytes());
        let kid = BASE64_URL_SAFE_NO_PAD.encode(expand::<KID_BYTES>(&prk, "leptos-cognito/v1/kid")?);
        let key = expand::<32>(&prk, &format!("leptos-cognito/v1/{}", purpose.typ()))?;
        let zip = if purpose.is_compressed() { r#","zip":"DEF""# } else { "" };
        let header = format!(r#"{{"alg":"dir","enc":"A256GCM","kid":"{kid}","typ":"{}"{zip}}}"#, purpose.typ());
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| Cause::Cryptography("no AES-256-GCM"))?;
        Ok(Self { header: BASE64_URL_SAFE_NO_PAD.encode(header), key: LessSafeKey::new(key) })
    }
}

struct OutputLen(usize);

impl KeyType for OutputLen {
    fn len(&self) -> usize {
        self.0
    }
}

fn expand<const LEN: usize>(prk: &Prk, info: &str) -> Result<[u8; LEN], Cause> {
    let mut output = [0_u8; LEN];
    prk.expand(&[info.as_bytes()], OutputLen(LEN))
        .and_then(|okm| okm.fill(&mut output))
        .map_err(|_| Cause::Cryptography("key derivation failed"))?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";
    const OTHER: &str = "YW5vdGhlci1zZWNyZXQtb2YtdGhlLXNhbWUtbGVuZ3Ro";

    fn sealer(purpose: Purpose, secrets: &str) -> Sealer {
        Sealer::new(purpose, &SessionSecrets::parse(secrets).unwrap()).unwrap()
    }

    #[test]
    fn b23_the_first_secret_writes_and_all_read() {
        let (old, both) = (sealer(Purpose::Session, SECRET), sealer(Purpose::Session, &format!("{OTHER},{SECRET}")));
        let written_before = old.seal(&"x").unwrap();
        assert_eq!(both.open::<String>(&written_before).as_deref(), Some("x"));
        let written_after = both.seal(&"x").unwrap();
        assert_eq!(old.open::<String>(&written_after), None);
    }

    #[test]
    fn b22_one_purpose_never_opens_as_another() {
        let (session, sign_in) = (sealer(Purpose::Session, SECRET), sealer(Purpose::SignIn, SECRET));
        assert_eq!(session.open::<String>(&sign_in.seal(&"x").unwrap()), None);
        assert_eq!(sign_in.open::<String>(&session.seal(&"x").unwrap()), None);
    }

    #[test]
    fn b22_a_payload_that_inflates_without_end_is_refused() {
        let sealer = sealer(Purpose::Session, SECRET);
        let bomb = "0".repeat(PLAINTEXT_LIMIT * 4);
        assert!(matches!(sealer.seal(&bomb), Err(Cause::SessionTooLarge(_))));
        let sealed_elsewhere = sealer.seal_json(serde_json::to_vec(&bomb).unwrap()).unwrap();
        assert_eq!(sealer.open::<String>(&sealed_elsewhere), None);
        let largest = "0".repeat(PLAINTEXT_LIMIT - 2);
        assert_eq!(sealer.open::<String>(&sealer.seal(&largest).unwrap()), Some(largest));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_the_same(text in ".{0,3000}") {
            for purpose in [Purpose::Session, Purpose::SignIn] {
                let sealer = sealer(purpose, SECRET);
                prop_assert_eq!(sealer.open::<String>(&sealer.seal(&text).unwrap()), Some(text.clone()));
            }
        }

        #[test]
        fn b22_any_changed_byte_reads_as_nothing(text in ".{0,200}", at in any::<prop::sample::Index>(), with in b'!'..=b'~') {
            let sealer = sealer(Purpose::Session, SECRET);
            let mut token = sealer.seal(&text).unwrap().into_bytes();
            let at = at.index(token.len());
            prop_assume!(token[at] != with);
            token[at] = with;
            prop_assert_eq!(sealer.open::<String>(std::str::from_utf8(&token).unwrap()), None);
        }
    }
}
