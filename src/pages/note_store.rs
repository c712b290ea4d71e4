//! The last note of each person, in memory: an example of what an app keeps, bounded, and gone with the process.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// The longest note, in UTF-16 code units: what browsers count for `maxlength`.
pub const MAX_NOTE_UNITS: usize = 4096;
/// Beyond it, whoever wrote longest ago is forgotten.
const MAX_PEOPLE: usize = 1000;

/// The notes. The server makes one and provides it as a context; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct NoteStore(Arc<Mutex<VecDeque<(String, String)>>>);

impl NoteStore {
    /// Keeps a person's note instead of their last one. False where it is too long.
    pub fn keep(&self, sub: &str, note: &str) -> bool {
        let is_short = note.encode_utf16().count() <= MAX_NOTE_UNITS;
        if is_short {
            let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            notes.retain(|(author, _)| author != sub);
            notes.push_back((sub.to_owned(), note.to_owned()));
            if notes.len() > MAX_PEOPLE {
                notes.pop_front();
            }
        }
        is_short
    }

    /// A person's last note.
    #[must_use]
    pub fn last(&self, sub: &str) -> Option<String> {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.iter().find(|(author, _)| author == sub).map(|(_, note)| note.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_one_note_and_memory_is_bounded() {
        let store = NoteStore::default();
        assert!(store.keep("anna", "first") && store.keep("bert", "his") && store.keep("anna", "second"));
        assert_eq!(store.last("anna").as_deref(), Some("second"));
        assert_eq!(store.last("bert").as_deref(), Some("his"));
        assert!(!store.keep("anna", &"x".repeat(MAX_NOTE_UNITS + 1)));
        assert_eq!(store.last("anna").as_deref(), Some("second"));
        (0..MAX_PEOPLE).for_each(|person| assert!(store.keep(&person.to_string(), "")));
        assert_eq!((store.last("anna"), store.last("bert")), (None, None));
        assert!(store.last("0").is_some());
    }
}
