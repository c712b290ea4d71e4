//! Does what `page` says is due: asks the server, fetches the parts of the page, sets the timer. The only file that brings
//! `page`, `question` and `parts` together; called by the events in `mod.rs`.

use std::{rc::Rc, time::Duration};

use leptos::{prelude::set_timeout, task::spawn_local};

use super::{
    super::timing::Next,
    Asker, Message,
    clocks::now,
    page::{Page, with_page},
    parts::{self, Taken},
    question,
};

/// Looks at the clocks, does what is due, and sets the timer for the next time.
pub(super) fn beat(page: &Rc<Page>) {
    match page.tick() {
        Next::Ask(asker) => ask(page, asker, true),
        Next::Wait(wait) => page.set_timer(wait, || with_page(beat)),
        Next::Rest => {}
    }
}

/// Asks the server for the session; `in_turn`: only if no other tab is asking just now.
pub(super) fn ask(page: &Rc<Page>, asker: Asker, in_turn: bool) {
    let page = page.clone();
    let question = page.upkeep.borrow_mut().ask(now(), asker);
    spawn_local(async move {
        if question::put(&page, question, asker, in_turn).await {
            go_on(&page);
        } else {
            beat(&page);
        }
    });
}

/// Another tab told something.
pub(super) fn hear(message: Option<Message>) {
    with_page(|page| {
        if page.hear(message) {
            go_on(page);
        }
    });
}

/// Asks for the session at once where a part of the page says that it is gone.
pub(super) fn ask_if_lost(page: &Rc<Page>) {
    if page.session_id().is_some() && !page.upkeep.borrow().is_asking(now()) && parts::say_that_it_is_lost() {
        ask(page, Asker::Page, false);
    }
}

/// Asks the server for the parts of this page again.
pub(in super::super) fn refetch_parts() {
    with_page(|page| {
        let page = page.clone();
        spawn_local(async move {
            match parts::refetch(&page).await {
                Taken::Nothing => {}
                Taken::Refused => {
                    page.upkeep.borrow_mut().want(Asker::Page);
                    beat(&page);
                }
                Taken::Rendered => ask_if_lost(&page),
            }
        });
    });
}

/// One more component shows the seconds that are left, or one less.
pub(super) fn change_readers(by: i32) {
    with_page(|page| page.change_readers(by));
    // Whoever begins or ceases to read is not mounted yet, or is just being taken away.
    set_timeout(|| with_page(beat), Duration::ZERO);
}

/// After the page has learnt something.
pub(super) fn go_on(page: &Rc<Page>) {
    if page.are_parts_stale.get() {
        refetch_parts();
    }
    beat(page);
}
