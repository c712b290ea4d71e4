//! The sign-in cookie: what one sign-in under way has to remember until Cognito answers. One for each, so that two
//! sign-ins in two tabs both succeed, and at most five (B3–B5). Written by `sign_in`, cleared by `callback` and
//! `sign_out`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{
    clock::UnixTime,
    cookies::{CookieKind, MAX_TRIES, PresentedCookies},
    error::Cause,
    random::fingerprint,
    return_to::ReturnTo,
    seal::Sealer,
    secret::Secret,
};

const NAME_PREFIX: &str = "sign-in.";
/// How long a sign-in may take (B4), in seconds.
pub(super) const FLOW_SECS: u64 = 10 * 60;
const MAX_PENDING: usize = 5;
/// What all of them together may take, names included: beside a session of one cookie a request's cookies then stay under
/// 8 KB, the longest header line that common proxies take.
const MAX_TOTAL_BYTES: usize = 4096;

/// One sign-in under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PendingSignIn {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    #[serde(rename = "cv")]
    pub(super) code_verifier: Secret,
    #[serde(rename = "ret")]
    pub(super) return_to: ReturnTo,
    #[serde(rename = "iat")]
    pub(super) started_at: UnixTime,
}

/// Reads and writes the sign-in cookies.
#[derive(Debug)]
pub(super) struct FlowCookie {
    kind: CookieKind,
    sealer: Sealer,
}

impl FlowCookie {
    pub(super) fn new(kind: CookieKind, sealer: Sealer) -> Self {
        Self { kind, sealer }
    }

    /// The `Set-Cookie` values that remember one more sign-in. The oldest beyond five, or beyond 4 KB, go, and those that are
    /// over.
    pub(super) fn store(&self, pending: &PendingSignIn, before: &PresentedCookies) -> Result<Vec<String>, Cause> {
        let now = pending.started_at;
        let ends_at = now.plus(Duration::from_secs(FLOW_SECS));
        let (name, sealed) = (self.name(pending.state.expose()), self.sealer.seal(pending)?);
        let (mut live, mut dead) = self.sorted(before, now);
        live.sort_by_key(|(_, started_at)| std::cmp::Reverse(*started_at));
        let mut total = name.len() + sealed.len();
        for (index, (name, _)) in live.into_iter().enumerate() {
            total += before.values(&name).map(|value| name.len() + value.len()).sum::<usize>();
            if index + 1 >= MAX_PENDING || total > MAX_TOTAL_BYTES {
                dead.push(name);
            }
        }
        let mut values = vec![self.kind.set(name, sealed, now, ends_at)];
        values.extend(dead.into_iter().map(|name| self.kind.clear(name)));
        Ok(values)
    }

    /// The sign-in that this `state` belongs to, if this browser began it and it is not too old.
    pub(super) fn open(&self, state: &str, cookies: &PresentedCookies, now: UnixTime) -> Result<PendingSignIn, Cause> {
        let name = self.name(state);
        if !cookies.has(&name) {
            return Err(Cause::State("this browser began no such sign-in"));
        }
        let ours = cookies.values(&name).filter(|value| self.sealer.knows(value)).take(MAX_TRIES);
        let opened = ours.filter_map(|value| self.sealer.open::<PendingSignIn>(value));
        let mut why = Cause::State("its cookie does not open");
        for pending in opened {
            if pending.state.expose() != state {
                why = Cause::State("it is another sign-in's");
            } else if is_over(pending.started_at, now) {
                why = Cause::State("it is older than ten minutes");
            } else {
                return Ok(pending);
            }
        }
        Err(why)
    }

    /// Clears this sign-in, and those that are over. Others under way in other tabs stay: both have to succeed.
    pub(super) fn clear_one(&self, state: &str, cookies: &PresentedCookies, now: UnixTime) -> Vec<String> {
        let own = self.name(state);
        let (live, dead) = self.sorted(cookies, now);
        let own = live.into_iter().map(|(name, _)| name).filter(|name| *name == own);
        own.chain(dead).map(|name| self.kind.clear(name)).collect()
    }

    /// Clears all.
    pub(super) fn clear_all(&self, cookies: &PresentedCookies) -> Vec<String> {
        let names: BTreeSet<_> = self.open_all(cookies).map(|(name, _)| name).collect();
        names.into_iter().map(|name| self.kind.clear(name.to_owned())).collect()
    }

    fn name(&self, state: &str) -> String {
        format!("{}{}", self.kind.name(NAME_PREFIX), fingerprint::<9>(state))
    }

    /// Every sign-in that opens. The rest is another program's, or of a server that knows a newer secret, and is left alone:
    /// it may be good there.
    fn open_all<'c>(&self, cookies: &'c PresentedCookies) -> impl Iterator<Item = (&'c str, PendingSignIn)> {
        let prefix = self.kind.name(NAME_PREFIX);
        let ours = cookies.iter().filter(move |(name, value)| name.starts_with(&prefix) && self.sealer.knows(value));
        ours.take(MAX_TRIES).filter_map(|(name, value)| Some((name, self.sealer.open(value)?)))
    }

    /// The names of sign-ins under way with their age, and of those that are over.
    fn sorted(&self, cookies: &PresentedCookies, now: UnixTime) -> (Vec<(String, UnixTime)>, Vec<String>) {
        let mut started = BTreeMap::new();
        for (name, pending) in self.open_all(cookies) {
            let latest = started.entry(name.to_owned()).or_insert(pending.started_at);
            *latest = pending.started_at.max(*latest);
        }
        let (live, over): (Vec<_>, Vec<_>) =
            started.into_iter().partition(|(_, started_at)| !is_over(*started_at, now));
        (live, over.into_iter().map(|(name, _)| name).collect())
    }
}

fn is_over(started_at: UnixTime, now: UnixTime) -> bool {
    now.since(started_at) > Duration::from_secs(FLOW_SECS)
}
