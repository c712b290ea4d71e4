//! What a request says of the person behind it, and what `lifecycle` gives for it.

use std::{sync::Arc, time::Duration};

use super::sealed_session::SealedSession;

/// How the page asks for its session when nobody clicked, and for its parts; see `get_session` and `Fresh`.
pub(super) const BY_ITSELF: &str = "by_itself=true";

/// What a request says of the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Visit {
    /// They want a page: it counts for the idle limit. A page does without a token if it must.
    Person,
    /// They do something that may need the token; counts, too, and is worth waiting for.
    Call,
    /// A page that is open asks by itself: tokens are renewed, but nobody was seen (B26).
    Page,
    /// Nothing is to be renewed: a prefetch, or a step of signing in or out.
    Glance,
}

impl Visit {
    pub(super) fn is_of_a_person(self) -> bool {
        matches!(self, Self::Person | Self::Call)
    }
}

/// What is to happen to the cookie.
#[derive(Clone, Debug)]
pub(super) enum Write {
    Nothing,
    Replace(Arc<SealedSession>),
    Clear,
    /// Cognito ended the session: the next sign-in asks for the password.
    ClearAfterVerdict,
}

/// What a request's session came to.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) session: Option<Arc<SealedSession>>,
    /// While the token has expired and Cognito is away: how long until it is asked again.
    pub(super) retry_after: Option<Duration>,
    pub(super) write: Write,
}

impl Loaded {
    pub(super) fn none() -> Self {
        Self { session: None, retry_after: None, write: Write::Nothing }
    }
}
