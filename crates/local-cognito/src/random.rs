//! Random values in the shapes Cognito uses. Called wherever something new is made: keys, the client,
//! codes, sessions, token ids.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

const LOWER_ALPHANUMERIC: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// AWS-LC's generator ends the process rather than report a failure, so there is no error to hand on.
#[expect(clippy::expect_used, reason = "it cannot fail: see above")]
pub(super) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("AWS-LC aborts where its generator has no entropy");
    bytes
}

/// A version 4 UUID: subs, codes, `jti`, `event_id`, request ids.
pub(super) fn random_uuid() -> String {
    let mut bits = u128::from_be_bytes(random_bytes());
    bits = bits & !(0xf << 76) | 0x4 << 76;
    bits = bits & !(0b11 << 62) | 0b10 << 62;
    let hex = format!("{bits:032x}");
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// `len` lower-case letters and digits, evenly spread: client id (26) and client secret (51).
pub(super) fn random_alphanumeric(len: usize) -> String {
    random_text(LOWER_ALPHANUMERIC, len)
}

/// `len` digits, evenly spread: codes that people type.
pub(super) fn random_digits(len: usize) -> String {
    random_text(&LOWER_ALPHANUMERIC[26..], len)
}

fn random_text(alphabet: &[u8], len: usize) -> String {
    // What lies above the largest multiple of the alphabet in a byte would favour its first letters.
    let usable_below = 256 - 256 % alphabet.len();
    let mut text = String::with_capacity(len);
    while text.len() < len {
        let usable = random_bytes::<64>().into_iter().map(usize::from).filter(|byte| *byte < usable_below);
        text.extend(usable.take(len - text.len()).map(|byte| char::from(alphabet[byte % alphabet.len()])));
    }
    text
}

/// An unguessable id for a cookie: 256 bits in base64url.
pub(super) fn random_opaque() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// A key id as Cognito writes it: 32 bytes in padded base64 (44 characters).
pub(super) fn random_kid() -> String {
    STANDARD.encode(random_bytes::<32>())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn uuids_have_the_version_4_shape_and_differ() {
        let uuids: HashSet<String> = (0..500).map(|_| random_uuid()).collect();
        assert_eq!(uuids.len(), 500);
        for uuid in uuids {
            let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
            assert_eq!(&uuid[14..15], "4", "{uuid}");
            assert!("89ab".contains(&uuid[19..20]), "{uuid}");
        }
    }

    #[test]
    fn alphanumerics_have_the_length_asked_for_and_use_the_whole_alphabet() {
        for len in [0, 1, 26, 51, 64, 65] {
            assert_eq!(random_alphanumeric(len).len(), len);
        }
        let seen: HashSet<char> = random_alphanumeric(4000).chars().collect();
        assert_eq!(seen.len(), 36);
        let seen: HashSet<char> = random_digits(4000).chars().collect();
        assert_eq!(seen, HashSet::from_iter('0'..='9'));
    }

    #[test]
    fn a_kid_is_44_characters_of_padded_base64() {
        let kid = random_kid();
        assert_eq!(kid.len(), 44);
        assert!(kid.ends_with('='));
    }
}
