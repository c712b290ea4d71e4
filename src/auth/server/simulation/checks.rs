//! What has to hold in every schedule.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{
    super::{
        sealed_session::SealedSession,
        verdict::Verdict,
        visit::{Loaded, Write},
    },
    pool::{Fate, Pool, Refresh},
    server::Server,
};

/// The grace time, in seconds; the machinery's own constant is not used, so that a change of it is noticed.
const GRACE_SECS: u64 = 60;

#[derive(Default)]
pub(super) struct Checks {
    servers: usize,
    has_rotation: bool,
    may_jump: bool,
    in_flight: HashSet<Refresh>,
    succeeded_at: HashMap<Refresh, u64>,
    /// Sessions that a server signed out.
    signed_out: HashSet<(usize, String)>,
    /// Sessions about which Cognito gave a server its verdict.
    verdicts: HashSet<(usize, String)>,
    /// Sessions of which an answer got lost, Cognito's or the server's.
    lost: HashSet<String>,
}

impl Checks {
    pub(super) fn new(servers: usize, has_rotation: bool, may_jump: bool) -> Self {
        Self { servers, has_rotation, may_jump, ..Self::default() }
    }

    /// A call is under way. Only one may be, and none may follow a success within the grace time.
    pub(super) fn note_call(&mut self, refresh: Refresh, now: u64) {
        if let Some(succeeded_at) = self.succeeded_at.get(&refresh)
            && !self.in_flight.contains(&refresh)
        {
            assert!(now >= succeeded_at + GRACE_SECS, "{refresh:?} was refreshed again within the grace time");
        }
        self.in_flight.insert(refresh);
    }

    pub(super) fn note_settled(
        &mut self,
        refresh: Refresh,
        session_id: &str,
        fate: Fate,
        verdict: Option<Verdict>,
        now: u64,
    ) {
        assert!(self.in_flight.remove(&refresh), "{refresh:?} was asked twice at once");
        let server = refresh.0;
        match (fate, verdict) {
            (Fate::Answered, None) => drop(self.succeeded_at.insert(refresh, now)),
            (Fate::Answered, Some(Verdict::Terminal)) => drop(self.verdicts.insert((server, session_id.to_owned()))),
            (Fate::Answered, Some(Verdict::Reused)) => self.note_reuse(server, session_id),
            (Fate::Answered, Some(other)) => panic!("Cognito does not decide {other:?}"),
            (Fate::Lost, _) => drop(self.lost.insert(session_id.to_owned())),
            (Fate::Failed | Fate::Misconfigured, _) => {}
        }
    }

    /// Without a shared store, and with answers that get lost, a used token can come back; otherwise never.
    fn note_reuse(&mut self, server: usize, session_id: &str) {
        assert!(self.has_rotation, "a token was used twice without rotation");
        let is_explained = self.servers > 1 || self.lost.contains(session_id);
        assert!(is_explained, "{session_id}: a used refresh token was sent to Cognito");
        self.verdicts.insert((server, session_id.to_owned()));
    }

    pub(super) fn note_sign_out(&mut self, server: usize, session_id: &str) {
        self.signed_out.insert((server, session_id.to_owned()));
    }

    /// Looks at an answer at the moment it is made.
    pub(super) fn check_answer(
        &self,
        server: usize,
        at: &Server,
        pool: &Pool,
        carried: &SealedSession,
        loaded: &Loaded,
        idle_limit: Duration,
    ) {
        let ended = (server, carried.session_id.clone());
        let has_verdict = self.verdicts.contains(&ended);
        let is_signed_out = self.signed_out.contains(&ended);
        if let Write::Replace(written) = &loaded.write {
            assert_same(carried, written);
            assert!(!is_signed_out, "a cookie was written after sign-out");
        }
        match &loaded.session {
            Some(session) => {
                assert_same(carried, session);
                assert!(!is_signed_out, "{} came back after sign-out", session.session_id);
                assert_eq!(session.ends_at, carried.ends_at, "a refresh moved the absolute limit");
                self.check_upstream(at, pool, session);
            }
            None => {
                let now = at.clock.now();
                let is_over = now >= carried.ends_at || now.since(carried.seen_at) >= idle_limit;
                assert!(is_over || has_verdict || is_signed_out, "{} was lost for no reason", carried.session_id);
            }
        }
        let is_cleared = matches!(loaded.write, Write::Clear);
        assert!(!is_cleared || has_verdict, "{} was cleared without a verdict", carried.session_id);
    }

    /// The token that a call would take: this session's, and good, unless the server's clock is wrong.
    fn check_upstream(&self, at: &Server, pool: &Pool, session: &SealedSession) {
        let would_be_sent = at.clock.now() < session.access_expires_at;
        if would_be_sent && !self.may_jump {
            assert!(
                pool.accepts(&session.session_id, &session.access_token),
                "an expired or foreign token goes upstream"
            );
        }
    }
}

fn assert_same(carried: &SealedSession, given: &SealedSession) {
    assert_eq!((&carried.session_id, &carried.sub), (&given.session_id, &given.sub), "sessions crossed");
    assert!(given.generation >= carried.generation, "an older session was given for a newer one");
    let owner = format!(" {} ", carried.session_id);
    assert!(given.access_token.expose().contains(&owner) && given.refresh_token.expose().contains(&owner));
}
