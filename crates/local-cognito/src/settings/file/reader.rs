//! A TOML document read key by key, with a list of all that is wrong: the parser's own way ends at the first mistake.
//! Used by `file` alone.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::super::Part;

/// The text, and what was found wrong with it so far.
pub(super) struct Reader<'t> {
    text: &'t str,
    problems: Vec<(usize, String)>,
}

/// A table of the document.
pub(super) struct Entry<'d> {
    table: &'d DeTable<'d>,
    /// Where it begins.
    at: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Reader<'t> {
        Reader { text, problems: Vec::new() }
    }

    /// The document, if it is TOML at all.
    pub(super) fn parse(&mut self) -> Option<Spanned<DeTable<'t>>> {
        let (document, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            // The message alone: the error's full form quotes the line, which may hold a secret.
            self.note(error.span().unwrap_or_default(), format!("this is not TOML: {}", error.message()));
        }
        errors.is_empty().then_some(document)
    }

    pub(super) fn root<'d>(&self, document: &'d Spanned<DeTable<'d>>) -> Entry<'d> {
        Entry { table: document.get_ref(), at: 0 }
    }

    /// All problems, in the order of their lines.
    pub(super) fn into_problems(mut self) -> Vec<String> {
        self.problems.sort_by_key(|(line, _)| *line);
        self.problems.dedup();
        self.problems.into_iter().map(|(line, problem)| format!("line {line}: {problem}")).collect()
    }

    fn note(&mut self, span: Range<usize>, problem: String) {
        let before = self.text.as_bytes().get(..span.start).unwrap_or_default();
        self.problems.push((1 + before.iter().filter(|byte| **byte == b'\n').count(), problem));
    }
}

impl<'d> Entry<'d> {
    /// Notes a problem with the value of `key`, or with the whole entry where there is no such key.
    pub(super) fn note(&self, key: &str, problem: &str, reader: &mut Reader<'_>) {
        let span = self.table.get(key).map_or(self.at..self.at, Spanned::span);
        reader.note(span, problem.to_owned());
    }

    /// Notes a problem with an item of the list, or a key of the table, that `key` is; where it is missing, with that.
    pub(super) fn note_part(&self, key: &str, part: &Part, problem: &str, reader: &mut Reader<'_>) {
        let value = self.table.get(key).map(Spanned::get_ref);
        let found = match part {
            Part::Whole => None,
            Part::Item(text) => {
                let items = value.and_then(DeValue::as_array).into_iter().flat_map(|items| items.iter());
                items.into_iter().find(|item| item.get_ref().as_str() == Some(text))
            }
            // Or beside it, where that is a shorthand.
            Part::Key(name) => {
                let inside = value.and_then(DeValue::as_table).and_then(|table| table.get(name.as_str()));
                inside.or_else(|| self.table.get(name.as_str()))
            }
        };
        match found {
            Some(found) => reader.note(found.span(), problem.to_owned()),
            None => self.note(key, problem, reader),
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    /// What nobody reads was meant to be something else.
    pub(super) fn refuse_other_keys(&self, known: &[&str], reader: &mut Reader<'_>) {
        for key in self.table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let problem = format!("{} is not known here; there are {}", key.get_ref(), known.join(", "));
            reader.note(key.span(), problem);
        }
    }

    pub(super) fn text(&self, key: &str, reader: &mut Reader<'_>) -> Option<String> {
        self.read(key, "a text in quotes", reader, |value| value.as_str().map(str::to_owned))
    }

    /// Empty where it is missing, and that is noted.
    pub(super) fn required_text(&self, key: &str, reader: &mut Reader<'_>) -> String {
        if !self.table.contains_key(key) {
            self.note(key, &format!("{key} is missing"), reader);
        }
        self.text(key, reader).unwrap_or_default()
    }

    pub(super) fn flag(&self, key: &str, reader: &mut Reader<'_>) -> Option<bool> {
        self.read(key, "true or false", reader, DeValue::as_bool)
    }

    pub(super) fn flag_or_text(&self, key: &str, reader: &mut Reader<'_>) -> Option<Result<bool, String>> {
        self.read(key, "true, false or a text in quotes", reader, |value| {
            value.as_bool().map(Ok).or_else(|| value.as_str().map(|text| Err(text.to_owned())))
        })
    }

    pub(super) fn number(&self, key: &str, reader: &mut Reader<'_>) -> Option<u64> {
        self.read(key, "a whole number of seconds", reader, |value| {
            let number = value.as_integer()?;
            u64::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    /// What of the list is text; the rest is noted.
    pub(super) fn texts(&self, key: &str, reader: &mut Reader<'_>) -> Option<Vec<String>> {
        let mut texts = Vec::new();
        for item in self.read(key, "a list of texts in quotes", reader, DeValue::as_array)? {
            match item.get_ref().as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => reader.note(item.span(), format!("{key} must be a list of texts in quotes")),
            }
        }
        Some(texts)
    }

    pub(super) fn table(&self, key: &str, reader: &mut Reader<'_>) -> Option<Entry<'d>> {
        let at = self.table.get(key)?.span().start;
        self.read(key, "a table", reader, DeValue::as_table).map(|table| Entry { table, at })
    }

    /// The entries of `[[key]]`; what is there but no such thing is noted.
    pub(super) fn entries(&self, key: &str, reader: &mut Reader<'_>) -> Vec<Entry<'d>> {
        let good = |value: &DeValue<'_>| {
            value.as_array().is_some_and(|items| items.iter().all(|item| item.get_ref().is_table()))
        };
        if self.table.get(key).is_some_and(|value| !good(value.get_ref())) {
            self.note(key, &format!("{key} must be written as [[…{key}]], once for each"), reader);
        }
        self.peek_entries(key)
    }

    /// The same, without a word about what is wrong.
    pub(super) fn peek_entries(&self, key: &str) -> Vec<Entry<'d>> {
        let items = self.table.get(key).and_then(|value| value.get_ref().as_array());
        let entry = |item: &'d Spanned<DeValue<'d>>| {
            item.get_ref().as_table().map(|table| Entry { table, at: item.span().start })
        };
        items.into_iter().flat_map(|items| items.iter()).filter_map(entry).collect()
    }

    fn read<T>(
        &self,
        key: &str,
        wanted: &str,
        reader: &mut Reader<'_>,
        take: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<T> {
        let value = self.table.get(key)?;
        let taken = take(value.get_ref());
        if taken.is_none() {
            reader.note(value.span(), format!("{key} must be {wanted}"));
        }
        taken
    }
}
