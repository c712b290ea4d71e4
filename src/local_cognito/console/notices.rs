//! What came of the buttons pressed last. The page that is shown next names one by its number: text in an address could
//! be anybody's.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

const MAX_NOTICES: usize = 50;

/// One sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) number: u64,
    pub(super) text: String,
    /// Nothing was done.
    pub(super) is_problem: bool,
}

#[derive(Default)]
pub(super) struct Notices(Mutex<(u64, VecDeque<Notice>)>);

impl Notices {
    /// Its number.
    pub(super) fn add(&self, text: String, is_problem: bool) -> u64 {
        let mut kept = self.lock();
        kept.0 += 1;
        let number = kept.0;
        if kept.1.len() == MAX_NOTICES {
            kept.1.pop_front();
        }
        kept.1.push_back(Notice { number, text, is_problem });
        number
    }

    pub(super) fn find(&self, number: u64) -> Option<Notice> {
        self.lock().1.iter().find(|notice| notice.number == number).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, (u64, VecDeque<Notice>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_found_by_their_number() {
        let notices = Notices::default();
        let first = notices.add("first".to_owned(), false);
        assert_eq!(notices.find(first).unwrap().text, "first");
        let last = (0..MAX_NOTICES).map(|n| notices.add(n.to_string(), true)).last().unwrap();
        assert!(notices.find(first).is_none() && notices.find(last).unwrap().is_problem);
    }
}
