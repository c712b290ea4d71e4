//! A text that must never be printed: tokens, client secret, session secrets. It opens only by [`Secret::expose`].

use std::fmt;

use serde::{Deserialize, Serialize};

/// A secret text. `Debug` shows `[redacted]`, there is no `Display`; serialising it is for sealed payloads alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes the text in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Never for a log, a page or a URL.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}
