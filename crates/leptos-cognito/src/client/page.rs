//! What this page knows of its session, and its one timer. State only: what follows from it, `run` does.

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
    window,
};

/// A page that becomes live later than this after it was asked for asks at once.
const LATE: Duration = Duration::from_secs(10);

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
    /// How often what the server rendered was asked for anew.
    pub(super) parts_asked: Cell<u32>,
}

/// Begins to keep `shown`; false where another is kept already. Tells the other tabs what the server rendered, and hears
/// them by `hear`.
pub(super) fn install(shown: UseSession, hear: fn(Option<Message>)) -> bool {
    if PAGE.with_borrow(Option::is_some) {
        return false;
    }
    let now = now();
    // The answer was made after the navigation began, which is where the steady clock starts.
    let age = Duration::from_millis(u64::try_from(now.steady_ms).unwrap_or(0));
    let rendered = shown.session.get_untracked();
    let mut upkeep = Upkeep::new(now, age);
    if age > LATE {
        // Much may have happened that nobody told this page, because it did not listen yet.
        upkeep.want(Asker::Page);
    }
    let page = Rc::new(Page {
        upkeep: RefCell::new(upkeep),
        shown,
        owner: RefCell::new(rendered.as_ref().map(|session| session.user.sub.clone())),
        readers: Cell::new(0),
        timer: Cell::new(None),
        channel: RefCell::new(None),
        are_parts_stale: Cell::new(false),
        parts_asked: Cell::new(0),
    });
    page.open_channel(hear);
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
    /// Looks at the clocks: what is due now, or when to look again.
    pub(super) fn tick(&self) -> Next {
        if let Some(timer) = self.timer.take() {
            timer.clear();
        }
        let now = now();
        let next = self.shown.session.with_untracked(|session| {
            let (is_visible, is_ticking) = (window::is_visible(), self.readers.get() > 0);
            self.upkeep.borrow_mut().next(now, &Look { is_visible, session: session.as_ref(), is_ticking })
        });
        self.show_age();
        next
    }

    /// Sets the one timer.
    pub(super) fn set_timer(&self, wait: Duration, act: fn()) {
        self.timer.set(set_timeout_with_handle(act, wait).ok());
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
    }

    /// Shows nothing private until the server has answered; with `conceal`, nothing that was typed either.
    pub(super) fn hide(&self, conceal: bool) {
        self.upkeep.borrow_mut().forget();
        self.shown.status.set(SessionStatus::Loading);
        self.shown.session.set(None);
        self.shown.someone_else.set(None);
        // On a page that was nobody's there is nothing to conceal.
        if conceal && self.owner.borrow().is_some() {
            self.shown.is_concealed.set(true);
        }
    }

    /// Another tab told something. What cannot be read is a reason to ask. Whether anything follows from it.
    pub(super) fn hear(&self, message: Option<Message>) -> bool {
        let Some(message) = message.filter(Message::is_current) else {
            self.upkeep.borrow_mut().want(Asker::Page);
            return true;
        };
        let belief = self.shown.session.with_untracked(|session| {
            let (status, owner) = (self.shown.status.get_untracked(), self.owner.borrow());
            believe(Known { status, session: session.as_ref(), owner: owner.as_deref() }, &message)
        });
        match belief {
            Belief::Nothing => return false,
            Belief::Take | Belief::SignedOut => {
                let asker = if message.is_of_a_person { Asker::Person } else { Asker::Page };
                self.upkeep.borrow_mut().heard(now(), Duration::from_millis(message.age_ms), asker);
                self.learn(message.session);
            }
            Belief::Ask => self.upkeep.borrow_mut().doubt(),
            Belief::HideAndAsk => {
                let told = message.session.as_ref().map(|session| &session.user.sub);
                let is_someone_else = told.is_some_and(|told| self.owner.borrow().as_ref() != Some(told));
                self.hide(is_someone_else);
            }
            Belief::Conceal => {
                self.hide(true);
                self.upkeep.borrow_mut().forget_for_a_while(now());
            }
        }
        true
    }

    pub(super) fn tell(&self, message: &Message) {
        if let Some(channel) = &*self.channel.borrow() {
            channel.tell(message);
        }
    }

    pub(super) fn open_channel(&self, hear: fn(Option<Message>)) {
        *self.channel.borrow_mut() = Channel::open(hear);
    }

    pub(super) fn close_channel(&self) {
        *self.channel.borrow_mut() = None;
    }

    pub(super) fn change_readers(&self, by: i32) {
        self.readers.set(self.readers.get() + by);
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
