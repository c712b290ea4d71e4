//! Text that is shown as it is, but for what could be a secret in it. Part of `redact`.

use super::{HIDDEN, redact_secret};

/// No shown value needs more, and none has so many characters of a token in a row.
const MAX_SHOWN: usize = 300;
const TOKEN_RUN: usize = 40;

/// A shown value, from which whatever could be a token is taken out all the same.
pub(in super::super) fn redact_text(text: &str) -> String {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '/' | '=');
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_run = is_of_token(first);
        let end = rest.find(|c| is_of_token(c) != in_run).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        if in_run && part.len() >= TOKEN_RUN {
            shown.push_str(&redact_secret(part))
        } else {
            shown.push_str(part)
        }
        rest = after;
    }
    shorten(&shown)
}

/// An error of the service model quotes what it does not like, and that may be a code with a blank behind it.
pub(super) fn hide_quoted(message: &str) -> String {
    let mut parts = message.split("Value '");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.rfind("' at '").map_or("", |end| &part[end..]);
        shown.push_str(&format!("Value '{HIDDEN}{rest}"));
    }
    shown
}

pub(super) fn shorten(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    text.chars().take(MAX_SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_error_quotes_is_hidden_however_often_and_whatever_is_in_it() {
        for (message, shown) in [
            ("User is disabled.", "User is disabled."),
            (
                "Value '1 2' at 'a' failed; Value 'it's' at 'b' failed",
                "Value '(hidden)' at 'a' failed; Value '(hidden)' at 'b' failed",
            ),
            ("Value '' at '' at 'x' failed", "Value '(hidden)' at 'x' failed"),
            ("Value 'cut off", "Value '(hidden)"),
        ] {
            assert_eq!(hide_quoted(message), shown);
        }
    }
}
