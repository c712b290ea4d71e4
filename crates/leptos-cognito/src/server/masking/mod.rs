//! The one filter for what others say, before it reaches the log: Cognito's exceptions and triggers, the token endpoint, the
//! discovery document, errors of a connection, a request's path. Sentences and error codes stay readable; what looks like an
//! e-mail address, a phone number, a token, a code or a secret is masked.

#[cfg(test)]
mod tests;
mod words;

use self::words::{is_secret, mask_words};

const MASK: &str = "[masked]";
/// What is read of a text, and what is kept of it, in characters.
const MAX_READ: usize = 2000;
const MAX_KEPT: usize = 240;

/// The text as it may stand in a log: on one line, bounded, and without what looks secret.
#[must_use]
pub fn mask(text: &str) -> String {
    let text = printable(text);
    let (mut masked, mut rest) = (String::new(), text.as_str());
    while let Some(start) = rest.find("https://").into_iter().chain(rest.find("http://")).min() {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c: char| c.is_whitespace() || "\"'<>`\\".contains(c)).unwrap_or(from.len());
        let url = from[..end].trim_end_matches(['.', ',', ':', ';', '!', ')', ']']);
        masked.push_str(&mask_words(before));
        masked.push_str(&mask_url(url));
        rest = &from[url.len()..];
    }
    masked.push_str(&mask_words(rest));
    if masked.chars().nth(MAX_KEPT).is_some() {
        masked = masked.chars().take(MAX_KEPT - 1).chain(['…']).collect();
    }
    masked
}

/// Without line breaks, escapes and what turns the direction of writing. A word that is cut off is left out: half a token
/// may look harmless.
fn printable(text: &str) -> String {
    let is_invisible =
        |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let replace = |c: char| if c.is_control() || is_invisible(c) { ' ' } else { c };
    let mut printable: String = text.chars().map(replace).take(MAX_READ).collect();
    if text.chars().nth(MAX_READ).is_some() {
        printable.truncate(printable.rfind(' ').unwrap_or_default());
        printable.push_str(" …");
    }
    printable
}

/// Scheme, host and port, and the path segment by segment; never a user, a query or a fragment.
fn mask_url(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    let (place, more) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let (authority, path) = place.split_at(place.find('/').unwrap_or(place.len()));
    let is_port = |text: &str| text.len() <= 5 && text.chars().all(|c| c.is_ascii_digit());
    let host = authority.rsplit_once(':').filter(|(_, port)| is_port(port)).map_or(authority, |(host, _)| host);
    let authority = if host.split('.').any(is_secret) { MASK } else { authority };
    let more = if more.is_empty() { String::new() } else { format!("?{MASK}") };
    format!("{scheme}://{authority}{}{more}", mask_words(path))
}
