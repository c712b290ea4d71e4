//! Which sessions have ended, though their cookies would still open: signed out, replaced, or ended by Cognito. Asked by
//! `lifecycle` at each request and before each cookie is written. In memory and bounded; what ends a session for good is
//! Cognito, which refuses the refresh token.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    clock::{SteadyTime, UnixTime},
    per_user::PerUser,
    sealed_session::SealedSession,
};

/// Ended sessions of all users together.
const MAX_ENDED: u64 = 100_000;
/// Users who signed out everywhere.
const MAX_USERS: u64 = 100_000;
/// Servers' clocks differ by no more than this. Where they do, Cognito decides.
const MAX_CLOCK_DIFFERENCE: Duration = Duration::from_secs(10 * 60);
/// Sessions of one user that are known to have begun after they signed out everywhere.
const MAX_LATER: usize = 50;

/// Whether a session may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Live,
    Ended,
    /// It began at about the time at which its user signed out everywhere, at another server: whose clock says which
    /// came first? If Cognito was told of the sign-out, its answer to a refresh decides.
    InDoubt {
        was_cognito_told: bool,
    },
}

#[derive(Debug)]
pub(super) struct EndedSessions {
    /// Until when each has to be remembered.
    sessions: PerUser<UnixTime>,
    /// Who signed out everywhere. LRU: users who were not asked about for longest are forgotten first.
    everywhere: Cache<String, Arc<Mutex<SignedOutEverywhere>>>,
}

#[derive(Debug)]
struct SignedOutEverywhere {
    at: UnixTime,
    /// The same instant, by a clock that nobody can set.
    steady: SteadyTime,
    was_cognito_told: bool,
    /// Sessions that began later, whatever the clocks say.
    later: Vec<String>,
}

impl EndedSessions {
    /// No session outlives `absolute_limit`, so nothing has to be remembered for longer after it was last asked for.
    pub(super) fn new(absolute_limit: Duration) -> Self {
        let everywhere = Cache::builder().max_capacity(MAX_USERS).eviction_policy(EvictionPolicy::lru());
        Self {
            sessions: PerUser::new(MAX_ENDED, Some(absolute_limit)),
            everywhere: everywhere.time_to_idle(absolute_limit).build(),
        }
    }

    /// `until`: when no cookie of the session would be taken any more.
    pub(super) fn end(&self, user: &str, session_id: &str, until: UnixTime, now: UnixTime) {
        self.sessions.make_room(user, |until| now < *until);
        self.sessions.insert(user, session_id, until);
    }

    /// Cognito knows that the session is over and refuses its refresh token: from the end of its access token on, nothing
    /// has to be remembered here.
    pub(super) fn note_confirmed(&self, session: &SealedSession) {
        self.sessions.update(&session.sub, &session.session_id, |until| {
            (until.map(|until| until.min(session.access_expires_at)), ())
        });
    }

    /// Every session of the user that began before is over.
    pub(super) fn end_everywhere(&self, user: &str, at: UnixTime, steady: SteadyTime) {
        let signed_out = SignedOutEverywhere { at, steady, was_cognito_told: false, later: Vec::new() };
        self.everywhere.insert(user.to_owned(), Arc::new(Mutex::new(signed_out)));
    }

    /// Cognito has revoked all tokens of the user's sessions from before.
    pub(super) fn note_cognito_told(&self, user: &str) {
        if let Some(signed_out) = self.everywhere.get(user) {
            lock(&signed_out).was_cognito_told = true;
        }
    }

    /// Cognito gave the session's tokens when it was asked at `asked_at`. Had its user signed out everywhere by then, it is a
    /// later session, whatever the clocks say; a sign-out that came afterwards it may be from before.
    pub(super) fn note_later(&self, session: &SealedSession, asked_at: SteadyTime) {
        let Some(signed_out) = self.everywhere.get(&session.sub) else { return };
        let mut signed_out = lock(&signed_out);
        if signed_out.steady > asked_at {
            return;
        }
        if signed_out.later.len() >= MAX_LATER {
            signed_out.later.remove(0);
        }
        signed_out.later.push(session.session_id.clone());
    }

    /// Whether this very session was ended here.
    pub(super) fn is_ended(&self, user: &str, session_id: &str) -> bool {
        self.sessions.get(user, session_id).is_some()
    }

    pub(super) fn standing(&self, session: &SealedSession, now: UnixTime) -> Standing {
        if self.is_ended(&session.sub, &session.session_id) {
            return Standing::Ended;
        }
        let Some(signed_out) = self.everywhere.get(&session.sub) else { return Standing::Live };
        let signed_out = lock(&signed_out);
        let (began_at, was_cognito_told) = (session.signed_in_at, signed_out.was_cognito_told);
        // A clock that has been set back since one of the two says nothing of which came first.
        let do_clocks_tell = signed_out.at <= now && began_at <= now.plus(MAX_CLOCK_DIFFERENCE);
        if signed_out.later.contains(&session.session_id)
            || (do_clocks_tell && began_at >= signed_out.at.plus(MAX_CLOCK_DIFFERENCE))
        {
            Standing::Live
        } else if do_clocks_tell && began_at < signed_out.at.minus(MAX_CLOCK_DIFFERENCE) {
            Standing::Ended
        } else if began_at < signed_out.at || was_cognito_told {
            Standing::InDoubt { was_cognito_told }
        } else {
            Standing::Live
        }
    }
}

fn lock(signed_out: &Mutex<SignedOutEverywhere>) -> MutexGuard<'_, SignedOutEverywhere> {
    signed_out.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{clock::Clock, per_user::MAX_PER_USER, sealed_session::tests::session},
        *,
    };

    fn of(user: &str, id: &str) -> SealedSession {
        let mut session = session(3600);
        (session.sub, session.session_id) = (user.to_owned(), id.to_owned());
        session
    }

    fn start() -> (EndedSessions, UnixTime) {
        (EndedSessions::new(Duration::from_secs(100_000)), session(3600).signed_in_at)
    }

    #[test]
    fn b47_one_user_who_signs_in_and_out_all_day_revives_nobody_elses_session() {
        let (ended, now) = start();
        let bystander = of("bystander", "a");
        ended.end("bystander", "a", bystander.ends_at, now);
        for number in 0..2 * MAX_ENDED {
            ended.end("attacker", &number.to_string(), bystander.ends_at, now);
        }
        ended.sessions.settle();
        assert_eq!(ended.standing(&bystander, now), Standing::Ended);
    }

    #[test]
    fn b41_what_cognito_knows_of_makes_room_first() {
        let (ended, now) = start();
        let end_of_all = of("user", "").ends_at;
        let confirmed = of("user", "confirmed");
        for number in 0..MAX_PER_USER - 1 {
            ended.end("user", &number.to_string(), end_of_all, now);
        }
        ended.end("user", "confirmed", end_of_all, now);
        ended.note_confirmed(&confirmed);
        let later = confirmed.access_expires_at;
        assert_eq!(ended.standing(&confirmed, now), Standing::Ended, "as long as there is room");
        ended.end("user", "one more", end_of_all, later);
        assert_eq!(ended.standing(&confirmed, now), Standing::Live, "and the token has ended by then");
        assert_eq!(ended.standing(&of("user", "0"), now), Standing::Ended, "the oldest that is needed is still there");
    }

    #[test]
    fn b41_who_began_before_and_who_after_a_sign_out_everywhere() {
        let (ended, at) = start();
        let before = Clock::system().steady();
        let steady = before.plus(Duration::from_secs(1));
        ended.end_everywhere("user", at, steady);
        let now = at.plus(Duration::from_secs(3600));
        let began = |id: &str, secs: i64| {
            let mut session = of("user", id);
            let span = Duration::from_secs(secs.unsigned_abs());
            session.signed_in_at = if secs < 0 { at.minus(span) } else { at.plus(span) };
            session
        };
        let in_doubt = |was_cognito_told| Standing::InDoubt { was_cognito_told };
        let standings = || [-601, -600, -1, 0, 599, 600].map(|secs| ended.standing(&began("unknown", secs), now));
        let (live, over) = (Standing::Live, Standing::Ended);
        assert_eq!(standings(), [over, in_doubt(false), in_doubt(false), live, live, live]);
        ended.note_cognito_told("user");
        assert_eq!(standings(), [over, in_doubt(true), in_doubt(true), in_doubt(true), in_doubt(true), live]);
        ended.note_later(&began("under way", -5), before);
        assert_eq!(ended.standing(&began("under way", -5), now), in_doubt(true), "its tokens may be from before");
        ended.note_later(&began("later", -5000), steady);
        assert_eq!(ended.standing(&began("later", -5000), now), live, "a clock that was set back locks nobody out");
        assert_eq!(ended.standing(&of("somebody else", "unknown"), now), live);
    }

    #[test]
    fn b41_a_clock_that_was_set_back_since_tells_nothing_and_cognito_is_asked() {
        let (ended, at) = start();
        ended.end_everywhere("user", at, Clock::system().steady());
        ended.note_cognito_told("user");
        let hour = Duration::from_secs(3600);
        let began = |signed_in_at| {
            let mut session = of("user", "unknown");
            session.signed_in_at = signed_in_at;
            session
        };
        let in_doubt = Standing::InDoubt { was_cognito_told: true };
        // The server's clock was an hour ahead when its user signed out; another server's was right.
        assert_eq!(ended.standing(&began(at.minus(hour)), at.minus(hour)), in_doubt);
        // The clock by which the session began was an hour ahead.
        assert_eq!(ended.standing(&began(at.plus(hour)), at), in_doubt);
        assert_eq!(ended.standing(&began(at.plus(hour)), at.plus(hour)), Standing::Live);
    }
}
