//! A user that a pool has from the beginning.

use std::collections::BTreeMap;
use std::fmt;

use super::super::constraints::{ATTRIBUTE_NAME, ATTRIBUTE_VALUE, GROUP_NAME, PASSWORD, USERNAME, is_attribute};
use super::super::password::check_policy;
use super::{Problem, check_count};

/// Groups that a user can be in (`cognito.md` §5).
const MAX_GROUPS: usize = 100;

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
        let email = (!is_email(&self.email))
            .then(|| Problem::new("email", "that is no e-mail address of at most 128 visible characters"));
        let policy = check_policy(&self.password).err().map(|problem| problem.to_string());
        let password = policy.or_else(|| PASSWORD.problem(&self.password));
        let password = password.map(|problem| Problem::new("password", format!("the password: {problem}")));
        let attributes = self.attributes.iter().filter_map(|(name, value)| attribute_problem(name, value));
        let groups = self.groups.iter().filter_map(|group| {
            let problem = GROUP_NAME.problem(group)?;
            Some(Problem::new("groups", format!("the group {group:?} {problem}")).of_item(group))
        });
        let count = check_count("groups", &self.groups, MAX_GROUPS);
        email.into_iter().chain(password).chain(attributes).chain(groups).chain(count).collect()
    }
}

fn attribute_problem(name: &str, value: &str) -> Option<Problem> {
    let problem = match name {
        "sub" | "email" | "email_verified" => format!("{name} is no attribute to be set here"),
        _ if !is_attribute(name) || ATTRIBUTE_NAME.problem(name).is_some() => {
            format!("{name:?} is no standard attribute, and no custom one: custom: and 1 to 20 characters")
        }
        _ => format!("{name} {}", ATTRIBUTE_VALUE.problem(value)?),
    };
    Some(Problem::new("attributes", problem).of_key(name))
}

/// Something, `@`, something, and a user name; as strict as Cognito's own check is known to be.
pub(in super::super) fn is_email(text: &str) -> bool {
    let text = text.trim();
    let parts = text.split_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty());
    parts.is_some_and(|(_, domain)| !domain.contains('@')) && USERNAME.problem(text).is_none()
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
        user.attributes.insert("custom:a-name-of-more-than-twenty".to_owned(), "x".to_owned());
        user.attributes.insert("nickname".to_owned(), "x".repeat(2049));
        user.groups = vec!["two words".to_owned(), "a\u{200b}b".to_owned()];
        assert_eq!(user.find_problems().len(), 7);
        for (text, good) in [
            ("a@b", true),
            ("a@b.example ", true),
            ("a b@c", false),
            ("@b", false),
            ("a@", false),
            ("a@b@c", false),
            ("a\u{200b}@b", false),
        ] {
            assert_eq!(is_email(text), good, "{text}");
        }
        assert!(!is_email(&format!("{}@b", "a".repeat(127))));
    }
}
