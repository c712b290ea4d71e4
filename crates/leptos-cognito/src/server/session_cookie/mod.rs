//! The session cookie: a sealed session ⇄ `Set-Cookie` values. One cookie as a rule; a session too large for one is
//! cut into chunks. Written at three places alone: `callback` creates, `guard` replaces or clears, `sign_out` clears.

#[cfg(test)]
mod tests;

use std::time::Duration;

use super::{
    clock::UnixTime,
    cookies::{CookieKind, MAX_COOKIE_BYTES, MAX_TRIES, PresentedCookies},
    error::Cause,
    seal::Sealer,
    sealed_session::SealedSession,
};

const NAME: &str = "session";
/// The budget: just under 16 KB, the longest header line that AWS's Application Load Balancer takes. One cookie passes
/// everywhere; from the second on a proxy may have to be told to take longer headers (nginx: `large_client_header_buffers`,
/// `proxy_buffer_size`).
pub(super) const MAX_CHUNKS: usize = 4;
/// Room for the name, the chunk count and the attributes of the longest form.
const OVERHEAD: usize = 112;
const CHUNK_BYTES: usize = MAX_COOKIE_BYTES - OVERHEAD;
/// How long a browser keeps the cookie after the session's end: only who sends it is told that a limit ended the session, and
/// asked for the password.
const KEPT_AFTER_END: Duration = Duration::from_secs(24 * 60 * 60);
/// Stands between the number of chunks and the first one; a sealed session itself has none.
const COUNT_MARK: char = '~';

/// Reads and writes the session cookie.
#[derive(Debug)]
pub(super) struct SessionCookie {
    kind: CookieKind,
    sealer: Sealer,
}

impl SessionCookie {
    pub(super) fn new(kind: CookieKind, sealer: Sealer) -> Self {
        Self { kind, sealer }
    }

    /// The session in the request's cookies. A missing, swapped, foreign or damaged chunk reads as none (B22). A foreign
    /// cookie of the same name hides none: each one is tried.
    pub(super) fn open(&self, cookies: &PresentedCookies) -> Option<SealedSession> {
        let name = self.chunk_name(0);
        let mut sealed = cookies.values(&name).flat_map(|first| self.join_chunks(first, cookies)).take(MAX_TRIES);
        sealed.find_map(|sealed| self.sealer.open::<SealedSession>(&sealed)).map(SealedSession::restored)
    }

    /// The first chunk with every choice of the others that it counts.
    fn join_chunks(&self, first: &str, cookies: &PresentedCookies) -> Vec<String> {
        let (count, head) = match first.split_once(COUNT_MARK) {
            Some((count, head)) => (count.parse().ok().filter(|count| (2..=MAX_CHUNKS).contains(count)), head),
            None => (Some(1), first),
        };
        let Some(count) = count.filter(|_| self.sealer.knows(head)) else { return Vec::new() };
        (1..count).fold(vec![head.to_owned()], |heads, index| {
            let name = self.chunk_name(index);
            let longer = heads.iter().flat_map(|head| cookies.values(&name).map(move |part| format!("{head}{part}")));
            longer.take(MAX_TRIES).collect()
        })
    }

    /// The `Set-Cookie` values that store the session, and clear chunks of the one before that it does not need.
    pub(super) fn store(
        &self,
        session: &SealedSession,
        before: &PresentedCookies,
        now: UnixTime,
    ) -> Result<Vec<String>, Cause> {
        let sealed = self.seal_within_budget(session)?;
        let chunks = sealed.len().div_ceil(CHUNK_BYTES);
        let mut values = Vec::with_capacity(chunks);
        for index in 0..chunks {
            let part = &sealed[index * CHUNK_BYTES..sealed.len().min((index + 1) * CHUNK_BYTES)];
            let is_counted = index == 0 && chunks > 1;
            let value = if is_counted { format!("{chunks}{COUNT_MARK}{part}") } else { part.to_owned() };
            values.push(self.kind.set(self.chunk_name(index), value, now, session.ends_at.plus(KEPT_AFTER_END)));
        }
        values.extend(self.clear_from(chunks, before));
        Ok(values)
    }

    /// What does not fit is left out, rather than lose the session of a user who is in very many groups.
    fn seal_within_budget(&self, session: &SealedSession) -> Result<String, Cause> {
        let (mut stored, mut is_whole) = (session.to_stored(), true);
        loop {
            let size = match self.sealer.seal(&stored) {
                Ok(sealed) if sealed.len() <= MAX_CHUNKS * CHUNK_BYTES => {
                    if !is_whole {
                        let groups_left_out = session.groups.len() - stored.groups.len();
                        let session = session.log_id();
                        tracing::warn!(
                            session,
                            groups_left_out,
                            "a session is too large for its cookies: its access token is left out, so that calls with it fail"
                        );
                    }
                    return Ok(sealed);
                }
                Ok(sealed) => sealed.len(),
                Err(Cause::SessionTooLarge(size)) => size,
                Err(cause) => return Err(cause),
            };
            is_whole = false;
            if !stored.leave_out() {
                return Err(Cause::SessionTooLarge(size));
            }
        }
    }

    /// Whether these `Set-Cookie` values hold a session of several cookies, beside which every byte counts.
    pub(super) fn is_large(&self, values: &[String]) -> bool {
        let second = format!("{}=", self.chunk_name(1));
        values.iter().any(|value| value.starts_with(&second) && !value.starts_with(&format!("{second};")))
    }

    /// The `Set-Cookie` values that remove the session from this browser.
    pub(super) fn clear(&self, before: &PresentedCookies) -> Vec<String> {
        self.clear_from(0, before).collect()
    }

    fn clear_from(&self, first: usize, before: &PresentedCookies) -> impl Iterator<Item = String> {
        let stale = (first..MAX_CHUNKS).map(|index| self.chunk_name(index)).filter(|name| before.has(name));
        stale.map(|name| self.kind.clear(name)).collect::<Vec<_>>().into_iter()
    }

    fn chunk_name(&self, index: usize) -> String {
        let name = self.kind.name(NAME);
        if index == 0 { name } else { format!("{name}.{index}") }
    }
}
