//! The sign-in cookie: what one sign-in under way has to remember until Cognito answers. One for each, so that two
//! sign-ins in two tabs both succeed, and at most five (B3–B5). Written by `sign_in`, cleared by `callback` and
//! `sign_out`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    clock::UnixTime,
    cookies::{CookieKind, PresentedCookies},
    error::Cause,
    random::fingerprint,
    return_to::ReturnTo,
    seal::Sealer,
    secret::Secret,
};

const NAME: &str = "sign-in";
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

    /// The `Set-Cookie` values that remember one more sign-in; the oldest beyond five, or beyond 4 KB, go, and what does not open.
    pub(super) fn store(&self, pending: &PendingSignIn, before: &PresentedCookies) -> Result<Vec<String>, Cause> {
        let now = pending.started_at;
        let ends_at = now.plus(Duration::from_secs(FLOW_SECS));
        let (name, sealed) = (self.name(pending.state.expose()), self.sealer.seal(pending)?);
        let (mut live, mut dead) = self.sorted(before, now);
        live.sort_by_key(|(_, started_at)| std::cmp::Reverse(*started_at));
        let mut total = name.len() + sealed.len();
        for (index, (name, _)) in live.into_iter().enumerate() {
            total += name.len() + before.get(&name).map_or(0, str::len);
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
        let value = cookies.get(&self.name(state)).ok_or(Cause::State("this browser began no such sign-in"))?;
        let pending: PendingSignIn = self.sealer.open(value).ok_or(Cause::State("its cookie does not open"))?;
        if pending.state.expose() != state {
            return Err(Cause::State("it is another sign-in's"));
        }
        if is_over(pending.started_at, now) {
            return Err(Cause::State("it is older than ten minutes"));
        }
        Ok(pending)
    }

    /// Clears this sign-in, and those that are over. Others under way in other tabs stay: both have to succeed.
    pub(super) fn clear_one(&self, state: &str, cookies: &PresentedCookies, now: UnixTime) -> Vec<String> {
        let own = self.name(state);
        let (_, dead) = self.sorted(cookies, now);
        let own_if_there = cookies.get(&own).is_some().then_some(own.clone());
        own_if_there
            .into_iter()
            .chain(dead.into_iter().filter(|name| *name != own))
            .map(|name| self.kind.clear(name))
            .collect()
    }

    /// Clears all.
    pub(super) fn clear_all(&self, cookies: &PresentedCookies) -> Vec<String> {
        self.names(cookies).map(|(name, _)| self.kind.clear(name.to_owned())).collect()
    }

    fn name(&self, state: &str) -> String {
        format!("{}{}", self.name_prefix(), fingerprint::<9>(state))
    }

    fn name_prefix(&self) -> String {
        format!("{}.", self.kind.name(NAME))
    }

    fn names<'a>(&self, cookies: &'a PresentedCookies) -> impl Iterator<Item = (&'a str, &'a str)> {
        let prefix = self.name_prefix();
        cookies.iter().filter(move |(name, _)| name.starts_with(&prefix))
    }

    /// The names of sign-ins under way with their age, and of those that are over or do not open.
    fn sorted(&self, cookies: &PresentedCookies, now: UnixTime) -> (Vec<(String, UnixTime)>, Vec<String>) {
        let (mut live, mut dead) = (Vec::new(), Vec::new());
        for (name, value) in self.names(cookies) {
            match self.sealer.open::<PendingSignIn>(value) {
                Some(pending) if !is_over(pending.started_at, now) => live.push((name.to_owned(), pending.started_at)),
                _ => dead.push(name.to_owned()),
            }
        }
        (live, dead)
    }
}

fn is_over(started_at: UnixTime, now: UnixTime) -> bool {
    now.since(started_at) > Duration::from_secs(FLOW_SECS)
}
