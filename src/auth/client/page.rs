//! What this page knows of its session, and its one timer.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{leptos_dom::helpers::set_timeout_with_handle, prelude::*};

use super::{
    super::{
        hearsay::{Belief, believe, status_after},
        timing::{Look, Next, Upkeep},
    },
    Asker, Known, Message, Session, SessionStatus, UseSession,
    channel::Channel,
    clocks::now,
    parts, question, window,
};

thread_local! {
    static PAGE: RefCell<Option<Rc<Page>>> = const { RefCell::new(None) };
}

/// The page that is open.
pub(super) struct Page {
    pub(super) upkeep: RefCell<Upkeep>,
    shown: UseSession,
    /// The `sub` of the person whose page this is: the first who was signed in on it.
    owner: RefCell<Option<String>>,
    /// How many show the seconds that are left.
    readers: Cell<i32>,
    timer: Cell<Option<TimeoutHandle>>,
    channel: RefCell<Option<Channel>>,
    /// Whether what the server rendered could not be had anew.
    pub(super) are_parts_stale: Cell<bool>,
}

/// Begins to keep `shown`; false where another is kept already. Tells the other tabs what the server rendered.
pub(super) fn install(shown: UseSession) -> bool {
    if PAGE.with_borrow(Option::is_some) {
        return false;
    }
    let now = now();
    // The answer was made after the navigation began, which is where the steady clock starts.
    let age = Duration::from_millis(u64::try_from(now.steady_ms).unwrap_or(0));
    let rendered = shown.session.get_untracked();
    let page = Rc::new(Page {
        upkeep: RefCell::new(Upkeep::new(now, age)),
        shown,
        owner: RefCell::new(rendered.as_ref().map(|session| session.user.sub.clone())),
        readers: Cell::new(0),
        timer: Cell::new(None),
        channel: RefCell::new(None),
        are_parts_stale: Cell::new(false),
    });
    page.open_channel();
    page.tell(&Message::told(rendered, u64::try_from(now.steady_ms).unwrap_or(0), true));
    PAGE.set(Some(page));
    true
}

/// Does it with the page, once there is one.
pub(super) fn with_page(act: impl FnOnce(&Rc<Page>)) {
    if let Some(page) = PAGE.with_borrow(Clone::clone) {
        act(&page);
    }
}

impl Page {
    /// Looks at the clocks, does what is due, and sets the timer for the next time.
    pub(super) fn beat(self: &Rc<Self>) {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let now = now();
        let next = self.shown.session.with_untracked(|session| {
            let (is_visible, is_ticking) = (window::is_visible(), self.readers.get() > 0);
            self.upkeep.borrow_mut().next(now, &Look { is_visible, session: session.as_ref(), is_ticking })
        });
        self.show_age();
        match next {
            Next::Ask(asker) => question::put(self, asker, true),
            Next::Wait(wait) => {
                self.timer.set(set_timeout_with_handle(|| with_page(|page| page.beat()), wait).ok());
            }
            Next::Rest => {}
        }
    }

    /// Takes over what the server says.
    pub(super) fn learn(&self, answer: Option<Session>) {
        let shown = self.shown;
        let status = status_after(self.owner.borrow().as_deref(), answer.as_ref());
        let other = answer.as_ref().filter(|_| status == SessionStatus::SomeoneElse);
        shown.someone_else.set(other.map(|session| session.user.display_name().to_owned()));
        if let (SessionStatus::SignedIn, Some(session)) = (status, &answer) {
            *self.owner.borrow_mut() = Some(session.user.sub.clone());
        }
        match status {
            SessionStatus::SignedIn => shown.is_concealed.set(false),
            SessionStatus::SomeoneElse => shown.is_concealed.set(true),
            SessionStatus::SignedOut | SessionStatus::Loading => {}
        }
        shown.session.set(answer.filter(|_| status == SessionStatus::SignedIn));
        shown.status.set(status);
        self.show_age();
        if self.are_parts_stale.get() {
            parts::refetch();
        }
    }

    /// Shows nothing private until the server has answered; with `conceal`, nothing that was typed either.
    pub(super) fn hide(&self, conceal: bool) {
        self.upkeep.borrow_mut().forget();
        self.shown.status.set(SessionStatus::Loading);
        self.shown.session.set(None);
        if conceal {
            self.shown.is_concealed.set(true);
        }
    }

    /// Another tab told something. What cannot be read is a reason to ask.
    pub(super) fn hear(self: &Rc<Self>, message: Option<Message>) {
        let Some(message) = message.filter(Message::is_current) else {
            self.upkeep.borrow_mut().want(Asker::Page);
            return self.beat();
        };
        let belief = self.shown.session.with_untracked(|session| {
            let (status, owner) = (self.shown.status.get_untracked(), self.owner.borrow());
            believe(Known { status, session: session.as_ref(), owner: owner.as_deref() }, &message)
        });
        match belief {
            Belief::Nothing => return,
            Belief::Take | Belief::SignedOut => {
                let asker = if message.is_of_a_person { Asker::Person } else { Asker::Page };
                self.upkeep.borrow_mut().heard(now(), Duration::from_millis(message.age_ms), asker);
                self.learn(message.session);
            }
            Belief::Ask => self.upkeep.borrow_mut().doubt(),
            Belief::HideAndAsk => self.hide(false),
            Belief::Conceal => {
                self.hide(true);
                self.upkeep.borrow_mut().forget_for_a_while(now());
            }
        }
        self.beat();
    }

    pub(super) fn tell(&self, message: &Message) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.tell(message);
        }
    }

    pub(super) fn open_channel(&self) {
        *self.channel.borrow_mut() = Channel::open(|message| with_page(|page| page.hear(message)));
    }

    pub(super) fn close_channel(&self) {
        *self.channel.borrow_mut() = None;
    }

    pub(super) fn change_readers(self: &Rc<Self>, by: i32) {
        self.readers.set(self.readers.get() + by);
        // Whoever begins or ceases to read is not mounted yet, or is just being taken away.
        set_timeout(|| with_page(|page| page.beat()), Duration::ZERO);
    }

    pub(super) fn is_someone_elses(&self) -> bool {
        self.shown.status.get_untracked() == SessionStatus::SomeoneElse
    }

    /// Names the session that the page shows.
    pub(super) fn session_id(&self) -> Option<String> {
        self.shown.session.with_untracked(|session| session.as_ref().map(|session| session.id.clone()))
    }

    fn show_age(&self) {
        let secs = self.upkeep.borrow().age(now()).as_secs();
        if self.shown.elapsed_secs.get_untracked() != secs {
            self.shown.elapsed_secs.set(secs);
        }
    }
}
