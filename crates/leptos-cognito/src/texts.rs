//! What this folder says to people. An app with other words, or another language, provides its own.

use leptos::prelude::*;

use super::AuthErrorCode;

/// Below this, a time is told in seconds.
const SHOW_SECONDS_BELOW_SECS: u64 = 120;

/// The texts of [`SessionNotices`](super::SessionNotices) and of failures. English unless the app provides others as a
/// context, above the components that show them: `provide_context(SessionTexts { .. })`. On a page of islands that belongs
/// into the outermost island, which runs on both sides.
#[derive(Clone, Copy, Debug)]
pub struct SessionTexts {
    /// Names the region of the notices.
    pub region: &'static str,
    /// Somebody else, of this name, signed in while the page was open.
    pub someone_else: fn(&str) -> String,
    /// What that means for something that was typed: it is out of sight, and lost when the page is loaded again.
    pub typed_is_kept: &'static str,
    /// The absolute limit is near.
    pub ending: &'static str,
    /// The idle limit is near.
    pub idle: &'static str,
    /// The access token has expired and the sign-in service is away.
    pub degraded: &'static str,
    /// The session ends in so many seconds.
    pub ends_in: fn(u64) -> String,
    /// The sign-in service is asked again in so many seconds.
    pub next_try_in: fn(u64) -> String,
    /// The link that signs in again in a small window.
    pub sign_in_again: &'static str,
    /// The button by which somebody says that they are there.
    pub stay_signed_in: &'static str,
    /// The button that loads the page for whoever is signed in now.
    pub reload: &'static str,
    /// Why something was refused, or failed.
    pub error: fn(AuthErrorCode) -> String,
}

impl SessionTexts {
    /// The texts where the app provides none.
    pub const ENGLISH: Self = Self {
        region: "Your session",
        someone_else: |name| {
            format!(
                "{name} is signed in now. This page was opened by somebody else, and shows nothing of theirs any more."
            )
        },
        typed_is_kept: "What was typed here is kept, out of sight: sign in as before, in another tab, to see it again. \
                        Reloading this page drops it.",
        ending: "Your session ends soon. Sign in again to go on; this page stays as it is.",
        idle: "Are you still there? Your session ends soon, because nobody has used it for a while.",
        degraded: "You are still signed in, but the sign-in service cannot be reached right now. Some things wait until it is \
                   back; it is tried again by itself.",
        ends_in: |secs| format!("It ends {}.", from_now(secs)),
        next_try_in: |secs| format!("Next try {}.", from_now(secs)),
        sign_in_again: "Sign in again",
        stay_signed_in: "Stay signed in",
        reload: "Reload this page",
        error: |code| code.to_string(),
    };
}

impl Default for SessionTexts {
    fn default() -> Self {
        Self::ENGLISH
    }
}

/// The texts that the app provides, or the English ones.
#[must_use]
pub fn use_session_texts() -> SessionTexts {
    use_context().unwrap_or_default()
}

/// `in a moment`, `in 90 seconds`, `in 4 minutes`.
fn from_now(secs: u64) -> String {
    match secs {
        0 | 1 => "in a moment".to_owned(),
        secs if secs < SHOW_SECONDS_BELOW_SECS => format!("in {secs} seconds"),
        secs => format!("in {} minutes", secs / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_in_words() {
        for (secs, words) in [
            (0, "in a moment"),
            (1, "in a moment"),
            (2, "in 2 seconds"),
            (119, "in 119 seconds"),
            (120, "in 2 minutes"),
            (299, "in 4 minutes"),
        ] {
            assert_eq!(from_now(secs), words);
        }
    }

    #[test]
    fn nobody_is_told_the_name_of_the_identity_provider() {
        let texts = SessionTexts::ENGLISH;
        let mut all: Vec<String> = AuthErrorCode::ALL.into_iter().map(texts.error).collect();
        all.extend([texts.typed_is_kept, texts.ending, texts.idle, texts.degraded, texts.reload].map(str::to_owned));
        for text in all {
            assert!(!text.is_empty() && !text.contains("Cognito"), "{text}");
        }
    }
}
