//! `SessionProvider` and `use_session`: the session in components. The first value comes with the page, rendered by
//! the server and handed over in its HTML, so hydration asks nothing and nothing flashes.

use leptos::{prelude::*, serde_json};
use serde::{Deserialize, Serialize};

use super::{Session, SessionStatus, side};

/// The session in a component; NextAuth's `useSession()`. Cheap to copy.
#[derive(Clone, Copy)]
pub struct UseSession {
    pub(super) session: RwSignal<Option<Session>>,
    pub(super) status: RwSignal<SessionStatus>,
    /// Seconds since the server made the answer that is shown; 0 in the first render, on both sides.
    pub(super) elapsed_secs: RwSignal<u64>,
    pub(super) someone_else: RwSignal<Option<String>>,
    pub(super) is_concealed: RwSignal<bool>,
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

    /// Who is signed in while this is [another person's page](SessionStatus::SomeoneElse). Reactive.
    #[must_use]
    pub fn someone_else(self) -> Option<String> {
        self.someone_else.get()
    }

    /// Whether to show nothing of what was typed on the page either: somebody chose to sign out in another tab, or somebody
    /// else signed in. Not where a session merely ended. Reactive.
    #[must_use]
    pub fn is_concealed(self) -> bool {
        self.is_concealed.get()
    }

    /// Seconds that are left of what the server counted in its answer, e.g.
    /// `session.count_down(|session| session.access_token_expires_in_secs)`; nothing while nobody is signed in. Counted
    /// on a clock that nobody can set, second by second while the component that asked is there and the tab is looked at.
    #[must_use]
    pub fn count_down(self, secs: fn(&Session) -> u64) -> Memo<Option<u64>> {
        side::start_ticking();
        on_cleanup(side::stop_ticking);
        self.secs_left(secs)
    }

    /// As [`count_down`](Self::count_down), and right to half a minute only: it keeps no timer going.
    #[must_use]
    pub fn secs_left(self, secs: fn(&Session) -> u64) -> Memo<Option<u64>> {
        Memo::new(move |_| {
            let told = self.session.with(|session| session.as_ref().map(secs))?;
            Some(told.saturating_sub(self.elapsed_secs.get()))
        })
    }

    /// Asks the server for the session again, for somebody who is there. Only one question is under way at a time.
    pub fn refetch(self) {
        side::refetch();
    }

    /// A call was answered with [`SignedOut`](super::AuthErrorCode::SignedOut): the session has ended, and every tab hears of it.
    pub fn lose(self) {
        if self.status.get_untracked() == SessionStatus::SignedIn {
            side::lose_session();
        }
    }
}

/// Gives the session to everything below it. Goes around the router, once.
#[component]
pub fn SessionProvider(children: Children) -> impl IntoView {
    provide_session(SharedValue::new(side::rendered_session).into_inner());
    children()
}

/// The session that a page was rendered with, as a property of an island. JSON as text: so the browser's program has one
/// reader for it, the server functions', and not a second one for properties.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RenderedSession(String);

impl RenderedSession {
    /// That of the request which is being answered.
    #[must_use]
    pub fn of_request() -> Self {
        // To write it cannot fail: there is no map in it, and no text that is none.
        Self(serde_json::to_string(&side::rendered_session()).unwrap_or_default())
    }
}

/// What [`SessionProvider`] does, for an island; the islands in it have the session.
pub fn provide_rendered_session(rendered: &RenderedSession) {
    provide_session(serde_json::from_slice(rendered.0.as_bytes()).ok().flatten());
}

fn provide_session(rendered: Option<Session>) {
    let status = if rendered.is_some() { SessionStatus::SignedIn } else { SessionStatus::SignedOut };
    let session = UseSession {
        session: RwSignal::new(rendered),
        status: RwSignal::new(status),
        elapsed_secs: RwSignal::new(0),
        someone_else: RwSignal::new(None),
        is_concealed: RwSignal::new(false),
    };
    provide_context(session);
    side::keep_current(session);
}

/// Asks the server for the [`Fresh`](super::Fresh) parts of the page again: something in them has changed.
pub fn refetch_parts() {
    side::refetch_parts();
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
