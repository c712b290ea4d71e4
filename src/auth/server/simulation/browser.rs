//! The simulation's browsers: what a person has in their cookie jar, and what late requests and copies carry.

use std::sync::Arc;

use super::{
    super::{
        clock::UnixTime,
        sealed_session::{SealedSession, tests::session},
    },
    pool::{Pool, TOKEN_LIFE},
    server::ABSOLUTE_LIMIT,
};

/// A person's browser.
#[derive(Default)]
pub(super) struct Browser {
    pub(super) cookie: Option<Arc<SealedSession>>,
    /// Cookies it had.
    pub(super) old: Vec<Arc<SealedSession>>,
    sign_ins: u32,
}

impl Browser {
    /// A new session, of a sign-in of its own.
    pub(super) fn sign_in(&mut self, person: usize, now: UnixTime, pool: &Pool) {
        self.sign_ins += 1;
        let mut new = session(TOKEN_LIFE.as_secs());
        new.session_id = format!("person-{person}-session-{}", self.sign_ins);
        new.sub = format!("person-{person}");
        (new.signed_in_at, new.written_at, new.seen_at) = (now, now, now);
        (new.ends_at, new.access_expires_at) = (now.plus(ABSOLUTE_LIMIT), now.plus(TOKEN_LIFE));
        (new.access_token, new.refresh_token) = pool.begin(&new.session_id);
        self.old.clear();
        self.cookie = Some(Arc::new(new));
    }
}
