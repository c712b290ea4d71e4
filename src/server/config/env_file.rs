//! The text of a `.env` file: lines of `NAME=value`, taken as they stand. Called by `environment`.
//!
//! No library reads it so: those that are well kept replace `$NAME` in a value, which shortens a secret without a word, and
//! quote the line that they cannot read, which may hold one.

use std::iter::Peekable;

/// What a file says, and what is wrong with it. A value is never a part of what is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct EnvFile {
    pub(super) lines: Vec<EnvLine>,
    /// The number of a line, 0 for the file as a whole, and what is wrong there.
    pub(super) problems: Vec<(usize, String)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct EnvLine {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) value: String,
}

impl EnvFile {
    pub(super) fn parse(bytes: &[u8]) -> Self {
        let mut file = Self::default();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0) {
            file.problems.push((0, "is UTF-16 or no text at all; save it as UTF-8".to_owned()));
            return file;
        }
        let mut lines = bytes.split(|byte| *byte == b'\n').enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            let number = index + 1;
            match read_line(line, &mut lines) {
                Ok(Some((name, value))) => file.lines.push(EnvLine { number, name, value }),
                Ok(None) => {}
                Err(problem) => file.problems.push((number, problem.to_owned())),
            }
        }
        file.note_repeated_names();
        file
    }

    fn note_repeated_names(&mut self) {
        for (index, line) in self.lines.iter().enumerate() {
            if let Some(first) = self.lines[..index].iter().find(|earlier| earlier.name == line.name) {
                let (name, from, to) = (&line.name, first.number, line.number);
                self.problems.push((to, format!("{name} is there twice, in lines {from} and {to}; keep one")));
            }
        }
    }
}

type NameAndValue = (String, String);

/// A line, and those after it for as long as its quotes are open.
fn read_line<'f>(
    line: &'f [u8],
    more: &mut Peekable<impl Iterator<Item = (usize, &'f [u8])>>,
) -> Result<Option<NameAndValue>, &'static str> {
    let line = text(line)?.trim_start_matches(BLANK);
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (name, rest) = line.split_once('=').ok_or("is not NAME=value")?;
    let name = name.trim_end_matches(BLANK);
    let name = name.strip_prefix("export").filter(|rest| rest.starts_with(BLANK)).unwrap_or(name).trim_matches(BLANK);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') || !name.chars().all(is_part) {
        return Err("is not NAME=value: a name has letters, digits and _");
    }
    if rest.starts_with('#') {
        return Err("has a # right after the =; write the value in quotes, or a space before a comment");
    }
    let value = rest.trim_start_matches(BLANK);
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => read_quoted(quote, &value[1..], more)?,
        _ => bare(value).to_owned(),
    };
    Ok(Some((name.to_owned(), value)))
}

const BLANK: [char; 2] = [' ', '\t'];

/// A line without its end, be that Unix's or Windows's.
fn text(line: &[u8]) -> Result<&str, &'static str> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let line = std::str::from_utf8(line).map_err(|_| "is not UTF-8; save the file as UTF-8")?;
    let is_odd = line.chars().any(|c| c.is_control() && c != '\t');
    if is_odd {
        Err("has a control character in it, or a line end that is neither Unix's nor Windows's")
    } else {
        Ok(line)
    }
}

/// Without quotes a value ends where the line does, or before a `#` that stands behind white space.
fn bare(value: &str) -> &str {
    let comment = value.char_indices().find(|(at, c)| *c == '#' && (*at == 0 || value[..*at].ends_with(BLANK)));
    value[..comment.map_or(value.len(), |(at, _)| at)].trim_end_matches(BLANK)
}

/// What stands up to the closing quote. Between single quotes everything is taken as it is; between double quotes a
/// backslash escapes. Only a comment may follow.
fn read_quoted<'f>(
    quote: char,
    first: &'f str,
    more: &mut Peekable<impl Iterator<Item = (usize, &'f [u8])>>,
) -> Result<String, &'static str> {
    let (mut value, mut line) = (String::new(), first);
    loop {
        let mut chars = line.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c == quote => return ends_there(&line[at + 1..]).map(|()| value),
                '\\' if quote == '"' => value.push(chars.next().and_then(|(_, c)| unescape(c)).ok_or(ESCAPES)?),
                c => value.push(c),
            }
        }
        let (_, next) = more.next().ok_or("opens a quote that nothing closes")?;
        line = text(next)?;
        value.push('\n');
    }
}

const ESCAPES: &str = "has a \\ between double quotes that escapes nothing; write \\\\, or take single quotes";

fn unescape(c: char) -> Option<char> {
    Some(match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '"' | '\\' | '$' | '\'' => c,
        _ => return None,
    })
}

fn ends_there(rest: &str) -> Result<(), &'static str> {
    let after = rest.trim_matches(BLANK);
    let is_comment = after.starts_with('#') && rest.starts_with(BLANK);
    if after.is_empty() || is_comment {
        Ok(())
    } else {
        Err("goes on after its closing quote; only a comment may follow")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value_of(line: &str) -> Result<String, String> {
        let mut file = EnvFile::parse(line.as_bytes());
        match file.problems.pop() {
            Some((_, problem)) => Err(problem),
            None => Ok(file.lines.pop().unwrap().value),
        }
    }

    #[test]
    fn values_are_taken_as_they_stand() {
        for (line, value) in [
            ("A=b", "b"),
            ("A = b c ", "b c"),
            ("export A=b", "b"),
            ("A=", ""),
            ("A= # nothing", ""),
            ("A=b#c", "b#c"),
            ("A=b #c", "b"),
            ("A=b\t# c", "b"),
            ("A=$B${C}$(d)`e`", "$B${C}$(d)`e`"),
            ("A=b\\nc", "b\\nc"),
            ("A=it's", "it's"),
            ("A=b=c", "b=c"),
            ("A=\"b # c\" # d", "b # c"),
            ("A=\" b \"", " b "),
            ("A=\"b\\n\\\"c\\\"\\\\\\$D\"", "b\n\"c\"\\$D"),
            ("A='b\\n$C \"d\"'", "b\\n$C \"d\""),
            ("A='b\nc'", "b\nc"),
            ("A=' \nc'", " \nc"),
            ("A='b\r\nc'\r", "b\nc"),
            ("A=\"\"", ""),
            ("A=b\r", "b"),
            ("\u{feff}A=b", "b"),
            ("A=sch\u{f6}n", "sch\u{f6}n"),
        ] {
            assert_eq!(value_of(line).as_deref(), Ok(value), "{line:?}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_told() {
        for (line, told) in [
            ("A", "NAME=value"),
            ("=b", "NAME=value"),
            ("1A=b", "NAME=value"),
            ("A B=c", "NAME=value"),
            ("A\u{e9}=b", "NAME=value"),
            ("A=#b", "right after the ="),
            ("A=\"b", "nothing closes"),
            ("A='b\nc", "nothing closes"),
            ("A=\"b\"c", "closing quote"),
            ("A=\"b\"#c", "closing quote"),
            ("A=\"b\\c\"", "escapes nothing"),
            ("A=b\u{1b}c", "control character"),
            ("A=b\rB=c", "line end"),
        ] {
            assert!(value_of(line).is_err_and(|problem| problem.contains(told)), "{line:?}: {:?}", value_of(line));
        }
    }

    #[test]
    fn problems_have_the_number_of_their_line() {
        let file = EnvFile::parse(b"# one\n\nA=b\nnonsense\nB='c\nd'\nA=e\nC=\xff\n");
        let lines: Vec<_> = file.lines.iter().map(|line| (line.number, line.name.as_str())).collect();
        assert_eq!(lines, [(3, "A"), (5, "B"), (7, "A")]);
        let numbers: Vec<_> = file.problems.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [4, 8, 7]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic_and_no_value_is_told(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            EnvFile::parse(&bytes);
        }

        #[test]
        fn no_problem_tells_a_value(lines in "[A-Z \"'#=\\\\\n]{0,20}=[\"']?hush[ -~]{0,20}") {
            let file = EnvFile::parse(lines.as_bytes());
            prop_assert!(file.problems.iter().all(|(_, problem)| !problem.contains("hush")), "{file:?}");
        }

        #[test]
        fn what_is_written_in_quotes_comes_back(value in "[^\0-\x08\x0b-\x1f\x7f-\u{9f}]{0,60}") {
            let double = value.replace('\\', "\\\\").replace('"', "\\\"");
            prop_assert_eq!(value_of(&format!("A=\"{double}\" # b")), Ok(value.clone()));
            if !value.contains('\'') {
                prop_assert_eq!(value_of(&format!("A='{value}'")), Ok(value));
            }
        }

        #[test]
        fn a_secret_needs_no_quotes(value in "[!$-&(-~][!-~]{0,60}") {
            prop_assert_eq!(value_of(&format!("A={value}")), Ok(value));
        }
    }
}
