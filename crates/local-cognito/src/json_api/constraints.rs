//! The constraints of Cognito's service model on the members of a request, and AWS's words where one is not kept. Used
//! by every operation before it does anything.

pub(super) use super::super::constraints::{
    ACCESS_TOKEN, ATTRIBUTE_NAME, ATTRIBUTE_VALUE, CLIENT_ID, CLIENT_NAME, CONFIRMATION_CODE, GROUP_NAME, MAX_SCOPES,
    MAX_URLS, PASSWORD, POOL_ID, PREVIOUS_PASSWORD, PROPOSED_PASSWORD, REDIRECT_URL, Rule, SCOPE, USERNAME, UrlProblem,
    check_url, is_attribute, is_verification,
};

use super::ApiError;

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

    /// A member that may be missing.
    pub(super) fn check(&mut self, rule: &Rule, value: Option<&str>) {
        value.into_iter().for_each(|value| self.judge(rule, value));
    }

    fn judge(&mut self, rule: &Rule, value: &str) {
        let shown = if rule.sensitive { "Value".to_owned() } else { format!("Value '{value}'") };
        let subject = format!("{shown} at '{}'", rule.member);
        rule.breaches(value).for_each(|breach| self.note(&subject, &breach.of_aws()));
    }

    /// A list of so many members at most, each of which keeps the rule.
    pub(super) fn check_list(&mut self, member: &str, rule: &Rule, values: Option<&[String]>, most: usize) {
        let values = values.unwrap_or_default();
        let subject = format!("Value '[{}]' at '{member}'", values.join(", "));
        if values.len() > most {
            self.note(&subject, &format!("Member must have length less than or equal to {most}"));
        }
        let breaches = values.iter().find_map(|value| {
            let breaches: Vec<String> = rule.breaches(value).map(|breach| breach.of_aws()).collect();
            (!breaches.is_empty()).then(|| breaches.join(", "))
        });
        if let Some(breaches) = breaches {
            self.note(&subject, &format!("Member must satisfy constraint: [{breaches}]"));
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
    fn lists_are_held_to_their_length_and_each_member_to_its_rule() {
        let list = ["openid".to_owned(), "a b".to_owned()];
        let told = complaint(|checks| checks.check_list("allowedOAuthScopes", &SCOPE, Some(&list), 1));
        let words = "2 validation errors detected: Value '[openid, a b]' at 'allowedOAuthScopes' failed to satisfy \
                     constraint: Member must have length less than or equal to 1; Value '[openid, a b]' at \
                     'allowedOAuthScopes' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy \
                     regular expression pattern: [\\x21\\x23-\\x5B\\x5D-\\x7E]+]";
        assert_eq!(told, Err(ApiError::invalid_parameter(words)));
    }

    #[test]
    fn all_errors_are_named_at_once_and_good_values_come_back() {
        let both = complaint(|checks| drop(checks.require(&USERNAME, Some(String::new()))));
        assert!(format!("{both:?}").contains("2 validation errors detected: Value at 'username'"), "{both:?}");
        let mut checks = Checks::default();
        assert_eq!(checks.require(&USERNAME, Some("demo@example.com".to_owned())), "demo@example.com");
        checks.check_enum("authFlow", None, &["A"]);
        checks.check(&CLIENT_NAME, None);
        checks.check_list("callbackURLs", &REDIRECT_URL, None, 1);
        checks.check_present("x", true);
        assert!(checks.finish().is_ok());
    }
}
