//! What came of the buttons pressed last. The page that is shown next names one by its number: text in an address could
//! be anybody's.

use std::cell::Cell;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use maud::{Markup, html};

const MAX_NOTICES: usize = 50;

/// One sentence, and where it belongs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Notice {
    pub(super) number: u64,
    pub(super) text: String,
    /// Nothing was done.
    pub(super) is_problem: bool,
    /// Where the button was.
    pub(super) place: String,
    /// What its form said, for a form that keeps it.
    pub(super) values: Vec<(String, String)>,
}

/// What a page says about the button pressed last, if it was pressed there: beside the button, or above everything where
/// that is gone.
#[derive(Default)]
pub(super) struct Reply {
    notice: Option<Notice>,
    is_told: Cell<bool>,
}

impl Reply {
    pub(super) fn new(notice: Option<Notice>) -> Self {
        Self { notice, is_told: Cell::default() }
    }

    /// The region beside a button. Always there, so that what is put into it later is read out.
    pub(super) fn at(&self, place: &str) -> Markup {
        let notice = self.notice.as_ref().filter(|notice| notice.place == place);
        self.is_told.set(self.is_told.get() || notice.is_some());
        region(&format!("reply-{place}"), notice)
    }

    /// As [`at`](Self::at), for what was told nowhere on the page. Comes last, though it stands first.
    pub(super) fn above(&self) -> Markup {
        region("notice", self.notice.as_ref().filter(|_| !self.is_told.get()))
    }

    /// What the form at that place said, or the default.
    pub(super) fn value<'a>(&'a self, place: &str, name: &str, default: &'a str) -> &'a str {
        let values = self.notice.iter().filter(|notice| notice.place == place).flat_map(|notice| &notice.values);
        values.into_iter().find(|(key, _)| key == name).map_or(default, |(_, value)| value)
    }
}

fn region(id: &str, notice: Option<&Notice>) -> Markup {
    html! {
        div.reply id=(id) role="status" {
            @if let Some(notice) = notice { p.notice.problem[notice.is_problem] { (notice.text) } }
        }
    }
}

#[derive(Default)]
pub(super) struct Notices(Mutex<(u64, VecDeque<Notice>)>);

impl Notices {
    /// Numbers it.
    pub(super) fn add(&self, notice: Notice) -> u64 {
        let mut kept = self.lock();
        kept.0 += 1;
        let number = kept.0;
        if kept.1.len() == MAX_NOTICES {
            kept.1.pop_front();
        }
        kept.1.push_back(Notice { number, ..notice });
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

    fn notice(text: &str, is_problem: bool) -> Notice {
        let values = vec![("minutes".to_owned(), "7".to_owned())];
        Notice { number: 0, text: text.to_owned(), is_problem, place: "clock".to_owned(), values }
    }

    #[test]
    fn the_newest_are_found_by_their_number() {
        let notices = Notices::default();
        let first = notices.add(notice("first", false));
        assert_eq!(notices.find(first).unwrap().text, "first");
        let last = (0..MAX_NOTICES).map(|n| notices.add(notice(&n.to_string(), true))).last().unwrap();
        assert!(notices.find(first).is_none() && notices.find(last).unwrap().is_problem);
    }

    #[test]
    fn a_reply_is_told_once_where_the_button_was_or_above() {
        let reply = Reply::new(Some(notice("Done.", false)));
        let told = |markup: Markup| markup.into_string().contains("Done.");
        assert!(!told(reply.at("faults")) && told(reply.above()), "no such button on this page");
        assert!(told(reply.at("clock")) && !told(reply.above()));
        assert_eq!((reply.value("clock", "minutes", "61"), reply.value("faults", "minutes", "61")), ("7", "61"));
        assert!(!told(Reply::default().above()));
    }
}
