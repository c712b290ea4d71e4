//! The page to come back to after a sign-in: a path on this site, never a way off it (B7; RFC 9700 §4.11).

use std::fmt;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::super::{AUTH_PREFIX, HOME, SIGN_IN_FAILED};

/// Longer ones are dropped: the value travels in a cookie.
const MAX_BYTES: usize = 1024;

/// A same-origin absolute path with its query. Nothing else can be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct ReturnTo(String);

impl ReturnTo {
    /// Takes `text` if it is a path on this site; otherwise the way leads home. Nothing is lost but a detour.
    pub(super) fn parse(text: Option<&str>) -> Self {
        text.and_then(same_origin_path).map_or_else(|| Self(HOME.to_owned()), Self)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
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
        same_origin_path(&text).map(Self).ok_or("not a path on this site")
    }
}

impl From<ReturnTo> for String {
    fn from(path: ReturnTo) -> Self {
        path.0
    }
}

fn same_origin_path(text: &str) -> Option<String> {
    let is_plain = text.len() <= MAX_BYTES && text.chars().all(|c| c.is_ascii_graphic() && c != '\\');
    if !is_plain || !text.starts_with('/') || text.starts_with("//") {
        return None;
    }
    // The URL standard's own parser is what a browser will do with it; `base.invalid` can only stay if it is a path.
    let base = Url::parse("https://base.invalid").ok()?;
    let url = base.join(text).ok()?;
    let path = url.path();
    let lower = path.to_ascii_lowercase();
    // A second decoding on the way (a proxy's) must not turn it into a host or a route of ours.
    let decoded = percent_decode_str(&lower).decode_utf8_lossy();
    let is_disguised = lower.starts_with("//")
        || !is_well_escaped(&lower)
        || ["%2f", "%5c", "%25"].iter().any(|hidden| lower.contains(hidden))
        || decoded.chars().any(char::is_control);
    let is_auth_route = is_at_or_below(&decoded, AUTH_PREFIX) || is_at_or_below(&decoded, SIGN_IN_FAILED);
    let is_same_origin = url.origin() == base.origin() && url.username().is_empty();
    if !is_same_origin || is_disguised || is_auth_route {
        return None;
    }
    let path = url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"));
    // The parser escapes what it was given, which makes it longer.
    (path.len() <= MAX_BYTES).then_some(path)
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
        for path in ["/", "/account", "/account?tab=tokens", "/a/b?x=%2F&y=http://evil", "/caf%C3%A9", "/a?b=c&state=1"]
        {
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
        ] {
            assert_eq!(ReturnTo::parse(Some(evil)).as_str(), "/", "{evil:?}");
        }
        assert_eq!(ReturnTo::parse(None).as_str(), "/");
        assert_eq!(ReturnTo::parse(Some(&format!("/{}", "a".repeat(2000)))).as_str(), "/");
    }

    #[test]
    fn b07_what_grows_too_long_by_its_escapes_leads_home() {
        for (count, kept) in [(100, format!("/{}", "%3C".repeat(100))), (500, "/".to_owned())] {
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
