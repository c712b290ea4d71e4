//! Random values and hashes, in base64url. The one place that asks the system for randomness.

use aws_lc_rs::{digest, error::Unspecified, rand};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// `BYTES` random bytes in base64url. An error if the system has no randomness to give.
pub(super) fn random_token<const BYTES: usize>() -> Result<String, Unspecified> {
    let mut bytes = [0_u8; BYTES];
    rand::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// The first `BYTES` bytes of the SHA-256 of `text`, in base64url: a name for a secret that does not tell it.
pub(super) fn fingerprint<const BYTES: usize>(text: &str) -> String {
    let hash = digest::digest(&digest::SHA256, text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&hash.as_ref()[..BYTES.min(hash.as_ref().len())])
}
