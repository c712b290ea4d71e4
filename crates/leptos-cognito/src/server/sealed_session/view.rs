//! What pages and browsers see of a sealed session.

use std::time::Duration;

use super::{
    super::{
        super::{Session, User},
        clock::UnixTime,
        refresh::token_due_at,
    },
    Limits, SealedSession,
};

/// What a session's view says besides what is in the session.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct View {
    pub(in super::super) limits: Limits,
    /// While Cognito is away: how long until it is asked again.
    pub(in super::super) retry_after: Option<Duration>,
    pub(in super::super) has_current_claims: bool,
    pub(in super::super) can_sign_out_everywhere: bool,
}

impl SealedSession {
    /// What pages and browsers may know of it.
    pub(in super::super) fn to_session(&self, view: &View, now: UnixTime) -> Session {
        let due_in = token_due_at(self).since(now);
        let (limits, ends_at) = (view.limits, self.end(view.limits));
        Session {
            id: self.log_id(),
            user: User {
                sub: self.sub.clone(),
                username: self.username.clone(),
                name: self.name.clone(),
                email: self.email.clone(),
                groups: if view.has_current_claims { self.groups.clone() } else { Vec::new() },
            },
            signed_in_at: self.signed_in_at.to_rfc3339(),
            access_token_life_secs: self.access_expires_at.since(self.written_at).as_secs(),
            access_token_expires_in_secs: self.access_expires_at.since(now).as_secs(),
            refresh_due_in_secs: due_in.max(view.retry_after.unwrap_or_default()).as_secs(),
            refresh_count: self.generation,
            refreshed_at: (self.generation > 0).then(|| self.written_at.to_rfc3339()),
            ends_at: ends_at.to_rfc3339(),
            ends_in_secs: ends_at.since(now).as_secs(),
            idle_ends_in_secs: self.seen_at.plus(limits.idle).since(now).as_secs(),
            idle_limit_secs: limits.idle.as_secs(),
            degraded: now >= self.access_expires_at,
            can_sign_out_everywhere: view.can_sign_out_everywhere,
        }
    }
}
