//! "Where am I signed in": the sessions of each person that this process has seen. Written by `guard` through
//! `lifecycle`, read through `ServerSession::sign_ins`. In memory alone and bounded: it is for people to look at; what ends a session is a
//! tombstone or Cognito's verdict.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    super::SignIn,
    clock::UnixTime,
    sealed_session::SealedSession,
    user_agent::{UNKNOWN, browser},
};

/// People that are remembered; beyond it the longest unseen go.
const MAX_PEOPLE: u64 = 10_000;
/// Sessions of one person; beyond it the longest unseen go.
const MAX_SESSIONS: usize = 20;
#[derive(Debug)]
pub(super) struct SignIns {
    idle_limit: Duration,
    people: Cache<String, Arc<Mutex<Vec<Seen>>>>,
}

/// A session as it was last seen.
#[derive(Clone, Debug)]
struct Seen {
    session_id: String,
    /// The hash of it that pages may know.
    id: String,
    signed_in_at: UnixTime,
    last_seen_at: UnixTime,
    ends_at: UnixTime,
    /// Name and system.
    browser: (&'static str, &'static str),
}

impl SignIns {
    pub(super) fn new(idle_limit: Duration) -> Self {
        let people = Cache::builder().max_capacity(MAX_PEOPLE).eviction_policy(EvictionPolicy::lru());
        Self { idle_limit, people: people.build() }
    }

    /// Notes that this session began, or that a request came with it, from the browser that calls itself `user_agent`.
    pub(super) fn note(&self, session: &SealedSession, user_agent: &[u8], now: UnixTime) {
        let people = self.people.get_with_by_ref(session.sub.as_str(), Arc::default);
        let mut all = people.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.iter_mut().find(|seen| seen.session_id == session.session_id) {
            own.last_seen_at = now;
            if own.browser == UNKNOWN {
                own.browser = browser(user_agent);
            }
            return;
        }
        all.retain(|seen| self.is_alive(seen, now));
        if all.len() >= MAX_SESSIONS {
            let longest_unseen =
                all.iter().enumerate().min_by_key(|(_, seen)| seen.last_seen_at).map(|(index, _)| index);
            longest_unseen.map(|index| all.swap_remove(index));
        }
        all.push(Seen {
            session_id: session.session_id.clone(),
            id: session.log_id(),
            signed_in_at: session.signed_in_at,
            last_seen_at: now,
            ends_at: session.ends_at,
            browser: browser(user_agent),
        });
    }

    /// Forgets a session that is over.
    pub(super) fn forget(&self, session: &SealedSession) {
        if let Some(people) = self.people.get(&session.sub) {
            let mut all = people.lock().unwrap_or_else(PoisonError::into_inner);
            all.retain(|seen| seen.session_id != session.session_id);
        }
    }

    /// The id of another session of this session's person, by the hash that their page has; forgets it.
    pub(super) fn take_other(&self, own: &SealedSession, id: &str) -> Option<String> {
        let people = self.people.get(&own.sub)?;
        let mut all = people.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |seen: &Seen| seen.id == id && seen.session_id != own.session_id;
        let index = all.iter().position(is_it)?;
        Some(all.swap_remove(index).session_id)
    }

    /// The ids of all sessions of this session's person, and forgets them.
    pub(super) fn take_all(&self, session: &SealedSession) -> Vec<String> {
        let people = self.people.remove(&session.sub);
        let all = people.map(|people| std::mem::take(&mut *people.lock().unwrap_or_else(PoisonError::into_inner)));
        all.into_iter().flatten().map(|seen| seen.session_id).collect()
    }

    /// The sessions of this session's person that are not over, this one first, then by when they were last seen. `has_ended`
    /// knows those that ended while a request of theirs was under way, which then noted them again.
    pub(super) fn list(&self, session: &SealedSession, now: UnixTime, has_ended: impl Fn(&str) -> bool) -> Vec<SignIn> {
        let people = self.people.get(&session.sub);
        let all = people.map(|people| people.lock().unwrap_or_else(PoisonError::into_inner).clone());
        let mut all: Vec<_> =
            all.into_iter().flatten().filter(|seen| self.is_alive(seen, now) && !has_ended(&seen.session_id)).collect();
        let is_this = |seen: &Seen| seen.session_id == session.session_id;
        all.sort_by_key(|seen| (is_this(seen), seen.last_seen_at));
        let to_view = |seen: &Seen| SignIn {
            id: seen.id.clone(),
            signed_in_at: seen.signed_in_at.to_rfc3339(),
            last_seen_at: seen.last_seen_at.to_rfc3339(),
            browser: format!("{} on {}", seen.browser.0, seen.browser.1),
            is_this: is_this(seen),
        };
        all.iter().rev().map(to_view).collect()
    }

    fn is_alive(&self, seen: &Seen, now: UnixTime) -> bool {
        now < seen.ends_at && now.since(seen.last_seen_at) < self.idle_limit
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sealed_session::tests::session, *};

    const IDLE_SECS: u64 = 50_000;

    fn named(id: usize) -> SealedSession {
        let mut session = session(3600);
        session.session_id = format!("s{id}");
        session
    }

    fn listed(sign_ins: &SignIns, own: &SealedSession, now: UnixTime) -> Vec<SignIn> {
        sign_ins.list(own, now, |_| false)
    }

    #[test]
    fn another_session_is_taken_by_its_hash_and_one_that_ended_is_not_listed() {
        let sign_ins = SignIns::new(Duration::from_secs(IDLE_SECS));
        let now = UnixTime::from_secs(1_000);
        (0..3).for_each(|id| sign_ins.note(&named(id), b"", now));
        let ids: Vec<String> = listed(&sign_ins, &named(0), now).into_iter().map(|sign_in| sign_in.id).collect();
        assert!(ids.len() == 3 && ids[0] == named(0).log_id() && !ids.contains(&"s1".to_owned()), "{ids:?}");
        assert_eq!(sign_ins.list(&named(0), now, |id| id == "s2").len(), 2);
        for id in [named(0).log_id().as_str(), "s1", ""] {
            assert_eq!(sign_ins.take_other(&named(0), id), None, "{id}");
        }
        let mut stranger = named(9);
        stranger.sub = "another".to_owned();
        assert_eq!(sign_ins.take_other(&stranger, &named(1).log_id()), None, "somebody else's");
        assert_eq!(sign_ins.take_other(&named(0), &named(1).log_id()).as_deref(), Some("s1"));
        assert_eq!(sign_ins.take_other(&named(0), &named(1).log_id()), None, "once");
    }

    #[test]
    fn the_longest_unseen_goes_and_one_that_is_over_is_not_listed() {
        let sign_ins = SignIns::new(Duration::from_secs(IDLE_SECS));
        let at = |secs| UnixTime::from_secs(secs);
        for id in 0..=MAX_SESSIONS {
            sign_ins.note(&named(id), b"", at(1_000 + id as u64));
            sign_ins.note(&named(0), b"", at(1_000 + id as u64));
        }
        let list = listed(&sign_ins, &named(0), at(2_000));
        assert_eq!((list.len(), list[0].is_this), (MAX_SESSIONS, true));
        assert_eq!(list[1].last_seen_at, at(1_000 + MAX_SESSIONS as u64).to_rfc3339(), "the latest is next");
        sign_ins.forget(&named(0));
        assert!(listed(&sign_ins, &named(0), at(2_000)).iter().all(|sign_in| !sign_in.is_this));
        assert_eq!(listed(&sign_ins, &named(5), at(2_000 + IDLE_SECS)), [], "nobody used them for too long");
        let left = sign_ins.take_all(&named(5));
        assert!(left.len() == MAX_SESSIONS - 1 && !left.contains(&"s1".to_owned()), "s1 had to go: {left:?}");
        assert!(listed(&sign_ins, &named(5), at(2_000)).is_empty());
    }

    #[test]
    fn a_session_is_as_it_was_last_seen() {
        let sign_ins = SignIns::new(Duration::from_secs(IDLE_SECS));
        let own = named(1);
        let begun = own.signed_in_at;
        let seen_at = |secs| begun.plus(Duration::from_secs(secs));
        sign_ins.note(&own, b"", begun);
        sign_ins.note(&own, b"Firefox/140.0 (X11; Linux x86_64)", seen_at(5));
        sign_ins.note(&own, b"curl/8", seen_at(7));
        for (id, secs) in [(2, 6), (3, 6), (2, 8)] {
            sign_ins.note(&named(id), b"", seen_at(secs));
        }
        let list = listed(&sign_ins, &own, seen_at(8));
        assert_eq!(list[0].browser, "Firefox on Linux", "what is known is not forgotten");
        let seen: Vec<_> = list.into_iter().map(|sign_in| sign_in.last_seen_at).collect();
        assert_eq!(seen, [7, 8, 6].map(|secs| seen_at(secs).to_rfc3339()), "this one first, then the latest");
    }

    #[test]
    fn a_session_that_has_ended_takes_no_place_however_late_it_was_seen() {
        let sign_ins = SignIns::new(Duration::from_secs(IDLE_SECS));
        let mut ended = named(0);
        ended.ends_at = UnixTime::from_secs(1_500);
        for id in 1..MAX_SESSIONS {
            sign_ins.note(&named(id), b"", UnixTime::from_secs(1_000));
        }
        sign_ins.note(&ended, b"", UnixTime::from_secs(1_499));
        let ids = |now| listed(&sign_ins, &named(1), UnixTime::from_secs(now)).len();
        assert_eq!((ids(1_499), ids(1_500)), (MAX_SESSIONS, MAX_SESSIONS - 1));
        sign_ins.note(&named(MAX_SESSIONS), b"", UnixTime::from_secs(1_500));
        assert_eq!(ids(1_500), MAX_SESSIONS, "nobody had to go");
    }

    #[test]
    fn people_do_not_see_each_other() {
        let sign_ins = SignIns::new(Duration::from_secs(IDLE_SECS));
        sign_ins.note(&named(1), b"", UnixTime::from_secs(1_000));
        let mut other = named(1);
        other.sub = "another".to_owned();
        assert!(
            listed(&sign_ins, &other, UnixTime::from_secs(1_000)).is_empty() && sign_ins.take_all(&other).is_empty()
        );
    }
}
