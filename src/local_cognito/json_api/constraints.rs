//! The constraints of Cognito's service model on the members of a request, and AWS's words where one is not kept. Used
//! by every operation before it does anything.

use super::ApiError;

/// What the model says of a text member.
pub(super) struct Rule {
    /// As AWS writes it in an error: the first letter small.
    member: &'static str,
    /// The value of a sensitive member is not repeated.
    sensitive: bool,
    /// In characters.
    least: usize,
    most: usize,
    pattern: &'static str,
    fits: fn(&str) -> bool,
}

pub(super) const ACCESS_TOKEN: Rule = Rule {
    member: "accessToken",
    sensitive: true,
    least: 0,
    most: usize::MAX,
    pattern: "[A-Za-z0-9-_=.]+",
    fits: |text| is_made_of(text, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '=' | '.')),
};

pub(super) const CLIENT_ID: Rule = Rule {
    member: "clientId",
    sensitive: true,
    least: 1,
    most: 128,
    pattern: r"[\w+]+",
    fits: |text| is_made_of(text, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '+')),
};

pub(super) const POOL_ID: Rule = Rule {
    member: "userPoolId",
    sensitive: false,
    least: 1,
    most: 55,
    pattern: r"[\w-]+_[0-9a-zA-Z]+",
    fits: |text| {
        text.rsplit_once('_').is_some_and(|(region, name)| {
            is_made_of(region, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                && is_made_of(name, |c| c.is_ascii_alphanumeric())
        })
    },
};

pub(super) const USERNAME: Rule = Rule {
    member: "username",
    sensitive: true,
    least: 1,
    most: 128,
    pattern: r"[\p{L}\p{M}\p{S}\p{N}\p{P}]+",
    fits: |text| is_made_of(text, |c| !c.is_whitespace() && !c.is_control()),
};

pub(super) const GROUP_NAME: Rule = Rule { member: "groupName", sensitive: false, ..USERNAME };

pub(super) const PASSWORD: Rule = Rule {
    member: "password",
    sensitive: true,
    least: 0,
    most: 256,
    pattern: r"[\S]+",
    fits: |text| text.trim() == text && !text.is_empty(),
};

pub(super) const PREVIOUS_PASSWORD: Rule = Rule { member: "previousPassword", ..PASSWORD };
pub(super) const PROPOSED_PASSWORD: Rule = Rule { member: "proposedPassword", ..PASSWORD };

pub(super) const CONFIRMATION_CODE: Rule = Rule {
    member: "confirmationCode",
    sensitive: false,
    least: 1,
    most: 2048,
    pattern: r"[\S]+",
    fits: |text| is_made_of(text, |c| !c.is_whitespace()),
};

fn is_made_of(text: &str, allowed: fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// What was found wrong with a request so far. AWS names all of it at once.
#[derive(Default)]
pub(super) struct Checks(Vec<String>);

impl Checks {
    /// A member that must be there. What comes back is of use only if [`Checks::finish`] finds nothing.
    pub(super) fn require(&mut self, rule: &Rule, value: Option<String>) -> String {
        match value {
            Some(value) => {
                self.judge(rule, &value);
                value
            }
            None => {
                let value = if rule.sensitive { "Value" } else { "Value null" };
                self.note(&format!("{value} at '{}'", rule.member), "Member must not be null");
                String::new()
            }
        }
    }

    fn judge(&mut self, rule: &Rule, value: &str) {
        let length = value.chars().count();
        let shown = if rule.sensitive { "Value".to_owned() } else { format!("Value '{value}'") };
        let subject = format!("{shown} at '{}'", rule.member);
        if length < rule.least {
            self.note(&subject, &format!("Member must have length greater than or equal to {}", rule.least));
        }
        if length > rule.most {
            self.note(&subject, &format!("Member must have length less than or equal to {}", rule.most));
        }
        if !(rule.fits)(value) {
            self.note(&subject, &format!("Member must satisfy regular expression pattern: {}", rule.pattern));
        }
    }

    /// A member that is one of a few words; absent is for the caller to judge.
    pub(super) fn check_enum(&mut self, member: &str, value: Option<&str>, words: &[&str]) {
        if let Some(value) = value.filter(|value| !words.contains(value)) {
            let words = words.join(", ");
            let constraint = format!("Member must satisfy enum value set: [{words}]");
            self.note(&format!("Value '{value}' at '{member}'"), &constraint);
        }
    }

    /// Any member that must be there, whatever its form.
    pub(super) fn check_present(&mut self, member: &str, present: bool) {
        if !present {
            self.note(&format!("Value null at '{member}'"), "Member must not be null");
        }
    }

    /// A number between two others.
    pub(super) fn check_range(&mut self, member: &str, value: Option<i64>, least: i64, most: i64) {
        let Some(value) = value else { return };
        let subject = format!("Value '{value}' at '{member}'");
        if value < least {
            self.note(&subject, &format!("Member must have value greater than or equal to {least}"));
        }
        if value > most {
            self.note(&subject, &format!("Member must have value less than or equal to {most}"));
        }
    }

    fn note(&mut self, subject: &str, constraint: &str) {
        self.0.push(format!("{subject} failed to satisfy constraint: {constraint}"));
    }

    /// The error that names what was found.
    pub(super) fn finish(self) -> Result<(), ApiError> {
        let count = self.0.len();
        if count == 0 {
            return Ok(());
        }
        let errors = if count == 1 { "error" } else { "errors" };
        Err(ApiError::invalid_parameter(format!("{count} validation {errors} detected: {}", self.0.join("; "))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(check: impl FnOnce(&mut Checks)) -> Result<(), ApiError> {
        let mut checks = Checks::default();
        check(&mut checks);
        checks.finish()
    }

    #[test]
    fn one_error_is_worded_as_aws_words_it() {
        for (found, words) in [
            (
                complaint(|checks| drop(checks.require(&POOL_ID, None))),
                "Value null at 'userPoolId' failed to satisfy constraint: Member must not be null",
            ),
            (
                complaint(|checks| drop(checks.require(&PASSWORD, None))),
                "Value at 'password' failed to satisfy constraint: Member must not be null",
            ),
            (
                complaint(|checks| drop(checks.require(&POOL_ID, Some("pool".to_owned())))),
                r"Value 'pool' at 'userPoolId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w-]+_[0-9a-zA-Z]+",
            ),
            (
                complaint(|checks| drop(checks.require(&PASSWORD, Some("p".repeat(257))))),
                "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 256",
            ),
            (
                complaint(|checks| checks.check_range("limit", Some(61), 0, 60)),
                "Value '61' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
            ),
            (
                complaint(|checks| checks.check_enum("authFlow", Some("X"), &["A", "B"])),
                "Value 'X' at 'authFlow' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
            ),
        ] {
            assert_eq!(found, Err(ApiError::invalid_parameter(format!("1 validation error detected: {words}"))));
        }
    }

    #[test]
    fn all_errors_are_named_at_once_and_good_values_come_back() {
        let both = complaint(|checks| drop(checks.require(&USERNAME, Some(String::new()))));
        assert!(format!("{both:?}").contains("2 validation errors detected: Value at 'username'"), "{both:?}");
        let mut checks = Checks::default();
        assert_eq!(checks.require(&USERNAME, Some("demo@example.com".to_owned())), "demo@example.com");
        checks.check_enum("authFlow", None, &["A"]);
        checks.check_present("x", true);
        assert!(checks.finish().is_ok());
    }
}
