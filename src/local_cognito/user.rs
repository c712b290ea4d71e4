//! Users, and what of them a scope lets out. Seeded at the first start, read by sign-in and by everything that issues
//! or describes.

use serde::{Deserialize, Serialize};

use super::error::CryptoError;
use super::password::hash_password;
use super::random::random_uuid;

/// E-mail, password, name and groups of the users every new pool has. Their passwords are no secret: they are shown
/// on the sign-in page, and nothing but this machine reaches it.
pub(super) const DEMO_USERS: [(&str, &str, &str, &[&str]); 2] = [
    ("demo@example.com", "Demo-Passw0rd", "Demo User", &[]),
    ("admin@example.com", "Admin-Passw0rd", "Ada Admin", &["admin"]),
];

/// A user as the state file holds it. In a pool where people sign in by e-mail the username is the sub.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct User {
    pub(super) sub: String,
    pub(super) email: String,
    pub(super) email_verified: bool,
    pub(super) name: String,
    pub(super) groups: Vec<String>,
    pub(super) enabled: bool,
    pub(super) password_hash: String,
}

impl User {
    pub(super) fn seed_all() -> Result<Vec<User>, CryptoError> {
        DEMO_USERS.iter().map(|(email, password, name, groups)| User::create(email, password, name, groups)).collect()
    }

    pub(super) fn create(email: &str, password: &str, name: &str, groups: &[&str]) -> Result<User, CryptoError> {
        Ok(User {
            sub: random_uuid(),
            email: email.to_owned(),
            email_verified: true,
            name: name.to_owned(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            enabled: true,
            password_hash: hash_password(password)?,
        })
    }

    /// E-mail addresses as user names are compared without regard to case, as in a pool made today.
    pub(super) fn has_email(&self, email: &str) -> bool {
        self.email.eq_ignore_ascii_case(email.trim())
    }
}

/// What a granted scope (space separated) lets into the ID token and out of `userInfo`.
pub(super) struct Visible {
    pub(super) email: bool,
    pub(super) profile: bool,
}

impl Visible {
    /// `openid` alone opens every attribute; beside `email`, `phone` or `profile` only theirs (AWS developer guide,
    /// "Scopes, M2M, and resource servers"). `profile` stands for all.
    pub(super) fn under(scope: &str) -> Visible {
        let narrowed = ["email", "phone", "profile"].iter().any(|name| has_scope(scope, name));
        let profile = has_scope(scope, "profile") || !narrowed;
        Visible { email: profile || has_scope(scope, "email"), profile }
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
        for (scope, email, profile) in [
            ("openid", true, true),
            ("openid aws.cognito.signin.user.admin", true, true),
            ("openid email", true, false),
            ("openid phone", false, false),
            ("openid profile", true, true),
            ("openid email profile", true, true),
        ] {
            let visible = Visible::under(scope);
            assert_eq!((visible.email, visible.profile), (email, profile), "{scope}");
        }
        assert!(!has_scope("openid emails", "email"));
    }

    #[test]
    fn emails_are_found_whatever_their_case() {
        let user = User::create("demo@example.com", "Demo-Passw0rd", "Demo User", &[]).unwrap();
        assert!(user.has_email(" Demo@Example.COM "));
        assert!(!user.has_email("demo@example.co"));
    }
}
