//! The page to come back to after a sign-in: a path on this site, never a way off it (B7; RFC 9700 §4.11).

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::super::{AUTH_PREFIX, HOME, SIGN_IN_FAILED};

/// Longer ones are not kept, in bytes: the value travels in a cookie.
pub(super) const MAX_BYTES: usize = 2048;
/// What is not even looked at, in bytes.
const MAX_TEXT_BYTES: usize = 16 * 1024;
/// A path that is still escaped after so many decodings is nobody's.
const MAX_DECODINGS: usize = 16;

/// A same-origin absolute path with its query. Nothing else can be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct ReturnTo(String);

/// A page of this site whose address is too long to come back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLong;

impl ReturnTo {
    pub(super) fn home() -> Self {
        Self(HOME.to_owned())
    }

    /// Takes `text` if it is a path on this site; otherwise the way leads home.
    pub(super) fn parse(text: Option<&str>) -> Self {
        Self::check(text).unwrap_or_else(|TooLong| Self::home())
    }

    /// As [`parse`](Self::parse), but a path on this site that is too long is told.
    pub(super) fn check(text: Option<&str>) -> Result<Self, TooLong> {
        if text.is_some_and(|text| text.len() > MAX_TEXT_BYTES) {
            return Err(TooLong);
        }
        match text.and_then(same_origin_path) {
            None => Ok(Self::home()),
            Some(path) if path.len() <= MAX_BYTES => Ok(Self(path)),
            Some(_) => Err(TooLong),
        }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn is_home(&self) -> bool {
        self.0 == HOME
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for ReturnTo {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let path =
            same_origin_path(&text).filter(|_| text.len() <= MAX_TEXT_BYTES).filter(|path| path.len() <= MAX_BYTES);
        path.map(Self).ok_or("not a path on this site")
    }
}

impl From<ReturnTo> for String {
    fn from(path: ReturnTo) -> Self {
        path.0
    }
}

fn same_origin_path(text: &str) -> Option<String> {
    let is_plain = text.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if !is_plain || !text.starts_with('/') || text.starts_with("//") {
        return None;
    }
    // The URL standard's own parser is what a browser will do with it; `base.invalid` can only stay if it is a path.
    let base = Url::parse("https://base.invalid").ok()?;
    let url = base.join(text).ok()?;
    let is_same_origin = url.origin() == base.origin() && url.username().is_empty();
    let is_elsewhere = |path: &str| is_at_or_below(path, AUTH_PREFIX) || is_at_or_below(path, SIGN_IN_FAILED);
    if !is_same_origin || !is_well_escaped(url.path()) || !stays_on_site(url.path(), is_elsewhere) {
        return None;
    }
    Some(url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path())))
}

/// Whether a path leads to a page of this site, however often it is decoded on the way (a proxy may do so): never to another
/// host, and never to what `is_refused` names. An escaped slash or percent sign in a segment does no harm by itself.
pub(super) fn stays_on_site(path: &str, is_refused: impl Fn(&str) -> bool) -> bool {
    let Ok(base) = Url::parse("https://base.invalid") else { return false };
    let mut path = path.to_owned();
    for _ in 0..MAX_DECODINGS {
        // As a proxy sees it that merges slashes, too.
        let merged = path.split('/').filter(|part| !part.is_empty()).fold(String::new(), |all, part| all + "/" + part);
        if leaves_site(&path) || is_refused(&path.to_ascii_lowercase()) || is_refused(&merged.to_ascii_lowercase()) {
            return false;
        }
        let decoded = percent_decode_str(&path).decode_utf8_lossy();
        if leaves_site(&decoded) {
            return false;
        }
        // Resolves the dot segments that have come to light, and escapes again what a path cannot hold.
        let decoded = decoded.replace('?', "%3F").replace('#', "%23");
        let Ok(next) = base.join(&decoded) else { return false };
        if next.path() == path {
            return true;
        }
        next.path().clone_into(&mut path);
    }
    false
}

fn leaves_site(path: &str) -> bool {
    !path.starts_with('/') || path.starts_with("//") || path.chars().any(|c| c == '\\' || c.is_control())
}

/// Whether every percent sign begins an escape. `%%32f` is none, and `%2f` to whoever decodes it all the same.
fn is_well_escaped(path: &str) -> bool {
    let is_escape = |digits: &[u8]| digits.iter().all(u8::is_ascii_hexdigit);
    path.split('%').skip(1).all(|rest| rest.as_bytes().get(..2).is_some_and(is_escape))
}

fn is_at_or_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn b07_paths_of_this_site_are_kept() {
        for path in [
            "/",
            "/account",
            "/account?tab=tokens",
            "/a/b?x=%2F&y=http://evil",
            "/caf%C3%A9",
            "/a?b=c&state=1",
            "/files/a%2Fb",
            "/files/a%252Fb%2Fc",
            "/100%25",
            "/100%25%20",
            "/%E2%82%AC%2F1",
            "/a%3Fb",
        ] {
            assert_eq!(ReturnTo::parse(Some(path)).as_str(), path);
        }
    }

    #[test]
    fn b07_everything_else_leads_home() {
        for evil in [
            "",
            "account",
            "https:",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil",
            "/%0d%0aSet-Cookie:x",
            "/%2f/evil.example",
            "/%%32f/evil.example",
            "/100%",
            "/%2Fevil.example",
            "/%5cevil",
            "/.//evil.example",
            "/a/..//evil.example",
            "/api/auth/signout",
            "/api/auth/callback/cognito?code=x",
            "/API/auth/signin",
            "/api/%61uth/signin",
            "/x/../api/auth/signin",
            "/sign-in-failed",
            "javascript:alert(1)",
            "/ä",
            " /account",
            "/acc ount",
            "///evil.example",
            "/%09/evil.example",
            "/%252Fevil.example",
            "/%25%32Fevil.example",
            "/%252525252Fevil.example",
            "/a%2F..%2F%2Fevil.example",
            "/a%252F..%252F%252Fevil.example",
            "/%2e%2e%2f%2fevil.example",
            "/a%5Cb",
            "/a%255Cb",
            "/x%2F..%2Fapi/auth/signout",
            "/x/..%2Fapi%2Fauth%2Fsignout",
            "/api%2Fauth%2Fsignout",
            "/api%252Fauth%252Fsignout",
            "/sign-in-failed%2F",
            "/a%2500",
            "/api//auth/callback/cognito?state=x",
            "/api/%2Fauth/signout",
            "/%23%255C",
            "/%3F%255C",
        ] {
            assert_eq!(ReturnTo::parse(Some(evil)).as_str(), "/", "{evil:?}");
        }
        assert_eq!(ReturnTo::parse(None).as_str(), "/");
        let deep = (0..40).fold("/".to_owned(), |path, _| path.replace('/', "/%").replace("/%", "/%25"));
        assert_eq!(ReturnTo::parse(Some(&format!("{deep}25252525252525252525252525252525252525252f"))).as_str(), "/");
    }

    #[test]
    fn a_path_of_2_kb_is_kept_and_a_longer_one_is_told() {
        let path = |bytes: usize| format!("/{}", "a".repeat(bytes - 1));
        assert_eq!(ReturnTo::check(Some(&path(2048))).map(|kept| kept.as_str().len()), Ok(2048));
        assert_eq!(ReturnTo::check(Some(&path(2049))), Err(TooLong));
        assert_eq!(ReturnTo::check(Some(&format!("/{}", path(2049)))), Ok(ReturnTo::home()), "another host's");
        assert_eq!(ReturnTo::parse(Some(&path(2049))), ReturnTo::home());
        assert!(ReturnTo::try_from(path(2049)).is_err());
    }

    #[test]
    fn b07_what_grows_too_long_by_its_escapes_leads_home() {
        for (count, kept) in [(100, format!("/{}", "%3C".repeat(100))), (1000, "/".to_owned())] {
            let path = ReturnTo::parse(Some(&format!("/{}", "<".repeat(count))));
            assert_eq!(path.as_str(), kept);
            // As the cookie of the sign-in is read: what cannot be read again is a sign-in that cannot be finished.
            assert_eq!(ReturnTo::try_from(String::from(path.clone())), Ok(path));
        }
    }

    proptest! {
        #[test]
        fn b07_whatever_is_kept_stays_on_this_origin(text in "[/\\\\.%a-f0-9:@?#&=\t\n ]{0,40}") {
            let kept = ReturnTo::parse(Some(&text));
            let base = Url::parse("https://app.example.com/page").unwrap();
            let url = base.join(kept.as_str()).unwrap();
            prop_assert_eq!(url.host_str(), Some("app.example.com"));
            prop_assert_eq!(ReturnTo::parse(Some(kept.as_str())), kept);
        }
    }
}
