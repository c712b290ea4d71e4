//! `SessionProvider` and `use_session`: the session in components. The first value comes with the page, rendered by
//! the server and handed over in its HTML, so hydration asks nothing and nothing flashes.

use leptos::prelude::*;

use super::{Session, SessionStatus, get_session, side};

/// The session in a component; NextAuth's `useSession()`. Cheap to copy.
#[derive(Clone, Copy)]
pub struct UseSession {
    session: RwSignal<Option<Session>>,
    status: RwSignal<SessionStatus>,
    refetch: Action<bool, ()>,
}

impl UseSession {
    /// The session, while somebody is signed in. Reactive.
    #[must_use]
    pub fn session(self) -> Option<Session> {
        self.session.get()
    }

    /// Where the browser stands. Reactive.
    #[must_use]
    pub fn status(self) -> SessionStatus {
        self.status.get()
    }

    /// Whether somebody is signed in. Reactive.
    #[must_use]
    pub fn is_signed_in(self) -> bool {
        self.status() == SessionStatus::SignedIn
    }

    /// Whether nobody is signed in. Reactive; false while that is not known.
    #[must_use]
    pub fn is_signed_out(self) -> bool {
        self.status() == SessionStatus::SignedOut
    }

    /// Asks the server for the session again, for somebody who is there. Only one question is under way at a time.
    pub fn refetch(self) {
        self.ask(false);
    }

    /// As [`refetch`](Self::refetch), without anybody having done something: the idle limit goes on counting.
    pub fn refetch_by_itself(self) {
        self.ask(true);
    }

    fn ask(self, by_itself: bool) {
        if !self.refetch.pending().get_untracked() {
            self.refetch.dispatch(by_itself);
        }
    }

    /// Forgets what is known, so that nothing private shows until the server has answered.
    pub fn hide_and_refetch(self) {
        self.status.set(SessionStatus::Loading);
        self.session.set(None);
        self.refetch();
    }
}

/// Gives the session to everything below it. Goes around the router, once.
#[component]
pub fn SessionProvider(children: Children) -> impl IntoView {
    let rendered = SharedValue::new(side::rendered_session).into_inner();
    let status = RwSignal::new(status_of(rendered.as_ref()));
    let session = RwSignal::new(rendered);
    let refetch = Action::new(move |by_itself: &bool| {
        let by_itself = *by_itself;
        async move {
            // Without an answer the page keeps what it knows: being offline signs nobody out.
            match get_session(by_itself.then_some(true)).await {
                Ok(answer) => {
                    status.set(status_of(answer.as_ref()));
                    session.set(answer);
                }
                Err(_) if status.get_untracked() == SessionStatus::Loading => status.set(SessionStatus::SignedOut),
                Err(_) => {}
            }
        }
    });
    let handle = UseSession { session, status, refetch };
    provide_context(handle);
    side::keep_current(handle);
    children()
}

/// The session of the nearest [`SessionProvider`].
///
/// # Panics
/// Outside a [`SessionProvider`]: put one around the router in `App`.
#[must_use]
#[track_caller]
#[expect(
    clippy::expect_used,
    reason = "a component without its provider is a mistake of the program, as with use_context"
)]
pub fn use_session() -> UseSession {
    use_context().expect("use_session() needs a <SessionProvider> above it: put one around the <Router> in App")
}

fn status_of(session: Option<&Session>) -> SessionStatus {
    if session.is_some() { SessionStatus::SignedIn } else { SessionStatus::SignedOut }
}
