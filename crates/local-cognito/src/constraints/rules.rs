//! The rules, one for each kind of text. Used through `constraints`.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex::Regex;

use super::Rule;

pub(in super::super) const ACCESS_TOKEN: Rule = Rule {
    member: "accessToken",
    sensitive: true,
    least: 0,
    most: usize::MAX,
    pattern: "[A-Za-z0-9-_=.]+",
    fits: |text| is_made_of(text, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.')),
};

pub(in super::super) const CLIENT_ID: Rule = Rule {
    member: "clientId",
    sensitive: true,
    least: 1,
    most: 128,
    pattern: r"[\w+]+",
    fits: |text| is_made_of(text, |c| is_word(c) || c == '+'),
};

pub(in super::super) const CLIENT_SECRET: Rule = Rule { member: "clientSecret", least: 24, most: 64, ..CLIENT_ID };

pub(in super::super) const CLIENT_NAME: Rule = Rule {
    member: "clientName",
    sensitive: false,
    least: 1,
    most: 128,
    pattern: r"[\w\s+=,.@-]+",
    fits: |text| is_made_of(text, |c| is_word(c) || c.is_ascii_whitespace() || "+=,.@-".contains(c)),
};

pub(in super::super) const POOL_ID: Rule = Rule {
    member: "userPoolId",
    sensitive: false,
    least: 1,
    most: 55,
    pattern: r"[\w-]+_[0-9a-zA-Z]+",
    fits: |text| {
        text.rsplit_once('_').is_some_and(|(region, name)| {
            is_made_of(region, |c| is_word(c) || c == '-') && is_made_of(name, |c| c.is_ascii_alphanumeric())
        })
    },
};

pub(in super::super) const USERNAME: Rule = Rule {
    member: "username",
    sensitive: true,
    least: 1,
    most: 128,
    pattern: r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    fits: is_visible,
};

pub(in super::super) const GROUP_NAME: Rule = Rule { member: "groupName", sensitive: false, ..USERNAME };

pub(in super::super) const REDIRECT_URL: Rule =
    Rule { member: "callbackURLs", sensitive: false, most: 1024, ..USERNAME };

pub(in super::super) const SCOPE: Rule = Rule {
    member: "allowedOAuthScopes",
    sensitive: false,
    least: 1,
    most: 256,
    pattern: r"[\x21\x23-\x5B\x5D-\x7E]+",
    fits: |text| is_made_of(text, |c| c.is_ascii_graphic() && c != '"' && c != '\\'),
};

pub(in super::super) const ATTRIBUTE_NAME: Rule = Rule {
    member: "userAttributes",
    sensitive: false,
    least: 1,
    most: 32,
    pattern: r"[\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+",
    fits: |text| is_visible(&text.replace(['\t', '\n', '\r', ' '], "_")),
};

pub(in super::super) const ATTRIBUTE_VALUE: Rule =
    Rule { member: "userAttributes", sensitive: true, least: 0, most: 2048, pattern: "", fits: |_| true };

pub(in super::super) const PASSWORD: Rule = Rule {
    member: "password",
    sensitive: true,
    least: 0,
    most: 256,
    pattern: r"[\S]+",
    fits: |text| text.trim() == text && !text.is_empty(),
};

pub(in super::super) const PREVIOUS_PASSWORD: Rule = Rule { member: "previousPassword", ..PASSWORD };
pub(in super::super) const PROPOSED_PASSWORD: Rule = Rule { member: "proposedPassword", ..PASSWORD };

pub(in super::super) const CONFIRMATION_CODE: Rule = Rule {
    member: "confirmationCode",
    sensitive: false,
    least: 1,
    most: 2048,
    pattern: r"[\S]+",
    fits: |text| is_made_of(text, |c| !c.is_whitespace()),
};

/// What a client may ask for. `aws.cognito.signin.user.admin` lets the access token call GetUser.
pub(crate) const SCOPES: [&str; 5] = [USER_ADMIN_SCOPE, "email", "openid", "phone", "profile"];
pub(crate) const USER_ADMIN_SCOPE: &str = "aws.cognito.signin.user.admin";

/// `CallbackURLsListType`, `LogoutURLsListType`
pub(in super::super) const MAX_URLS: usize = 100;
/// `ScopeListType`
pub(in super::super) const MAX_SCOPES: usize = 50;
const DAY_SECS: u64 = 24 * 60 * 60;
/// Life of access and ID tokens, in seconds. At AWS 5 minutes to 1 day; shorter here, so that an app can be watched refreshing.
pub(crate) const TOKEN_SECS: RangeInclusive<u64> = 1..=DAY_SECS;
/// Life of refresh tokens, in seconds. At AWS 1 hour to 10 years.
pub(crate) const REFRESH_TOKEN_SECS: RangeInclusive<u64> = 1..=3650 * DAY_SECS;

/// `\w`, which is ASCII there.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_made_of(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// `[\p{L}\p{M}\p{S}\p{N}\p{P}]+`: no white space, and nothing that cannot be seen, such as a zero-width space.
pub(super) fn is_visible(text: &str) -> bool {
    static VISIBLE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{S}\p{N}\p{P}]+\z").ok());
    VISIBLE.as_ref().is_some_and(|visible| visible.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_its_length_and_its_characters() {
        for (rule, good, bad) in [
            (&CLIENT_ID, &["a", "A_9+"][..], &["", "a b", "a-b", "\u{e9}"][..]),
            (&CLIENT_SECRET, &["0123456789abcdefghijklmn"], &["0123456789abcdefghijklm", "0123456789-abcdefghijklmn"]),
            (&CLIENT_NAME, &["my app, v1.0 @home+=-"], &["", "app!", "\u{e4}pp"]),
            (&POOL_ID, &["us-east-1_LocalPool", "a_b_c9"], &["", "us-east-1", "us-east-1_Po-ol", "us east_P"]),
            (
                &USERNAME,
                &["demo@example.com", "\u{e4}\u{301}\u{20ac}\u{ff11}"],
                &["", "a b", "a\u{200b}b", "a\u{feff}", "a\n"],
            ),
            (&GROUP_NAME, &["admin", "a/b"], &["", "two words"]),
            (&REDIRECT_URL, &["https://a.example/cb"], &["", "https://a.example/c b"]),
            (&SCOPE, &["openid", "https://a.example/read"], &["", "a b", "a\"b", "a\\b", "\u{e9}"]),
            (&ATTRIBUTE_NAME, &["custom:team", "a b"], &["", "a\u{b}b"]),
            (&ATTRIBUTE_VALUE, &["", "a b"], &[]),
            (&PASSWORD, &["a b"], &["", " a"]),
        ] {
            for good in good {
                assert_eq!(rule.problem(good), None, "{} {good:?}", rule.member);
            }
            for bad in bad {
                assert!(rule.problem(bad).is_some(), "{} {bad:?}", rule.member);
            }
            assert!(rule.problem(&"a".repeat(rule.most + 1)).is_some(), "{}", rule.member);
        }
    }
}
