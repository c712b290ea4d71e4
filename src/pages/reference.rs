//! A reference finds a failure in the server's log (B46). Shown by every page that tells of one.

use leptos::prelude::*;

/// The longest reference that is shown.
const MAX_CHARS: usize = 64;

/// The reference; nothing, where there is none or it does not look like one: it may come from a URL.
#[component]
pub(super) fn Reference(
    /// As the server gave it.
    reference: Option<String>,
) -> impl IntoView {
    reference.filter(|reference| is_reference(reference)).map(|reference| {
        view! { <p class="hint">"Reference: " <code>{reference}</code></p> }
    })
}

fn is_reference(text: &str) -> bool {
    (1..=MAX_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::is_reference;

    #[test]
    fn only_a_plain_reference_is_shown() {
        for good in ["a", "0190f3c2-7d1e-7c3a", "oY1R_LqM", &"x".repeat(64)] {
            assert!(is_reference(good), "{good}");
        }
        for bad in ["", "a b", "<b>", "é", "call+44", &"x".repeat(65)] {
            assert!(!is_reference(bad), "{bad}");
        }
    }
}
