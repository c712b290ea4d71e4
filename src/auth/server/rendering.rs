//! The server's side of `SessionProvider`: the session that the guard loaded, for the page that is being rendered.

use super::{
    super::{Session, UseSession},
    current::from_context,
};

/// The session for the first render. None outside a request: the list of routes is made without one.
pub(in super::super) fn rendered_session() -> Option<Session> {
    from_context().ok()?.get().map(|session| session.session().clone())
}

/// A rendered page does not change; only a browser keeps it current.
pub(in super::super) fn keep_current(_: UseSession) {}
