//! The simulation's browsers: what a person has in their cookie jar, and what late requests and copies carry.

use std::{collections::HashSet, sync::Arc};

use super::{
    super::{
        clock::UnixTime,
        sealed_session::{SealedSession, tests::session},
    },
    pool::{Pool, TOKEN_LIFE},
    server::ABSOLUTE_LIMIT,
};

/// A person's browser.
pub(super) struct Browser {
    pub(super) person: usize,
    number: usize,
    pub(super) cookie: Option<Arc<SealedSession>>,
    /// Cookies it had.
    pub(super) old: Vec<Arc<SealedSession>>,
    /// What its cookie `signed-out` names: sessions, by their ids.
    pub(super) signed_out: HashSet<String>,
    sign_ins: u32,
}

impl Browser {
    pub(super) fn new(number: usize, person: usize) -> Self {
        Self { person, number, cookie: None, old: Vec::new(), signed_out: HashSet::new(), sign_ins: 0 }
    }

    /// A new session, of a sign-in of its own.
    pub(super) fn sign_in(&mut self, now: UnixTime, pool: &Pool) -> Arc<SealedSession> {
        self.sign_ins += 1;
        let mut new = session(TOKEN_LIFE.as_secs());
        new.sub = format!("person-{}", self.person);
        new.session_id = format!("{}-browser-{}-session-{}", new.sub, self.number, self.sign_ins);
        (new.signed_in_at, new.written_at, new.seen_at) = (now, now, now);
        (new.ends_at, new.access_expires_at) = (now.plus(ABSOLUTE_LIMIT), now.plus(TOKEN_LIFE));
        (new.access_token, new.refresh_token) = pool.begin(&new.session_id);
        self.old.clear();
        let new = Arc::new(new);
        self.cookie = Some(new.clone());
        new
    }
}
