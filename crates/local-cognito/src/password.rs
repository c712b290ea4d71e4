//! Password hashes (Argon2id). Called when users are seeded, and on a blocking
//! thread by whatever takes a password from a request.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::error::CryptoError;

/// Far below what production needs: the passwords are demo ones, and tests run unoptimised.
const MEMORY_KIB: u32 = 4 * 1024;
const PASSES: u32 = 1;
const LANES: u32 = 1;

/// Longer input is refused before hashing; Cognito's own limit.
const MAX_PASSWORD_BYTES: usize = 256;

/// Hashes `password` into a PHC string with a salt of its own.
pub(super) fn hash_password(password: &str) -> Result<String, CryptoError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| CryptoError("setting up Argon2"))?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password(password.as_bytes())
        .map_err(|_| CryptoError("hashing a password"))?;
    Ok(hash.to_string())
}

/// What a password lacks under Cognito's default policy, and its words for that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PasswordProblem {
    #[error("Password not long enough")]
    TooShort,
    #[error("Password too long")]
    TooLong,
    #[error("Password must have uppercase characters")]
    NoUppercase,
    #[error("Password must have lowercase characters")]
    NoLowercase,
    #[error("Password must have numeric characters")]
    NoDigit,
    #[error("Password must have symbol characters")]
    NoSymbol,
}

/// Cognito's default policy.
///
/// # Errors
/// The first rule that is not kept.
pub(super) fn check_policy(password: &str) -> Result<(), PasswordProblem> {
    let has = |wanted: fn(char) -> bool| password.chars().any(wanted);
    if password.chars().count() < 8 {
        Err(PasswordProblem::TooShort)
    } else if password.len() > MAX_PASSWORD_BYTES {
        Err(PasswordProblem::TooLong)
    } else if !has(|c| c.is_ascii_uppercase()) {
        Err(PasswordProblem::NoUppercase)
    } else if !has(|c| c.is_ascii_lowercase()) {
        Err(PasswordProblem::NoLowercase)
    } else if !has(|c| c.is_ascii_digit()) {
        Err(PasswordProblem::NoDigit)
    } else if !(has(|c| c.is_ascii_punctuation()) || password.trim().contains(' ')) {
        Err(PasswordProblem::NoSymbol)
    } else {
        Ok(())
    }
}

/// Whether `password` is the one behind `hash`. The work is set by `hash`, so a decoy costs what a user does.
pub(super) fn verify_password(password: &str, hash: &str) -> bool {
    password.len() <= MAX_PASSWORD_BYTES && Argon2::default().verify_password(password.as_bytes(), hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_accepts_its_own_password_only() {
        let hash = hash_password("Demo-Passw0rd").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=4096,t=1,p=1$"), "{hash}");
        assert!(verify_password("Demo-Passw0rd", &hash));
        for wrong in ["", "demo-passw0rd", "Demo-Passw0rd ", "Demo-Passw0r"] {
            assert!(!verify_password(wrong, &hash), "{wrong:?}");
        }
        assert!(!verify_password("Demo-Passw0rd", "not a hash"));
    }

    #[test]
    fn the_default_policy_is_kept() {
        assert_eq!(check_policy("Demo-Passw0rd"), Ok(()));
        for (password, lacks) in [
            ("Aa1-", "long enough"),
            ("demo-passw0rd", "uppercase"),
            ("DEMO-PASSW0RD", "lowercase"),
            ("Demo-Password", "numeric"),
            ("DemoPassw0rd ", "symbol"),
            (&"Aa1-".repeat(65), "too long"),
        ] {
            assert!(check_policy(password).unwrap_err().to_string().contains(lacks), "{password:.20}");
        }
    }

    #[test]
    fn the_same_password_hashes_differently_each_time() {
        assert_ne!(hash_password("x").unwrap(), hash_password("x").unwrap());
    }

    #[test]
    fn an_overlong_password_is_refused_even_if_it_would_match() {
        let long = "p".repeat(MAX_PASSWORD_BYTES + 1);
        assert!(!verify_password(&long, &hash_password(&long).unwrap()));
    }
}
