//! What Cognito's service model lets a name or a value be. The one place for it: the settings (`settings`), the JSON API
//! (`json_api`), the console and the control API (`torment`), and the hosted UI all ask here.

mod attributes;
mod redirect_url;
mod rules;

use std::fmt;

pub(super) use attributes::{is_attribute, is_verification};
pub(crate) use redirect_url::redirect_url_problem;
pub(super) use redirect_url::{UrlProblem, check_url};
pub(super) use rules::{
    ACCESS_TOKEN, ATTRIBUTE_NAME, ATTRIBUTE_VALUE, CLIENT_ID, CLIENT_NAME, CLIENT_SECRET, CONFIRMATION_CODE,
    GROUP_NAME, MAX_SCOPES, MAX_URLS, PASSWORD, POOL_ID, PREVIOUS_PASSWORD, PROPOSED_PASSWORD, REDIRECT_URL, SCOPE,
    USERNAME,
};
pub(crate) use rules::{REFRESH_TOKEN_SECS, SCOPES, TOKEN_SECS, USER_ADMIN_SCOPE};

/// What the model says of a text.
pub(super) struct Rule {
    /// The member of a request, as AWS writes it in an error: the first letter small.
    pub(super) member: &'static str,
    /// The value of a sensitive member is not repeated.
    pub(super) sensitive: bool,
    /// In characters.
    least: usize,
    most: usize,
    pattern: &'static str,
    fits: fn(&str) -> bool,
}

/// One thing that the rule forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Breach {
    TooShort(usize),
    TooLong(usize),
    Pattern(&'static str),
}

impl Rule {
    /// All that is wrong with the value.
    pub(super) fn breaches(&self, value: &str) -> impl Iterator<Item = Breach> {
        let length = value.chars().count();
        let short = (length < self.least).then_some(Breach::TooShort(self.least));
        let long = (length > self.most).then_some(Breach::TooLong(self.most));
        let pattern = (!(self.fits)(value)).then_some(Breach::Pattern(self.pattern));
        short.into_iter().chain(long).chain(pattern)
    }

    /// The first thing that is wrong with the value, for people.
    pub(super) fn problem(&self, value: &str) -> Option<String> {
        self.breaches(value).next().map(|breach| breach.to_string())
    }
}

/// For the person who wrote the value; its name stands before.
impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::TooShort(1) => f.write_str("is empty"),
            Breach::TooShort(least) => write!(f, "is too short: at least {least} characters"),
            Breach::TooLong(most) => write!(f, "is too long: at most {most} characters"),
            Breach::Pattern(pattern) => write!(f, "has a character that Cognito does not take here: {pattern}"),
        }
    }
}

impl Breach {
    /// In AWS's words.
    pub(super) fn of_aws(self) -> String {
        match self {
            Breach::TooShort(least) => format!("Member must have length greater than or equal to {least}"),
            Breach::TooLong(most) => format!("Member must have length less than or equal to {most}"),
            Breach::Pattern(pattern) => format!("Member must satisfy regular expression pattern: {pattern}"),
        }
    }
}
