//! Reads settings by their names and notes what is wrong with how they are written. Used by `config` for this folder's
//! settings, and by an app for its own.

use std::ops::RangeInclusive;

use super::config_problems::ConfigProblems;

/// Names that NextAuth.js and Auth.js have for the same things.
const NEXTAUTH_NAMES: [(&str, &str); 6] = [
    ("NEXTAUTH_URL", "APP_URL"),
    ("AUTH_URL", "APP_URL"),
    ("NEXTAUTH_SECRET", "SESSION_SECRETS"),
    ("AUTH_SECRET", "SESSION_SECRETS"),
    ("AUTH_COGNITO_ID", "COGNITO_CLIENT_ID"),
    ("AUTH_COGNITO_ISSUER", "COGNITO_ISSUER"),
];

/// Finds settings by a lookup function and collects the problems.
pub struct SettingReader<'l> {
    lookup: &'l dyn Fn(&str) -> Option<String>,
    problems: ConfigProblems,
}

impl<'l> SettingReader<'l> {
    /// Reads by this lookup function.
    pub fn new(lookup: &'l dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, problems: ConfigProblems::default() }
    }

    /// The value without white space around it; `None` if it is missing or empty. Quotes and white space around it are
    /// noted: they are a part of what the environment holds, and nobody means them.
    pub fn get(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name).filter(|value| !value.trim().is_empty())?;
        match around(&value) {
            Some(what) => {
                self.add(format!(
                    "{name} has {what}, which docker --env-file keeps as a part of the value: take them off"
                ));
                // What is inside is checked as well, so that everything is told at once.
                Some(value.trim().trim_matches(['"', '\'']).trim().to_owned()).filter(|inside| !inside.is_empty())
            }
            None => Some(value),
        }
    }

    /// As [`get`](Self::get) for a setting in which empty has a meaning of its own.
    pub fn get_or_empty(&mut self, name: &str) -> Option<String> {
        let is_empty = (self.lookup)(name).is_some_and(|value| value.trim().is_empty());
        if is_empty { Some(String::new()) } else { self.get(name) }
    }

    /// As [`get`](Self::get); that it is missing is noted.
    pub fn require(&mut self, name: &str) -> Option<String> {
        let value = self.get(name);
        if value.is_none() {
            let is_set = |theirs: &str| (self.lookup)(theirs).is_some_and(|value| !value.trim().is_empty());
            let theirs = NEXTAUTH_NAMES.iter().find(|(theirs, ours)| *ours == name && is_set(theirs));
            self.add(match theirs {
                Some((theirs, _)) => format!("{name} is not set; {theirs} is, and what it is for is {name} here"),
                None => format!("{name} is not set; .env.example of leptos-cognito says what it is"),
            });
        }
        value
    }

    /// A whole number within a range; the default if it is missing, or wrong, which is noted.
    pub fn number(&mut self, name: &str, what: &str, range: RangeInclusive<u64>, default: u64) -> u64 {
        let Some(text) = self.get(name) else { return default };
        text.parse().ok().filter(|number| range.contains(number)).unwrap_or_else(|| {
            self.add(format!("{name} is {text:?}; write {what} from {} to {}", range.start(), range.end()));
            default
        })
    }

    /// Notes a problem.
    pub fn add(&mut self, problem: impl Into<String>) {
        self.problems.add(problem);
    }

    /// Notes all of these.
    pub fn add_all(&mut self, problems: ConfigProblems) {
        self.problems = std::mem::take(&mut self.problems).and(problems);
    }

    /// The value, or a note of what is wrong.
    pub fn keep<T>(&mut self, result: Result<T, String>) -> Option<T> {
        self.problems.keep(result)
    }

    /// The problems noted so far.
    #[must_use]
    pub fn into_problems(self) -> ConfigProblems {
        self.problems
    }
}

/// What stands around a value that does not belong to it.
fn around(value: &str) -> Option<&'static str> {
    let inside = value.trim();
    let is_quoted = |quote: char| inside.len() > 1 && inside.starts_with(quote) && inside.ends_with(quote);
    if is_quoted('"') || is_quoted('\'') {
        Some("quotes around it")
    } else if inside != value {
        Some("white space around it")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(value: &str, read: impl FnOnce(&mut SettingReader<'_>) -> T) -> (T, String) {
        let lookup = |_: &str| Some(value.to_owned());
        let mut reader = SettingReader::new(&lookup);
        let value = read(&mut reader);
        (value, reader.into_problems().to_string())
    }

    #[test]
    fn what_stands_around_a_value_is_noted_and_the_rest_read() {
        for (written, value, told) in [
            ("abc", Some("abc"), None),
            ("a \"b\" c", Some("a \"b\" c"), None),
            ("\"", Some("\""), None),
            (" abc\n", Some("abc"), Some("white space")),
            ("\"abc\"", Some("abc"), Some("quotes")),
            (" 'abc' ", Some("abc"), Some("quotes")),
            ("\"\"", None, Some("quotes")),
            (" ", None, None),
            ("", None, None),
        ] {
            let (read, problems) = read(written, |reader| reader.get("NAME"));
            assert_eq!(read.as_deref(), value, "{written:?}");
            assert!(
                told.map_or(problems.contains("0 problem"), |told| problems.contains(told)),
                "{written:?}: {problems}"
            );
        }
    }

    #[test]
    fn numbers_are_held_to_their_range() {
        for (written, number) in
            [("5", 5), ("9", 9), ("4", 7), ("10", 7), ("x", 7), ("99999999999999999999", 7), ("", 7)]
        {
            let (read, problems) = read(written, |reader| reader.number("NAME", "a number", 5..=9, 7));
            assert_eq!(read, number, "{written}");
            let is_good = number != 7 || written.is_empty();
            assert_eq!(problems.contains("write a number from 5 to 9"), !is_good, "{written}: {problems}");
        }
    }
}
