//! Users, and what of them a scope lets out. Seeded from the settings, made by sign-up or an administrator, read by
//! sign-in and by everything that issues or describes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::random::random_uuid;

/// Whether a user may sign in, in Cognito's words (`UserStatus`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum UserStatus {
    /// Signed up, and has not yet entered the code.
    Unconfirmed,
    Confirmed,
    /// An administrator ordered a new password: only a reset leads on.
    ResetRequired,
    /// Made by an administrator: the first sign-in asks for a password of the user's own.
    ForceChangePassword,
}

impl UserStatus {
    /// As the JSON API writes it.
    pub(super) fn name(self) -> &'static str {
        match self {
            UserStatus::Unconfirmed => "UNCONFIRMED",
            UserStatus::Confirmed => "CONFIRMED",
            UserStatus::ResetRequired => "RESET_REQUIRED",
            UserStatus::ForceChangePassword => "FORCE_CHANGE_PASSWORD",
        }
    }
}

/// A user as the state file holds it. People sign in by e-mail here, and then the username is the sub.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) email_verified: bool,
    /// All other attributes (`name`, `phone_number`, `custom:…`), strings as Cognito keeps them.
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) groups: Vec<String>,
    pub(super) enabled: bool,
    pub(super) status: UserStatus,
    pub(super) password_hash: String,
    /// Unix seconds.
    pub(super) created_at: u64,
    /// Unix seconds.
    pub(super) modified_at: u64,
}

impl User {
    /// A confirmed user without attributes and groups; what differs is set afterwards.
    pub(super) fn new(email: &str, password_hash: String, now: u64) -> User {
        User {
            sub: random_uuid(),
            email: email.trim().to_owned(),
            email_verified: true,
            attributes: BTreeMap::new(),
            groups: Vec::new(),
            enabled: true,
            status: UserStatus::Confirmed,
            password_hash,
            created_at: now,
            modified_at: now,
        }
    }

    /// E-mail addresses as user names are compared without regard to case, as in a pool made today.
    pub(super) fn has_email(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email.trim())
    }
}

/// What a granted scope (space separated) lets into the ID token and out of `userInfo`.
pub(super) struct Visible {
    pub(super) email: bool,
    pub(super) phone: bool,
    pub(super) profile: bool,
}

impl Visible {
    /// `openid` alone opens every attribute; beside `email`, `phone` or `profile` only theirs (AWS developer guide,
    /// "Scopes, M2M, and resource servers"). `profile` stands for all.
    pub(super) fn under(scope: &str) -> Visible {
        let narrowed = ["email", "phone", "profile"].iter().any(|name| has_scope(scope, name));
        let profile = has_scope(scope, "profile") || !narrowed;
        Visible { email: profile || has_scope(scope, "email"), phone: profile || has_scope(scope, "phone"), profile }
    }

    /// The ID token of a sign-in by the JSON API, whose scope does not narrow it.
    pub(super) fn all() -> Visible {
        Visible { email: true, phone: true, profile: true }
    }

    /// Whether an attribute other than the e-mail address may be shown.
    pub(super) fn shows(&self, attribute: &str) -> bool {
        if attribute.starts_with("phone_number") { self.phone } else { self.profile }
    }
}

/// Whether the space-separated `scope` contains `name`.
pub(super) fn has_scope(scope: &str, name: &str) -> bool {
    scope.split(' ').any(|granted| granted == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_let_out_what_cognito_lets_out() {
        for (scope, email, phone, profile) in [
            ("openid", true, true, true),
            ("openid aws.cognito.signin.user.admin", true, true, true),
            ("openid email", true, false, false),
            ("openid phone", false, true, false),
            ("openid profile", true, true, true),
            ("openid email profile", true, true, true),
        ] {
            let visible = Visible::under(scope);
            assert_eq!((visible.email, visible.phone, visible.profile), (email, phone, profile), "{scope}");
            assert_eq!((visible.shows("phone_number"), visible.shows("custom:team")), (phone, profile), "{scope}");
        }
        assert!(!has_scope("openid emails", "email"));
    }

    #[test]
    fn emails_are_found_whatever_their_case() {
        let user = User::new("demo@example.com ", String::new(), 0);
        assert!(user.has_email(" Demo@Example.COM "));
        assert!(!user.has_email("demo@example.co"));
    }

    #[test]
    fn the_status_is_written_the_same_to_the_api_and_to_the_file() {
        use UserStatus::{Confirmed, ForceChangePassword, ResetRequired, Unconfirmed};
        for status in [Unconfirmed, Confirmed, ResetRequired, ForceChangePassword] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }
}
