//! Which words of a text look secret. Masking a harmless word is no loss; that is how doubts are decided.

use percent_encoding::percent_decode_str;

use super::MASK;

/// A group of digits, with what people write between them, is a phone number or a code from so many on.
const SECRET_DIGITS: usize = 6;
/// Within a word, so many digits in a row are.
const SECRET_DIGIT_RUN: usize = 4;
/// What is shorter is a word, whatever it is made of (`1x`, `RS256`).
const MIN_MIXED: usize = 6;
/// Letters in front of one or two digits (`OAuth2`, `us-east-1`) are a name, up to this length.
const MAX_NAME: usize = 20;
/// The longest name of an exception has 40 letters.
const MAX_LETTERS: usize = 40;
/// Letters in both cases are a name (`GetTokensFromRefreshToken`) up to this length, unless many of them are capitals.
const MAX_MIXED_CASE: usize = 16;
/// Proxies that do what they should not encode once more, each of them.
const MAX_DECODINGS: usize = 3;
/// Names that look like codes.
const KNOWN: [&str; 3] = ["SHA256", "SHA384", "SHA512"];
/// The value of a parameter whose name ends so is masked, whatever it looks like.
const SECRET_NAMES: [&str; 8] = ["code", "token", "secret", "password", "verifier", "hash", "otp", "pin"];

/// The text with what looks secret masked, a word or a group of digits at a time.
pub(super) fn mask_words(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut is_masked = vec![false; chars.len()];
    mark_numbers(&chars, &mut is_masked);
    let (mut last_word, mut last_end) = (String::new(), 0);
    for (start, end) in words(&chars) {
        let word: String = chars[start..end].iter().collect();
        let between: String = chars[last_end..start].iter().collect();
        let is_value = between.trim_matches(['"', '\'']) == "=" && is_secret_name(&last_word);
        if is_value || is_secret(&word) || is_masked[start..end].contains(&true) {
            is_masked[start..end].fill(true);
        }
        (last_word, last_end) = (word, end);
    }
    let mut masked = String::new();
    for (index, c) in chars.iter().enumerate() {
        match (is_masked[index], index > 0 && is_masked[index - 1]) {
            (false, _) => masked.push(*c),
            (true, false) => masked.push_str(MASK),
            (true, true) => {}
        }
    }
    masked
}

/// Groups of digits with spaces, dashes, dots or brackets between: phone numbers, and codes in groups.
fn mark_numbers(chars: &[char], is_masked: &mut [bool]) {
    let mut start = 0;
    while start < chars.len() {
        if !chars[start].is_numeric() {
            start += 1;
            continue;
        }
        let is_part = |c: &&char| c.is_numeric() || " -.()/\u{a0}".contains(**c);
        let length = chars[start..].iter().take_while(is_part).count();
        let group = &chars[start..start + length];
        let digits = group.iter().filter(|c| c.is_numeric()).count();
        let end = start + group.iter().rposition(|c| c.is_numeric()).map_or(1, |last| last + 1);
        if digits >= SECRET_DIGITS {
            is_masked[start..end].fill(true);
        }
        start = end;
    }
}

/// Where words begin and end. Base64 with slashes in it is one word; a path is one for each segment.
fn words(chars: &[char]) -> Vec<(usize, usize)> {
    let is_end = |c: &char| c.is_whitespace() || "\"'`<>(){}[],;:=&?!|\\".contains(*c);
    let (mut words, mut start) = (Vec::new(), 0);
    for chunk in chars.split(is_end) {
        let is_path = chunk.first() == Some(&'/') && !chunk.contains(&'+');
        for word in chunk.split(|c| is_path && *c == '/') {
            words.push((start, start + word.len()));
            start += word.len() + 1;
        }
    }
    words.retain(|(start, end)| start < end);
    words
}

fn is_secret_name(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|name| word.ends_with(name))
}

/// Whether a word, percent-decoded, looks like an address, a token, a code or another secret. What is encoded more often than
/// anybody would is meant to hide something.
pub(super) fn is_secret(word: &str) -> bool {
    let mut word = word.to_owned();
    for _ in 0..=MAX_DECODINGS {
        let decoded = percent_decode_str(&word).decode_utf8_lossy().into_owned();
        if decoded == word {
            return is_address(&word) || is_token(&word) || looks_random(&word);
        }
        word = decoded;
    }
    true
}

fn is_address(word: &str) -> bool {
    word.chars().any(|c| matches!(c, '@' | '\u{fe6b}' | '\u{ff20}'))
}

fn is_token(word: &str) -> bool {
    word.split(['.', '/']).any(|part| part.starts_with("eyJ"))
}

fn looks_random(word: &str) -> bool {
    if is_pool_id(word) || KNOWN.contains(&word) {
        return false;
    }
    let compact: Vec<char> = word.chars().filter(|c| c.is_alphanumeric()).collect();
    let digits = compact.iter().filter(|c| c.is_numeric()).count();
    let run = compact.split(|c| !c.is_numeric()).map(<[char]>::len).max().unwrap_or_default();
    if run >= SECRET_DIGIT_RUN {
        return true;
    }
    if digits == 0 {
        return word.split(|c: char| !c.is_alphanumeric()).any(is_no_name) || is_no_name_in_parts(&compact);
    }
    let letters = compact.len() - digits;
    let is_name = digits <= 2 && word.chars().count() <= MAX_NAME && compact[letters..].iter().all(|c| c.is_numeric());
    letters > 0 && compact.len() >= MIN_MIXED && !is_name
}

/// Too long for a name, or all capitals without a break.
fn is_no_name(part: &str) -> bool {
    let letters = part.chars().count();
    letters > MAX_LETTERS || (letters >= MAX_MIXED_CASE && part.chars().all(char::is_uppercase))
}

/// More capitals than names have: a third of the letters.
fn is_no_name_in_parts(letters: &[char]) -> bool {
    let capitals = letters.iter().filter(|c| c.is_uppercase()).count();
    letters.len() >= MAX_MIXED_CASE && capitals < letters.len() && 3 * capitals > letters.len()
}

/// A region (`eu-central-1`), or a user pool's id (`eu-central-1_AbCdEfGhI`).
fn is_pool_id(word: &str) -> bool {
    let (region, id) = word.split_once('_').unwrap_or((word, "a"));
    let parts: Vec<&str> = region.split('-').collect();
    let Some((number, names)) = parts.split_last() else { return false };
    let is_region = names.len() >= 2
        && names.iter().all(|name| (2..=12).contains(&name.len()) && name.chars().all(|c| c.is_ascii_lowercase()))
        && (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit());
    is_region && (1..=20).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric())
}
