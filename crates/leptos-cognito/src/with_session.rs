//! A server function that meets an ended session: what was sent is kept, and sent again by itself when the same person
//! has signed in again, in whatever tab.

use std::future::Future;

use leptos::prelude::*;

use super::{AuthError, AuthErrorCode, SessionStatus, UseSession, use_session};

/// A call that outlives the end of a session; made by [`with_session`]. Cheap to copy.
pub struct WithSession<I: 'static, O: 'static> {
    action: Action<I, Result<O, AuthError>>,
    held: RwSignal<Option<Held<I>>>,
    session: UseSession,
}

/// What was to be sent, and the session that it was refused in.
#[derive(Clone)]
struct Held<I> {
    input: I,
    refused_in: Option<String>,
}

impl<I, O> Clone for WithSession<I, O> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, O> Copy for WithSession<I, O> {}

impl<I, O> WithSession<I, O>
where
    I: Clone + Send + Sync + 'static,
    O: Clone + Send + Sync + 'static,
{
    /// Calls, and forgets a call that waits. While it is not known who is signed in, or it is somebody else, this call waits.
    pub fn dispatch(self, input: I) {
        match self.session.status.get_untracked() {
            SessionStatus::SignedIn | SessionStatus::SignedOut => {
                self.held.set(None);
                self.action.dispatch(input);
            }
            SessionStatus::Loading | SessionStatus::SomeoneElse => {
                self.held.set(Some(Held { input, refused_in: None }));
            }
        }
    }

    /// Whether a call met an ended session and waits for somebody to sign in again. Reactive.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        self.held.with(Option::is_some)
    }

    /// Whether a call is under way. Reactive.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.action.pending().get()
    }

    /// The last answer. Reactive.
    #[must_use]
    pub fn answer(self) -> Option<Result<O, AuthError>> {
        self.action.value().get()
    }
}

/// Makes `call`, a server function, one that outlives the end of the session.
pub fn with_session<I, O, F>(call: impl Fn(I) -> F + Send + Sync + 'static) -> WithSession<I, O>
where
    I: Clone + Send + Sync + 'static,
    O: Clone + Send + Sync + 'static,
    F: Future<Output = Result<O, AuthError>> + Send + 'static,
{
    let session = use_session();
    let held: RwSignal<Option<Held<I>>> = RwSignal::new(None);
    let id = move || session.session.with(|session| session.as_ref().map(|session| session.id.clone()));
    let action = Action::new(move |input: &I| {
        let (answer, input, refused_in) = (call(input.clone()), input.clone(), untrack(id));
        async move {
            let answer = answer.await;
            if answer.as_ref().is_err_and(|error| error.code == AuthErrorCode::SignedOut) {
                held.set(Some(Held { input, refused_in }));
                session.lose();
            }
            answer
        }
    });
    Effect::new(move |_| {
        // A page of somebody else's has no session, so nothing is sent in another person's name; and what was refused in a
        // session is not sent again in the same.
        if let Some(id) = id()
            && held.with_untracked(|held| held.as_ref().is_some_and(|held| held.refused_in.as_ref() != Some(&id)))
            && let Some(held) = held.try_update(Option::take).flatten()
        {
            action.dispatch(held.input);
        }
    });
    WithSession { action, held, session }
}
