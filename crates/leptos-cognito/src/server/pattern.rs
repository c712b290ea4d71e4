//! The router's patterns (`/docs/{page}`, `/docs/{*rest}`), and what a path may mean to Leptos' router. That one forgives
//! more than axum's: it resolves dots and backslashes, and doesn't mind a slash at the end. So a path that axum gives to an
//! open pattern may show another route's page. Called by `access`.

use http::Uri;
use percent_encoding::percent_decode_str;
use url::Url;

/// Whether requests with different paths match the pattern.
pub(super) fn has_parameter(pattern: &str) -> bool {
    pattern.contains('{')
}

/// Whether the pattern takes the rest of a path, however long.
pub(super) fn is_wildcard(pattern: &str) -> bool {
    pattern.contains("{*")
}

/// Whether the pattern matches every path that the other one does.
pub(super) fn covers(pattern: &str, other: &str) -> bool {
    matches(pattern, &parts(other).map(str::to_owned).collect::<Vec<_>>())
}

/// Whether the pattern matches a path of these segments. A wildcard also matches no segment at all.
pub(super) fn matches(pattern: &str, segments: &[String]) -> bool {
    let mut segments = segments.iter();
    for part in parts(pattern) {
        let is_match = match part.split_once('{') {
            Some((_, name)) if name.starts_with('*') => return true,
            Some((start, rest)) => {
                let end = rest.rsplit_once('}').map_or("", |(_, end)| end);
                segments.next().is_some_and(|segment| segment.starts_with(start) && segment.ends_with(end))
            }
            None => segments.next().is_some_and(|segment| segment == part),
        };
        if !is_match {
            return false;
        }
    }
    segments.next().is_none()
}

/// The segments of a path as Leptos' router reads it, and as one would that decodes it first.
pub(super) fn readings(uri: &Uri) -> [Vec<String>; 2] {
    [segments(uri.path()), segments(&decode(uri.path()))]
}

/// Resolved by the URL standard's parser, which is what Leptos asks.
fn segments(path: &str) -> Vec<String> {
    let resolved = Url::parse("http://base.invalid").map_or_else(
        |_| path.to_owned(),
        |mut url| {
            url.set_path(path);
            url.path().to_owned()
        },
    );
    parts(&resolved).map(decode).collect()
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn patterns_match_what_the_routers_do() {
        for (pattern, path, is_match) in [
            ("/", "/", true),
            ("/", "/x", false),
            ("/account", "/account", true),
            ("/account", "/Account", false),
            ("/account", "/account/more", false),
            ("/{page}", "/account", true),
            ("/{page}", "/", false),
            ("/{page}", "/a/b", false),
            ("/docs/{page}/edit", "/docs/x/edit", true),
            ("/docs/{page}/edit", "/docs/x/view", false),
            ("/v{version}.json", "/v1.json", true),
            ("/v{version}.json", "/1.json", false),
            ("/{*rest}", "/", true),
            ("/{*rest}", "/a/b/c", true),
            ("/docs/{*rest}", "/docs", true),
            ("/docs/{*rest}", "/doc", false),
        ] {
            let segments: Vec<_> = parts(path).map(str::to_owned).collect();
            assert_eq!(matches(pattern, &segments), is_match, "{pattern} {path}");
        }
        for (pattern, other, is_covered) in [
            ("/{*rest}", "/account", true),
            ("/{*rest}", "/docs/{page}", true),
            ("/docs/{*rest}", "/account", false),
            ("/docs/{*rest}", "/{section}/{page}", false),
            ("/docs/{*rest}", "/docs/{page}/edit", true),
        ] {
            assert_eq!(covers(pattern, other), is_covered, "{pattern} {other}");
        }
    }

    proptest! {
        /// Leptos reads a request's path with the URL standard's parser, and minds no slash at its end.
        #[test]
        fn one_of_the_readings_is_leptos_own(path in "/((account|docs|[.]{1,2}|%2e|%2E%2e|%61|x|[!-~])?[/\\\\]?){0,8}") {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            let (Ok(uri), Ok(url)) = (path.parse::<Uri>(), Url::parse(&format!("http://leptos.dev{path}"))) else {
                return Ok(());
            };
            let leptos: Vec<_> = url.path().split('/').filter(|part| !part.is_empty()).map(decode).collect();
            prop_assert!(readings(&uri).contains(&leptos), "{} is {:?}, not in {:?}", path, leptos, readings(&uri));
        }
    }
}
