//! The server's side of `SessionProvider`: the session that the guard loaded, for the page that is being rendered. The
//! rest has the names of what the browser's side does, and does nothing: a rendered page does not change.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use http::request::Parts;
use leptos::prelude::with_context;

use super::{
    super::{AuthErrorCode, Session, SignOutOutcome, UseSession},
    current::from_context,
};

/// What cannot be read here is a request: a body that is not UTF-8, or not the JSON it says it is.
pub(in super::super) const UNREADABLE: AuthErrorCode = AuthErrorCode::InvalidRequest;

/// What the page that follows a sign-out has to tell, in a request's extensions; and whether it did.
#[derive(Clone, Debug)]
pub(super) struct SignOutNotice {
    outcome: Option<SignOutOutcome>,
    is_told: Arc<AtomicBool>,
}

impl SignOutNotice {
    pub(super) fn of(outcome: Option<SignOutOutcome>) -> Self {
        Self { outcome, is_told: Arc::default() }
    }

    pub(super) fn is_told(&self) -> bool {
        self.is_told.load(Ordering::Relaxed)
    }
}

/// How the sign-out just before went, for the page that is being rendered. Told once.
pub(in super::super) fn sign_out_outcome() -> Option<SignOutOutcome> {
    let notice = with_context::<Parts, _>(|parts| parts.extensions.get::<SignOutNotice>().cloned()).flatten()?;
    if notice.outcome.is_some() {
        notice.is_told.store(true, Ordering::Relaxed);
    }
    notice.outcome
}

/// The session for the first render. None outside a request: the list of routes is made without one.
pub(in super::super) fn rendered_session() -> Option<Session> {
    from_context().ok()?.get().map(|session| session.session().clone())
}

pub(in super::super) fn keep_current(_: UseSession) {}

pub(in super::super) fn refetch() {}

pub(in super::super) fn lose_session() {}

pub(in super::super) fn start_ticking() {}

pub(in super::super) fn stop_ticking() {}

pub(in super::super) fn close_window() {}

pub(in super::super) fn refetch_parts() {}

pub(in super::super) fn reload() {}

pub(in super::super) fn has_typed_text() -> bool {
    false
}
