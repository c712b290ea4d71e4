//! A setting that is a number. Part of `config`, and of Local Cognito's.

use std::ops::RangeInclusive;

use crate::auth::server::ConfigProblems;

/// Reads it, and notes the problem where it is none, or out of range.
pub(crate) fn number(
    get: impl Fn(&str) -> Option<String>,
    name: &str,
    default: u64,
    range: RangeInclusive<u64>,
    problems: &mut ConfigProblems,
) -> u64 {
    let Some(text) = get(name).filter(|text| !text.trim().is_empty()) else { return default };
    text.trim().parse().ok().filter(|number| range.contains(number)).unwrap_or_else(|| {
        problems.add(format!("{name} is {text:?}; write a whole number from {} to {}", range.start(), range.end()));
        default
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::config::AppConfig;

    #[test]
    fn no_number_panics_and_each_one_out_of_range_is_named() {
        for name in [
            "MAX_CONNECTIONS",
            "LEPTOS_RELOAD_PORT",
            "SESSION_IDLE_SECS",
            "SESSION_ABSOLUTE_SECS",
            "SESSION_REFRESH_ENTRIES",
            "LOCAL_COGNITO_ROTATION_GRACE_SECS",
            "LOCAL_COGNITO_ACCESS_TOKEN_SECS",
            "LOCAL_COGNITO_REFRESH_TOKEN_SECS",
        ] {
            for number in ["-1", "1e9", "0x10", "9223372036854775807", "18446744073709551615", "18446744073709551616"] {
                let lookup = move |asked: &str| match asked {
                    "LOCAL_COGNITO_CONFIG" => Some(String::new()),
                    _ => (asked == name).then(|| number.to_owned()),
                };
                let told = AppConfig::from_lookup(Arc::new(lookup)).err().map(|problems| problems.to_string());
                assert!(told.as_ref().is_some_and(|told| told.contains(name)), "{name} {number}: {told:?}");
            }
        }
    }
}
