//! What is wrong with settings, and where it stands in the file. Used by the parts of `settings`.

use std::ops::RangeInclusive;

/// Something Cognito would not take.
#[derive(Debug)]
pub(super) struct Problem {
    /// The field it is about, as the file names it.
    pub(super) field: &'static str,
    /// Where in the field's list or table it is.
    pub(super) part: Part,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) enum Part {
    Whole,
    Item(String),
    Key(String),
}

impl Problem {
    pub(super) fn new(field: &'static str, text: impl Into<String>) -> Problem {
        Problem { field, part: Part::Whole, text: text.into() }
    }

    /// With the field's name before the text.
    pub(super) fn told(field: &'static str, text: &str) -> Problem {
        Problem::new(field, format!("{field} {text}"))
    }

    pub(super) fn of_item(self, item: &str) -> Problem {
        Problem { part: Part::Item(item.to_owned()), ..self }
    }

    pub(super) fn of_key(self, key: &str) -> Problem {
        Problem { part: Part::Key(key.to_owned()), ..self }
    }
}

/// Whether this number of seconds may stand there, with what to do if not.
pub(super) fn check_span(field: &'static str, secs: u64, range: RangeInclusive<u64>) -> Option<Problem> {
    let text = || format!("{field} is {secs}; write seconds from {} to {}", range.start(), range.end());
    (!range.contains(&secs)).then(|| Problem::new(field, text()))
}

pub(super) fn check_count(field: &'static str, items: &[String], most: usize) -> Option<Problem> {
    let count = items.len();
    (count > most).then(|| Problem::new(field, format!("{field} has {count} entries; Cognito takes {most}")))
}
