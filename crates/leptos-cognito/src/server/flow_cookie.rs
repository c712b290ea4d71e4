//! The sign-in cookie: what one sign-in under way has to remember until Cognito answers. One for each, so that two
//! sign-ins in two tabs both succeed, and at most five (B3–B5). What is over leaves its page behind for an hour, so that
//! whoever was too slow, or sent the form twice, still arrives. Written by `sign_in`, `callback` and `sign_out`.

use std::{collections::BTreeMap, time::Duration};

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

const NAME: &str = "sign-in";
/// How long a sign-in may take (B4), in seconds.
pub(super) const FLOW_SECS: u64 = 10 * 60;
/// How long the page that a sign-in was for is remembered, whatever became of it, in seconds.
const PAGE_SECS: u64 = 60 * 60;
/// For the clocks of two servers.
const CLOCK_LEEWAY: Duration = Duration::from_secs(2 * 60);
const MAX_PENDING: usize = 5;
/// Pages that are remembered, those of sign-ins under way among them.
const MAX_PAGES: usize = 10;
/// What all of them together may take, names included: beside a session of one cookie a request's cookies then stay under
/// 8 KB, the longest header line that common proxies take. A page of 2 KB fits.
const MAX_TOTAL_BYTES: usize = 3584;

/// One sign-in under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PendingSignIn {
    pub(super) state: Secret,
    pub(super) nonce: Secret,
    #[serde(rename = "cv")]
    pub(super) code_verifier: Secret,
    #[serde(flatten)]
    pub(super) page: PageAskedFor,
}

/// What is left of a sign-in that is over.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct PageAskedFor {
    #[serde(rename = "ret")]
    pub(super) return_to: ReturnTo,
    #[serde(rename = "iat")]
    pub(super) started_at: UnixTime,
}

/// A cookie as it was found, under way or over.
#[derive(Deserialize)]
struct Found {
    #[serde(flatten)]
    page: PageAskedFor,
    state: Option<Secret>,
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

    /// The `Set-Cookie` values that remember one more sign-in. Of the oldest beyond five, and of those that are too old, only
    /// the page is kept; beyond ten pages, 3.5 KB or an hour it goes, too.
    pub(super) fn store(&self, pending: &PendingSignIn, before: &PresentedCookies) -> Result<Vec<String>, Cause> {
        let now = pending.page.started_at;
        let (name, sealed) = (self.name(pending.state.expose()), self.sealer.seal(pending)?);
        let (mut under_way, mut pages, mut total) = (1, 1, name.len() + sealed.len());
        let mut values = vec![self.set(name, sealed, &pending.page, now)];
        let mut earlier = self.latest_first(before);
        earlier.sort_by_key(|(_, found)| found.state.is_none());
        for (name, found) in earlier {
            let as_it_is = before.values(&name).map(|value| name.len() + value.len()).sum::<usize>();
            let is_under_way = found.state.is_some() && !is_older(&found.page, FLOW_SECS, now);
            let fits = |bytes: usize| pages < MAX_PAGES && total + bytes <= MAX_TOTAL_BYTES;
            if is_older(&found.page, PAGE_SECS, now) {
                values.push(self.kind.clear(name));
            } else if fits(as_it_is) && (found.state.is_none() || is_under_way && under_way < MAX_PENDING) {
                (under_way, pages, total) = (under_way + usize::from(is_under_way), pages + 1, total + as_it_is);
            } else {
                let page = self.sealer.seal(&found.page)?;
                if found.state.is_some() && fits(name.len() + page.len()) {
                    (pages, total) = (pages + 1, total + name.len() + page.len());
                    values.push(self.set(name, page, &found.page, now));
                } else {
                    values.push(self.kind.clear(name));
                }
            }
        }
        Ok(values)
    }

    /// The sign-in that this `state` belongs to, if this browser began it and it is not too old.
    pub(super) fn open(&self, state: &str, cookies: &PresentedCookies, now: UnixTime) -> Result<PendingSignIn, Cause> {
        let name = self.name(state);
        if !cookies.has(&name) {
            return Err(Cause::State("this browser began no such sign-in"));
        }
        let ours = cookies.values(&name).filter(|value| self.sealer.knows(value)).take(MAX_TRIES);
        let mut why = Cause::State("its cookie does not open");
        for value in ours {
            let Some(pending) = self.sealer.open::<PendingSignIn>(value) else {
                if self.sealer.open::<PageAskedFor>(value).is_some() {
                    why = Cause::State("it is over");
                }
                continue;
            };
            if pending.state.expose() != state {
                why = Cause::State("it is another sign-in's");
            } else if is_older(&pending.page, FLOW_SECS, now) {
                why = Cause::State("it is older than ten minutes");
            } else {
                return Ok(pending);
            }
        }
        Err(why)
    }

    /// The page that the sign-in of this `state` was for; of one that nobody knows, the page asked for last.
    pub(super) fn page_asked_for(&self, state: &str, cookies: &PresentedCookies, now: UnixTime) -> ReturnTo {
        let own = self.name(state);
        let mut found = self.latest_first(cookies);
        found.retain(|(_, found)| !is_older(&found.page, PAGE_SECS, now));
        let index = found.iter().position(|(name, _)| *name == own).unwrap_or_default();
        found.into_iter().nth(index).map_or_else(ReturnTo::home, |(_, found)| found.page.return_to)
    }

    /// This sign-in is over: only its page is left, unless there is no room for it. Others under way in other tabs stay: both
    /// have to succeed.
    pub(super) fn close_one(
        &self,
        state: &str,
        cookies: &PresentedCookies,
        has_room: bool,
        now: UnixTime,
    ) -> Vec<String> {
        let own = self.name(state);
        let mut values = Vec::new();
        for (name, Found { page, .. }) in self.latest_first(cookies) {
            let is_worth_keeping = has_room && !page.return_to.is_home();
            if is_older(&page, PAGE_SECS, now) {
                values.push(self.kind.clear(name));
            } else if name == own {
                let sealed = self.sealer.seal(&page).ok().filter(|_| is_worth_keeping);
                values.push(match sealed {
                    Some(sealed) => self.set(name, sealed, &page, now),
                    None => self.kind.clear(name),
                });
            }
        }
        values
    }

    /// Clears the pages of sign-ins that are over.
    pub(super) fn clear_over(&self, cookies: &PresentedCookies) -> Vec<String> {
        let over = self.latest_first(cookies).into_iter().filter(|(_, found)| found.state.is_none());
        over.map(|(name, _)| self.kind.clear(name)).collect()
    }

    /// Clears all.
    pub(super) fn clear_all(&self, cookies: &PresentedCookies) -> Vec<String> {
        self.latest_first(cookies).into_iter().map(|(name, _)| self.kind.clear(name)).collect()
    }

    fn set(&self, name: String, value: String, page: &PageAskedFor, now: UnixTime) -> String {
        self.kind.set(name, value, now, page.started_at.plus(Duration::from_secs(PAGE_SECS)))
    }

    fn name(&self, state: &str) -> String {
        format!("{}{}", self.name_prefix(), fingerprint::<9>(state))
    }

    fn name_prefix(&self) -> String {
        format!("{}.", self.kind.name(NAME))
    }

    /// Every sign-in that opens, of each name the latest. The rest is another program's, or of a server that knows a newer
    /// secret, and is left alone: it may be good there.
    fn latest_first(&self, cookies: &PresentedCookies) -> Vec<(String, Found)> {
        let prefix = self.name_prefix();
        let ours = cookies.iter().filter(|(name, value)| name.starts_with(&prefix) && self.sealer.knows(value));
        let mut all: BTreeMap<String, Found> = BTreeMap::new();
        for (name, value) in ours.take(MAX_TRIES) {
            let Some(found) = self.sealer.open::<Found>(value) else { continue };
            if all.get(name).is_none_or(|other| other.page.started_at < found.page.started_at) {
                all.insert(name.to_owned(), found);
            }
        }
        let mut all: Vec<_> = all.into_iter().collect();
        all.sort_by_key(|(_, found)| std::cmp::Reverse(found.page.started_at));
        all
    }
}

/// What was begun in the future was begun before the clock was set back: nobody knows how old it is.
fn is_older(page: &PageAskedFor, secs: u64, now: UnixTime) -> bool {
    now.since(page.started_at) > Duration::from_secs(secs) || page.started_at > now.plus(CLOCK_LEEWAY)
}
