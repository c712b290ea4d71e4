//! What happened to a family of tokens, for the people who watch: written wherever tokens are issued, refused or ended,
//! read by the console.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

/// A family that lives for months keeps its beginning and what is newest.
const MAX_EVENTS: usize = 200;
const KEPT_AT_THE_FRONT: usize = 20;

/// One thing that happened. Holds tokens by their short hashes only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Event {
    /// Unix seconds.
    pub(super) at: u64,
    /// The operation, by the names of `RequestRecord`, or what an administrator did.
    pub(super) via: String,
    pub(super) what: What,
}

/// The kinds of event, with the tokens they are about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    /// The sign-in: the family's first tokens.
    Issued { access: String, refresh: String },
    /// New access and ID tokens; the refresh token stays.
    Renewed { access: String, refresh: String },
    /// New tokens, and `next` takes the place of `refresh`.
    Rotated { access: String, refresh: String, next: String },
    /// A refresh token replayed within the grace: `next` takes the place of the child it had.
    Forked { access: String, refresh: String, next: String },
    /// A refresh token was refused because the family has a newer one.
    Reused { refresh: String },
    /// A refresh token was refused, for the reason given.
    Refused { refresh: String, reason: String },
    /// A refresh token in the middle of the chain lost its grace; the family lives.
    GraceRevoked { refresh: String },
    /// The family was ended.
    Revoked,
    /// The tokens were declared to have run out, `access` or `refresh`.
    Expired { token: String },
}

impl What {
    /// Whether this is the birth of the access token of this short hash.
    pub(super) fn issues_access(&self, hash: &str) -> bool {
        match self {
            What::Issued { access, .. }
            | What::Renewed { access, .. }
            | What::Rotated { access, .. }
            | What::Forked { access, .. } => access == hash,
            _ => false,
        }
    }

    pub(super) fn expires(&self, kind: &str) -> bool {
        matches!(self, What::Expired { token } if token == kind)
    }
}

/// The events of a family, oldest first.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct History(Vec<Event>);

impl History {
    pub(super) fn note(&mut self, at: u64, via: &str, what: What) {
        if self.0.len() >= MAX_EVENTS {
            // What was declared to have run out stays so: `Family::has_expired_access` reads it here.
            let goes = |event: &Event| !matches!(event.what, What::Expired { .. });
            let first = self.0.iter().skip(KEPT_AT_THE_FRONT).position(goes);
            self.0.remove(KEPT_AT_THE_FRONT + first.unwrap_or_default());
        }
        self.0.push(Event { at, via: via.to_owned(), what });
    }

    pub(super) fn events(&self) -> &[Event] {
        &self.0
    }
}

/// What a token is shown by: enough of its SHA-256 to recognise it, too little to be it.
pub(super) fn short_hash(token: &str) -> String {
    let digest = digest(&SHA256, token.as_bytes());
    digest.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_shown_by_eight_digits_of_its_hash() {
        // printf abc | sha256sum
        assert_eq!(short_hash("abc"), "ba7816bf");
    }

    #[test]
    fn a_long_life_keeps_its_beginning_and_its_end() {
        let mut history = History::default();
        for at in 0..1000 {
            history.note(at, "InitiateAuth", What::Revoked);
        }
        assert_eq!(history.events().len(), MAX_EVENTS);
        assert_eq!(history.events()[KEPT_AT_THE_FRONT - 1].at, 19);
        assert_eq!(history.events()[KEPT_AT_THE_FRONT].at, 820);
        assert_eq!(history.events().last().map(|event| event.at), Some(999));

        history.note(1000, "test", What::Expired { token: "access".to_owned() });
        for at in 1001..2000 {
            history.note(at, "InitiateAuth", What::Revoked);
        }
        assert!(history.events().iter().any(|event| event.what.expires("access")), "an order is not forgotten");
        assert_eq!(history.events().len(), MAX_EVENTS);
    }
}
