//! `SESSION_SECRETS`: what session cookies are sealed with. Part of `config`.

use std::collections::BTreeSet;

use super::secret::Secret;

/// 32 random bytes in unpadded base64: a shorter secret cannot hold the 256 bits that B23 asks for.
const SECRET_MIN_CHARS: usize = 43;
/// More is a mistake: a file's content, or a list without its commas.
const SECRET_MAX_CHARS: usize = 512;
const SECRET_MIN_DISTINCT_CHARS: usize = 12;
/// `SESSION_SECRETS`: the first writes, all are read, so that a secret is replaced without signing anybody out.
#[derive(Clone, Debug)]
pub struct SessionSecrets(Vec<Secret>);

impl SessionSecrets {
    /// Reads a list separated by commas.
    ///
    /// # Errors
    /// Names what is wrong with which secret, without showing it.
    pub fn parse(list: &str) -> Result<Self, String> {
        let secrets: Vec<_> = list.split(',').map(str::trim).filter(|secret| !secret.is_empty()).collect();
        if secrets.is_empty() {
            return Err(format!("SESSION_SECRETS is empty; {MAKE_SECRET}"));
        }
        for (index, secret) in secrets.iter().enumerate() {
            if let Some(weakness) = weakness(secret) {
                return Err(format!("SESSION_SECRETS: secret {} {weakness}; {MAKE_SECRET}", index + 1));
            }
        }
        Ok(Self(secrets.into_iter().map(Secret::new).collect()))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Secret> {
        self.0.iter()
    }
}

const MAKE_SECRET: &str = "make one with: openssl rand -base64 32";

fn weakness(secret: &str) -> Option<&'static str> {
    let lower = secret.to_ascii_lowercase();
    let distinct = secret.chars().collect::<BTreeSet<_>>().len();
    if ["change", "example", "replace", "your-", "your_", "secret"].iter().any(|word| lower.contains(word)) {
        Some("is an example, not a secret")
    } else if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("has white space or a character that is not ASCII in it")
    } else if secret.len() < SECRET_MIN_CHARS {
        Some("is shorter than 43 characters, so it cannot hold 256 bits")
    } else if secret.len() > SECRET_MAX_CHARS {
        Some("is longer than 512 characters")
    } else if distinct < SECRET_MIN_DISTINCT_CHARS {
        Some("repeats a few characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

    #[test]
    fn b23_weak_secrets_are_refused_and_never_shown() {
        let repeating = "ab".repeat(30);
        for secret in ["tiny-0123", "change-me-change-me-change-me-change-me-change-me", &repeating] {
            let message = SessionSecrets::parse(secret).unwrap_err();
            assert!(!message.contains(secret) && message.contains("openssl"), "{message}");
        }
        let message = SessionSecrets::parse(&format!("{SECRET},tiny-0123")).unwrap_err();
        assert!(message.contains("secret 2"), "{message}");
    }
}
