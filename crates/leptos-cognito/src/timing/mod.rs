//! When a page asks for its session again: a small state machine over instants that are handed in, so that its tests need
//! no browser. `client` reads the clocks, keeps the one timer, and does what it is told here.

mod clocks;

use std::time::Duration;

pub(super) use clocks::Reading;

use super::Session;

/// Questions that nobody clicked for come at most this often, those of other tabs counted.
const QUESTION_INTERVAL: Duration = Duration::from_secs(5);
/// While the server cannot be reached, the waits double up to this.
const LONGEST_INTERVAL: Duration = Duration::from_secs(60);
/// After a renewal was due, the time until the page asks for its outcome.
const AFTER_DUE_SECS: u64 = 1;
/// Signed in, a page that is looked at compares its clocks this often.
const HEARTBEAT: Duration = Duration::from_secs(30);
/// A timer that counts seconds goes off this long after each: one that is early by a hair would have to be set again.
const PAST_THE_SECOND: Duration = Duration::from_millis(50);
/// A question that has no answer by then will have none.
const LOST_AFTER: Duration = Duration::from_secs(30);

/// Who wants to know. A person counts for the idle limit, a page does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asker {
    Page,
    Person,
}

/// A question that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question {
    number: u32,
    pub(super) asker: Asker,
    pub(super) asked_at: Reading,
    /// Asked only if no other tab is asking just now.
    pub(super) waits_its_turn: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    Ask(Asker),
    Wait(Duration),
    /// Nothing, until something happens.
    Rest,
}

/// How the page stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look<'s> {
    pub(super) is_visible: bool,
    pub(super) session: Option<&'s Session>,
    /// Somebody reads the seconds that are left.
    pub(super) is_ticking: bool,
}

/// The questions of one page.
#[derive(Debug)]
pub(super) struct Upkeep {
    answered_at: Reading,
    asked_at: Reading,
    beaten_at: Reading,
    wanted: Option<Asker>,
    /// The number of the question that is under way.
    under_way: Option<u32>,
    questions: u32,
    failures: u32,
    was_passed_over: bool,
    /// The other tab's answer helped nothing.
    is_in_doubt: bool,
}

impl Upkeep {
    /// For a page that came with an answer of that age.
    pub(super) fn new(now: Reading, age: Duration) -> Self {
        Self {
            answered_at: now.minus(age),
            asked_at: now,
            beaten_at: now,
            wanted: None,
            under_way: None,
            questions: 0,
            failures: 0,
            was_passed_over: false,
            is_in_doubt: false,
        }
    }

    /// Wants an answer as soon as one may be asked for.
    pub(super) fn want(&mut self, asker: Asker) {
        self.wanted = self.wanted.max(Some(asker));
    }

    /// The network is back: what failed before says nothing any more.
    pub(super) fn is_online(&mut self) {
        self.failures = 0;
        self.want(Asker::Page);
    }

    /// What to do now.
    pub(super) fn next(&mut self, now: Reading, look: &Look<'_>) -> Next {
        if now.disagrees_since(self.beaten_at) {
            self.want(Asker::Page);
        }
        self.beaten_at = now;
        if !look.is_visible {
            // A hidden tab must not keep a session alive: it asks when it is looked at again.
            return Next::Rest;
        }
        let since_asked = now.since(self.asked_at);
        let due_in = look.session.map(|session| time_until_due(session).saturating_sub(now.since(self.answered_at)));
        let is_waiting = self.is_asking(now);
        let wanted = self.wanted.or((due_in == Some(Duration::ZERO)).then_some(Asker::Page));
        let wait = match wanted {
            Some(asker) if !is_waiting && (self.is_in_doubt || since_asked >= self.interval()) => {
                return Next::Ask(asker);
            }
            _ if is_waiting => LOST_AFTER - since_asked,
            Some(_) => self.interval().saturating_sub(since_asked),
            None => match due_in {
                Some(due_in) => due_in.min(HEARTBEAT),
                None => return Next::Rest,
            },
        };
        Next::Wait(if look.is_ticking { wait.min(self.until_next_second(now)) } else { wait })
    }

    /// Notes that the page asks.
    pub(super) fn ask(&mut self, now: Reading, asker: Asker) -> Question {
        self.questions = self.questions.wrapping_add(1);
        (self.asked_at, self.wanted, self.under_way) = (now, None, Some(self.questions));
        self.is_in_doubt = false;
        Question { number: self.questions, asker, asked_at: now, waits_its_turn: !self.was_passed_over }
    }

    /// An answer came. Whether it counts: a late one, from before the page forgot what it knew, does not.
    pub(super) fn answered(&mut self, question: &Question) -> bool {
        let counts = self.end(question);
        if counts {
            (self.answered_at, self.failures) = (question.asked_at, 0);
        }
        counts
    }

    /// No answer came. The page keeps what it knows and asks again, by itself: whoever wanted to know may be gone.
    pub(super) fn failed(&mut self, question: &Question) {
        if self.end(question) {
            self.failures = self.failures.saturating_add(1);
            self.want(Asker::Page);
        }
    }

    /// Another tab is asking and will tell. Should it not, this one asks without waiting for its turn.
    pub(super) fn passed_over(&mut self, question: &Question) {
        if self.end(question) {
            self.was_passed_over = true;
            self.want(question.asker);
        }
    }

    /// Another tab told its answer, of that age. A person who came back to this tab still wants to be seen.
    pub(super) fn heard(&mut self, now: Reading, age: Duration, asker: Asker) {
        (self.asked_at, self.answered_at) = (now, now.minus(age));
        (self.was_passed_over, self.failures) = (false, 0);
        self.wanted = self.wanted.filter(|wanted| *wanted > asker);
    }

    /// Another tab told what this one cannot take over. Where it waited for just that, it asks for itself now.
    pub(super) fn doubt(&mut self) {
        self.is_in_doubt = self.was_passed_over;
        self.want(Asker::Page);
    }

    /// What is known counts no more, nor does an answer that is under way.
    pub(super) fn forget(&mut self) {
        self.under_way = None;
        self.want(Asker::Page);
    }

    /// As [`forget`](Self::forget), and the next question waits as if one had just been asked.
    pub(super) fn forget_for_a_while(&mut self, now: Reading) {
        self.forget();
        self.asked_at = now;
    }

    /// Whether a question is under way.
    pub(super) fn is_asking(&self, now: Reading) -> bool {
        self.under_way.is_some() && now.since(self.asked_at) < LOST_AFTER
    }

    /// Time since the answer that the page shows was asked for.
    pub(super) fn age(&self, now: Reading) -> Duration {
        now.since(self.answered_at)
    }

    fn end(&mut self, question: &Question) -> bool {
        let is_ours = self.under_way == Some(question.number);
        if is_ours {
            (self.under_way, self.was_passed_over) = (None, false);
        }
        is_ours
    }

    fn interval(&self) -> Duration {
        QUESTION_INTERVAL.saturating_mul(1 << self.failures.min(8)).min(LONGEST_INTERVAL)
    }

    fn until_next_second(&self, now: Reading) -> Duration {
        Duration::from_secs(1) + PAST_THE_SECOND - Duration::from_millis(u64::from(self.age(now).subsec_millis()))
    }
}

/// From an answer to the next moment at which it is not true any more.
fn time_until_due(session: &Session) -> Duration {
    let secs = session.refresh_due_in_secs.min(session.ends_in_secs).min(session.idle_ends_in_secs);
    Duration::from_secs(secs.saturating_add(AFTER_DUE_SECS))
}

#[cfg(test)]
mod tests;
