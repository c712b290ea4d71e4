//! The page to come back to after a sign-in: a path on this site, never a way off it (B7; RFC 9700 §4.11).

#[cfg(test)]
mod tests;

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
    // As a proxy sees it that merges slashes.
    let merge =
        |path: &str| path.split('/').filter(|part| !part.is_empty()).fold(String::new(), |all, part| all + "/" + part);
    let is_bad = |path: &str| {
        let lower = path.to_ascii_lowercase();
        leaves_site(path) || is_refused(&lower) || is_refused(&merge(&lower))
    };
    // By itself, and with the dot segments resolved that come to light.
    let (mut decoded, mut resolved) = (path.to_owned(), path.to_owned());
    for _ in 0..MAX_DECODINGS {
        let next = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        let shown = percent_decode_str(&resolved).decode_utf8_lossy().replace('?', "%3F").replace('#', "%23");
        if [&decoded, &next, &resolved, &shown].into_iter().any(|path| is_bad(path)) {
            return false;
        }
        let Ok(url) = base.join(&shown) else { return false };
        if next == decoded && url.path() == resolved {
            return true;
        }
        decoded = next;
        url.path().clone_into(&mut resolved);
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
