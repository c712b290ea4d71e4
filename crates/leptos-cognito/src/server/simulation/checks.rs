//! What has to hold in every schedule.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use super::{
    super::{
        clock::UnixTime,
        sealed_session::SealedSession,
        verdict::Verdict,
        visit::{Loaded, Visit, Write},
    },
    pool::{Call, Fate, Pool, Refresh},
    server::Server,
};

/// The grace time, in seconds; the machinery's own constants are not used, so that a change of them is noticed.
const GRACE_SECS: u64 = 60;
/// The least that a user's renewals wait after a failure, in seconds.
const BACKOFF_SECS: u64 = 1;
/// Renewals of one user that start within a second.
const CALLS_PER_SECOND: u32 = 4;
/// Between two servers' ideas of a sign-out everywhere, in seconds.
const DOUBT_SECS: u64 = 600;

/// A request, as it was when it was sent.
pub(super) struct Asked {
    pub(super) server: usize,
    pub(super) carried: std::sync::Arc<SealedSession>,
    pub(super) visit: Visit,
    /// By the steady clock.
    pub(super) at: u64,
    /// Whether it is what the browser had in its jar.
    pub(super) is_current: bool,
    /// Whether everybody else's renewals fail, and never this person's.
    pub(super) is_bystander: bool,
}

#[derive(Default)]
pub(super) struct Checks {
    servers: usize,
    has_rotation: bool,
    may_jump: bool,
    /// Calls that were noted, by their numbers.
    noted: HashSet<u64>,
    /// What is under way, and by which call.
    in_flight: HashMap<Refresh, u64>,
    succeeded_at: HashMap<Refresh, u64>,
    /// When a user's last renewal failed at a server; none since then succeeded.
    failed_at: HashMap<(usize, String), u64>,
    /// Renewals of a user at a server that started within a second.
    calls: HashMap<(usize, String, u64), u32>,
    /// When each generation of a session was first presented to a server.
    presented: HashMap<(usize, String), Vec<(u32, u64)>>,
    /// Sessions that a server signed out.
    signed_out: HashSet<(usize, String)>,
    /// When a user signed out everywhere at a server, by its wall clock.
    everywhere: HashMap<(usize, String), UnixTime>,
    /// Sessions about which Cognito gave a server its verdict.
    verdicts: HashSet<(usize, String)>,
    /// Sessions of which an answer got lost, Cognito's or the server's.
    lost: HashSet<String>,
    /// Cognito has answered everything that was asked of it.
    pub(super) is_calm: bool,
}

impl Checks {
    pub(super) fn new(servers: usize, has_rotation: bool, may_jump: bool) -> Self {
        Self { servers, has_rotation, may_jump, ..Self::default() }
    }

    /// A request comes with this cookie. Only what was presented before tells whether it is superseded.
    pub(super) fn note_presented(&mut self, server: usize, session: &SealedSession, now: u64) {
        let presented = self.presented.entry((server, session.session_id.clone())).or_default();
        if presented.iter().all(|(generation, _)| *generation < session.generation) {
            presented.push((session.generation, now));
        }
    }

    /// A call is under way. Only one may be, and none may follow a success within the grace time.
    pub(super) fn note_call(&mut self, call: &Call, now: u64) {
        let refresh = call.refresh();
        if !self.noted.insert(call.number) {
            return;
        }
        if let Some(succeeded_at) = self.succeeded_at.get(&refresh) {
            assert!(now >= succeeded_at + GRACE_SECS, "{refresh:?} was refreshed again within the grace time");
        }
        if let Some(failed_at) = self.failed_at.get(&(call.server, call.user.clone())) {
            assert!(now >= failed_at + BACKOFF_SECS, "{} was renewed again at once after a failure", call.user);
        }
        let calls = self.calls.entry((call.server, call.user.clone(), now)).or_default();
        *calls += 1;
        assert!(*calls <= CALLS_PER_SECOND, "{calls} renewals of {} within a second", call.user);
        let other = self.in_flight.insert(refresh.clone(), call.number);
        assert!(other.is_none(), "{refresh:?} was asked twice at once");
    }

    pub(super) fn note_settled(&mut self, call: &Call, fate: Fate, verdict: Option<Verdict>, now: u64) {
        let (refresh, server, session_id) = (call.refresh(), call.server, &call.session_id);
        // Not if its user signed out everywhere meanwhile: then Cognito may have been asked anew.
        let is_joined = self.in_flight.get(&refresh) == Some(&call.number);
        if is_joined {
            self.in_flight.remove(&refresh);
        }
        let user = (server, call.user.clone());
        if fate == Fate::Answered {
            self.failed_at.remove(&user);
        } else {
            self.failed_at.insert(user, now);
        }
        match (fate, verdict) {
            (Fate::Answered, None) if is_joined => drop(self.succeeded_at.insert(refresh, now)),
            (Fate::Answered, None) => {}
            (Fate::Answered, Some(Verdict::Terminal)) => drop(self.verdicts.insert((server, session_id.to_owned()))),
            (Fate::Answered, Some(Verdict::Reused)) => self.note_reuse(server, session_id),
            (Fate::Answered, Some(other)) => panic!("Cognito does not decide {other:?}"),
            (Fate::Lost, _) => drop(self.lost.insert(session_id.to_owned())),
            (Fate::Failed | Fate::Refused | Fate::Misconfigured, _) => {}
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

    pub(super) fn note_sign_out_everywhere(&mut self, server: usize, user: &str, at: UnixTime) {
        self.everywhere.insert((server, user.to_owned()), at);
        // From now on nobody joins what was asked before: only Cognito's answer to a later question tells who may go on.
        let is_others = |(at, token): &Refresh| *at != server || !token.starts_with(&format!("rt {user}-"));
        self.in_flight.retain(|refresh, _| is_others(refresh));
        self.succeeded_at.retain(|refresh, _| is_others(refresh));
    }

    /// Looks at an answer at the moment it is made.
    pub(super) fn check_answer(
        &self,
        asked: &Asked,
        at: &Server,
        pool: &Pool,
        loaded: &Loaded,
        idle_limit: Duration,
        steady: u64,
    ) {
        let carried = &asked.carried;
        let ended = (asked.server, carried.session_id.clone());
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
                self.check_copy(asked, session);
                self.check_bystander(asked, at, session, steady);
            }
            None => {
                let now = at.clock.now();
                let is_over = now >= carried.ends_at || now.since(carried.seen_at) >= idle_limit;
                let is_explained = is_over || has_verdict || is_signed_out;
                let is_explained = is_explained || self.is_superseded(asked, steady) || self.is_in_doubt(asked);
                assert!(is_explained, "{} was lost for no reason", carried.session_id);
            }
        }
        let is_cleared = matches!(loaded.write, Write::Clear | Write::ClearAfterVerdict);
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

    /// A copy of an old cookie is not handed newer tokens once its successor was presented. (One of two servers does not
    /// know what the other was presented with.)
    fn check_copy(&self, asked: &Asked, session: &SealedSession) {
        let is_handed_newer = session.refresh_token != asked.carried.refresh_token;
        if is_handed_newer && self.servers == 1 {
            assert!(
                !self.is_superseded(asked, asked.at),
                "an old copy of {} was handed the newest tokens",
                session.session_id
            );
        }
    }

    /// Failures of one user change nothing for another: whose own renewals succeed always has a good token.
    fn check_bystander(&self, asked: &Asked, at: &Server, session: &SealedSession, steady: u64) {
        let is_promised = asked.is_bystander && asked.is_current && asked.visit != Visit::Glance && !self.may_jump;
        // Who did not wait for a new token because the old one was good may be answered when it is not any more.
        let was_expired = UnixTime::from_secs(asked.at) >= asked.carried.access_expires_at;
        let is_promised = is_promised && (was_expired || steady == asked.at);
        let calls = self.calls.get(&(asked.server, session.sub.clone(), asked.at)).copied().unwrap_or_default();
        if is_promised && calls < CALLS_PER_SECOND {
            assert!(at.clock.now() < session.access_expires_at, "{} paid for another's failures", session.session_id);
        }
    }

    /// Whether, at that time, a later cookie of the session had been presented to this server for longer than the grace time.
    fn is_superseded(&self, asked: &Asked, steady: u64) -> bool {
        let presented = self.presented.get(&(asked.server, asked.carried.session_id.clone()));
        let mut later = presented.into_iter().flatten().filter(|(later, _)| *later > asked.carried.generation);
        self.has_rotation && later.any(|(_, first)| *first + GRACE_SECS <= steady)
    }

    /// Whether the user signed out everywhere after the session began, or so shortly before that Cognito has to be asked: in
    /// the end it has been.
    fn is_in_doubt(&self, asked: &Asked) -> bool {
        let began_at = asked.carried.signed_in_at;
        let signed_out_at = self.everywhere.get(&(asked.server, asked.carried.sub.clone()));
        let is_shortly_after = |at: &UnixTime| began_at.since(*at).as_secs() <= DOUBT_SECS;
        // Where wall clocks jump, they do not tell which came first.
        let is_before = |at: &UnixTime| began_at <= *at || self.may_jump;
        signed_out_at.is_some_and(|at| is_before(at) || (is_shortly_after(at) && !self.is_calm))
    }
}

fn assert_same(carried: &SealedSession, given: &SealedSession) {
    assert_eq!((&carried.session_id, &carried.sub), (&given.session_id, &given.sub), "sessions crossed");
    assert!(given.generation >= carried.generation, "an older session was given for a newer one");
    let owner = format!(" {} ", carried.session_id);
    assert!(given.access_token.expose().contains(&owner) && given.refresh_token.expose().contains(&owner));
}
