//! A user that a pool has from the beginning.

use std::collections::BTreeMap;
use std::fmt;

use super::super::password::check_policy;
use super::Problem;

/// A seeded user, confirmed and with a verified e-mail address unless said otherwise.
#[derive(Clone)]
pub struct UserSettings {
    /// What the person signs in with.
    pub email: String,
    /// Cognito's default policy: at least 8 characters, among them upper case, lower case, a digit and a symbol.
    pub password: String,
    /// Other attributes, such as `name` and `custom:team`.
    pub attributes: BTreeMap<String, String>,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// Whether the e-mail address is verified.
    pub email_verified: bool,
}

impl UserSettings {
    /// A user with a name and groups.
    #[must_use]
    pub fn new(email: &str, password: &str, name: &str, groups: &[&str]) -> UserSettings {
        UserSettings {
            email: email.to_owned(),
            password: password.to_owned(),
            attributes: BTreeMap::from([("name".to_owned(), name.to_owned())]),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
            email_verified: true,
        }
    }

    /// The users of a pool that nobody set up. Their passwords are no secret: they are shown on the sign-in page, and
    /// nothing but this machine reaches it.
    #[must_use]
    pub fn demo() -> Vec<UserSettings> {
        vec![
            UserSettings::new("demo@example.com", "Demo-Passw0rd", "Demo User", &[]),
            UserSettings::new("admin@example.com", "Admin-Passw0rd", "Ada Admin", &["admin"]),
        ]
    }

    pub(super) fn find_problems(&self) -> Vec<Problem> {
        let email = (!is_email(&self.email)).then(|| Problem::new("email", "that is no e-mail address"));
        let password = check_policy(&self.password)
            .err()
            .map(|problem| Problem::new("password", format!("the password: {problem}")));
        let attributes =
            self.attributes.keys().filter(|name| matches!(name.as_str(), "sub" | "email" | "email_verified"));
        let attributes =
            attributes.map(|name| Problem::new("attributes", format!("{name} is no attribute to be set here")));
        email.into_iter().chain(password).chain(attributes).collect()
    }
}

/// Something, `@`, something; as strict as Cognito's own check is known to be.
pub(in super::super) fn is_email(text: &str) -> bool {
    let good =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control() || c == '@');
    text.len() <= 2048 && text.trim().split_once('@').is_some_and(|(local, domain)| good(local) && good(domain))
}

impl fmt::Debug for UserSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserSettings").field("groups", &self.groups).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_users_are_good_ones() {
        for user in UserSettings::demo() {
            assert_eq!(user.find_problems().len(), 0);
        }
    }

    #[test]
    fn bad_ones_are_told() {
        let mut user = UserSettings::new("demo", "password", "Demo", &[]);
        user.attributes.insert("sub".to_owned(), "x".to_owned());
        assert_eq!(user.find_problems().len(), 3);
        for (text, good) in
            [("a@b", true), ("a@b.example ", true), ("a b@c", false), ("@b", false), ("a@", false), ("a@b@c", false)]
        {
            assert_eq!(is_email(text), good, "{text}");
        }
    }
}
