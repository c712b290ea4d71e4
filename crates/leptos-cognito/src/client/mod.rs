//! Browser only: keeps the session on the page true. A page restored by the back button shows nothing private before
//! the server has confirmed it; a tab that comes back asks again; a renewal that was due is looked up; what one tab
//! learns the others hear. When to ask is decided in `timing`, what to believe in `hearsay`; here are the events.
//!
//! There is one page and one session on it, so its state is global, and whoever is mounted anywhere may call these
//! functions.

mod channel;
mod clicks;
mod clocks;
mod page;
mod parts;
mod question;
mod run;
mod turn;
mod window;

use std::{rc::Rc, time::Duration};

use leptos::{ev, prelude::*};

pub(super) use run::refetch_parts;
pub(super) use window::{close_window, has_typed_text, reload};

use super::{
    AuthErrorCode, Session, SessionStatus, SignOutOutcome, UseSession,
    hearsay::{Known, Message},
    timing::{Asker, Reading},
};
use page::{Page, with_page};

/// What cannot be read here is the server's answer.
pub(super) const UNREADABLE: AuthErrorCode = AuthErrorCode::Internal;

/// What the server rendered arrives with the page; there is nothing to render it from here.
pub(super) fn rendered_session() -> Option<Session> {
    None
}

/// Told by the server in the page itself.
pub(super) fn sign_out_outcome() -> Option<SignOutOutcome> {
    None
}

/// Keeps the values of `session` true from now on.
pub(super) fn keep_current(session: UseSession) {
    // All of it lasts as long as the page.
    if !page::install(session, run::hear) {
        return;
    }
    parts::keep(session, refetch_parts);
    clicks::listen();
    // The back/forward cache restores a page as it was, signed in, after a sign-out: hide first, then ask. A browser may
    // refuse to keep a page whose channel is open, or throw it away when somebody tells something there.
    window_event_listener(ev::pageshow, |event| {
        if event.persisted() {
            with_page(|page| {
                page.open_channel(run::hear);
                page.hide(true);
                run::ask(page, Asker::Person, false);
            });
        }
    });
    window_event_listener(ev::pagehide, |event| {
        with_page(|page| {
            if event.persisted() {
                page.hide(true);
            }
            page.close_channel();
        });
    });
    // Of two windows side by side both are visible, and only one has the focus.
    window_event_listener(ev::visibilitychange, |_| look_at());
    window_event_listener(ev::focus, |_| look_at());
    window_event_listener(ev::online, |_| {
        with_page(|page| {
            page.upkeep.borrow_mut().is_online();
            run::beat(page);
        });
    });
    // Not before the page is live: until then it shows what the server counted.
    let begin = |page: &Rc<Page>| {
        run::beat(page);
        run::ask_if_lost(page);
    };
    set_timeout(move || with_page(begin), Duration::ZERO);
}

/// Somebody looks at the tab again, or away from it.
fn look_at() {
    with_page(|page| {
        if window::is_visible() {
            if page.is_someone_elses() && !has_typed_text() {
                return reload();
            }
            page.upkeep.borrow_mut().want(Asker::Person);
        }
        run::beat(page);
    });
}

/// Asks the server now, for somebody who is there; after the question that is under way, if one is.
pub(super) fn refetch() {
    with_page(|page| {
        if page.upkeep.borrow().is_asking(clocks::now()) {
            page.upkeep.borrow_mut().want(Asker::Person);
        } else {
            run::ask(page, Asker::Person, false);
        }
    });
}

/// A call was refused because nobody is signed in: this page knows it now, and tells the others.
pub(super) fn lose_session() {
    with_page(|page| {
        page.learn(None);
        page.tell(&Message::told(None, 0, false));
        // The call may have been of a session that another has followed meanwhile.
        page.upkeep.borrow_mut().want(Asker::Page);
        run::go_on(page);
    });
}

/// From now on the seconds that are left are counted one by one.
pub(super) fn start_ticking() {
    run::change_readers(1);
}

/// Undoes one [`start_ticking`].
pub(super) fn stop_ticking() {
    run::change_readers(-1);
}
