//! The session cookie: a sealed session ⇄ `Set-Cookie` values. One cookie as a rule; a session too large for one is
//! cut into chunks. Written at three places alone: `callback` creates, `guard` replaces or clears, `sign_out` clears.

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

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header::COOKIE};
    use proptest::prelude::*;

    use super::{
        super::{
            origin::AppUrl, random::random_token, seal::Purpose, sealed_session::tests::session, secret::Secret,
            session_secrets::SessionSecrets,
        },
        *,
    };

    fn session_cookie(is_https: bool) -> SessionCookie {
        let app_url =
            AppUrl::parse(if is_https { "https://app.example.com" } else { "http://localhost:3000" }).unwrap();
        let secrets = SessionSecrets::parse("c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1").unwrap();
        SessionCookie::new(CookieKind::of(&app_url), Sealer::new(Purpose::Session, &secrets).unwrap())
    }

    /// What a browser would send back after these `Set-Cookie` values.
    fn sent_back(values: &[String]) -> PresentedCookies {
        let pairs: Vec<_> = values.iter().map(|value| value.split(';').next().unwrap_or_default()).collect();
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
        PresentedCookies::read(&headers)
    }

    fn session_of_size(bytes: usize) -> SealedSession {
        let mut session = session(3600);
        session.access_token = Secret::new((0..bytes / 64).map(|_| random_token::<48>().unwrap()).collect::<String>());
        session
    }

    #[test]
    fn b24_sessions_of_all_sizes_come_back_in_cookies_of_at_most_4096_bytes() {
        for (is_https, bytes, count) in [(true, 500, 1), (false, 3000, 1), (true, 5000, 2), (true, 9000, 3)] {
            let (cookie, session) = (session_cookie(is_https), session_of_size(bytes));
            let values = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at).unwrap();
            assert_eq!(values.len(), count, "{bytes} bytes");
            assert!(values.iter().all(|value| value.len() <= MAX_COOKIE_BYTES));
            let opened = cookie.open(&sent_back(&values)).unwrap();
            assert_eq!(opened.access_token, session.access_token);
        }
    }

    #[test]
    fn b24_over_the_budget_the_token_goes_then_the_last_groups_and_the_session_stays() {
        let cookie = session_cookie(true);
        let long = |index: usize| format!("{index}-{}", random_token::<300>().unwrap());
        let many: Vec<_> = (0..100).map(long).collect();
        for (token_bytes, groups, are_all_kept) in [(16_000, &many[..10], true), (500, &many[..], false)] {
            let mut session = session_of_size(token_bytes);
            session.groups = groups.to_vec();
            let values = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at).unwrap();
            let opened = cookie.open(&sent_back(&values)).unwrap();
            assert!(!opened.has_access_token() && opened.email == session.email);
            assert!(!opened.groups.is_empty() && session.groups.starts_with(&opened.groups));
            assert_eq!(opened.groups.len() == groups.len(), are_all_kept);
        }
    }

    #[test]
    fn b24_what_cannot_be_left_out_is_a_clear_error() {
        let cookie = session_cookie(true);
        let refresh_token = Secret::new((0..400).map(|_| random_token::<48>().unwrap()).collect::<String>());
        let mut session = session_of_size(500);
        session.refresh_token = refresh_token;
        let refused = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at);
        assert!(matches!(refused, Err(Cause::SessionTooLarge(bytes)) if bytes > 16_000));
    }

    #[test]
    fn b22_missing_swapped_and_foreign_chunks_read_as_no_session_and_stale_ones_do_no_harm() {
        let cookie = session_cookie(true);
        let (large, small) = (session_of_size(9000), session(3600));
        let now = large.signed_in_at;
        let values = cookie.store(&large, &PresentedCookies::default(), now).unwrap();
        let foreign = cookie.store(&large, &PresentedCookies::default(), now).unwrap();
        assert!(cookie.open(&sent_back(&values[..2])).is_none(), "missing");
        assert!(
            cookie.open(&sent_back(&[values[0].clone(), values[1].clone(), foreign[2].clone()])).is_none(),
            "foreign"
        );
        let swapped = [
            values[0].clone(),
            values[2].replace("session.2", "session.1"),
            values[1].replace("session.1", "session.2"),
        ];
        assert!(cookie.open(&sent_back(&swapped)).is_none(), "swapped");

        let before = sent_back(&values);
        let smaller = cookie.store(&small, &before, now).unwrap();
        assert_eq!(smaller.iter().filter(|value| value.contains("Max-Age=0")).count(), 2, "stale chunks are cleared");
        let with_stale = sent_back(&[smaller[0].clone(), values[1].clone(), values[2].clone()]);
        assert!(cookie.open(&with_stale).is_some(), "stale chunks are not read");
    }

    #[test]
    fn b20_b21_attributes() {
        let session = session(3600);
        let set = |is_https| {
            session_cookie(is_https)
                .store(&session, &PresentedCookies::default(), session.signed_in_at)
                .unwrap()
                .remove(0)
        };
        let (https, http) = (set(true), set(false));
        assert!(https.starts_with("__Host-session=") && http.starts_with("session-3000="));
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=186400"] {
            assert!(https.contains(attribute) && http.contains(attribute), "{attribute}");
        }
        assert!(https.contains("Secure") && !http.contains("Secure") && !https.contains("Domain"));
    }

    proptest! {
        #[test]
        fn b22_any_cookie_value_is_read_without_panic(value in "[!-~]{0,200}", chunk in "[!-~]{0,50}") {
            let cookie = session_cookie(false);
            let presented = sent_back(&[format!("session-3000={value}"), format!("session-3000.1={chunk}")]);
            prop_assert!(cookie.open(&presented).is_none());
        }
    }
}
