//! The life of a session between two cookies: the one a request brought, and the one its answer carries. No HTTP here:
//! `guard` reads and writes the cookies, the simulation plays with the values.

mod renewal;

use std::{sync::Arc, time::Duration};

use super::{
    super::SessionEvent,
    clock::{Clock, SteadyTime},
    ended_sessions::{EndedSessions, Standing},
    journal::Journal,
    per_user::PerUser,
    refresh::Freshness,
    refresher::Refresher,
    sealed_session::{Invalid, Limits, Owner, SealedSession},
    sign_ins::SignIns,
    token_source::TokenSource,
    visit::{Loaded, Visit},
};

/// A token that is refused this soon after it was issued is not renewed again: the new one would be refused as well.
const JUST_ISSUED: Duration = Duration::from_secs(60);

/// Who the sessions belong to and how long they last.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) issuer: String,
    pub(super) client_id: String,
    pub(super) limits: Limits,
    /// Sessions whose refresh is remembered.
    pub(super) refresh_entries: u64,
    /// While the token is good nobody waits longer than this for a new one.
    pub(super) patience_when_due: Duration,
    /// After a failure no page waits longer than this for a new token, good or not the one it has.
    pub(super) patience_in_doubt: Duration,
}

/// An access token that was refused before its end.
#[derive(Clone, Copy, Debug)]
struct Refused {
    generation: u32,
    /// The session that was renewed for it.
    replaced_by: Option<u32>,
}

/// Sessions, renewed and ended.
#[derive(Debug)]
pub(super) struct Lifecycle<S> {
    pub(super) rules: Rules,
    pub(super) clock: Clock,
    pub(super) refresher: Refresher<S>,
    pub(super) ended: EndedSessions,
    /// Sessions whose access token was refused before its end, with the generation of that token.
    refused: PerUser<Refused>,
    pub(super) journal: Journal,
    pub(super) sign_ins: SignIns,
}

impl<S: TokenSource> Lifecycle<S> {
    pub(super) fn new(source: Arc<S>, rules: Rules, clock: Clock) -> Self {
        Self {
            refresher: Refresher::new(source, clock.clone(), rules.refresh_entries),
            ended: EndedSessions::new(rules.limits.absolute),
            refused: PerUser::new(rules.refresh_entries, Some(rules.limits.absolute)),
            journal: Journal::new(clock.clone()),
            sign_ins: SignIns::new(rules.limits.idle),
            rules,
            clock,
        }
    }

    /// The session that a request brought, renewed if that is due, and what that does to the cookie.
    pub(super) async fn load(&self, session: SealedSession, visit: Visit) -> Loaded {
        if let Err(why) = self.check(&session) {
            self.journal.note(&session, end_event(why));
            return Loaded::none();
        }
        let session = Arc::new(session);
        match self.standing(&session) {
            Standing::Live => {}
            Standing::InDoubt { was_cognito_told: true } if visit != Visit::Glance => {
                return self.ask_cognito(session, visit).await;
            }
            Standing::Ended | Standing::InDoubt { .. } => return Loaded::none(),
        }
        self.refresher.note_presented(&session);
        match self.freshness(&session, visit) {
            Freshness::Fresh => {
                self.journal.note(&session, SessionEvent::Fresh);
                self.keep(session)
            }
            _ if visit == Visit::Glance => self.keep(session),
            _ => self.renew(session, visit).await,
        }
    }

    /// Whether the session is this app's and within its limits.
    pub(super) fn check(&self, session: &SealedSession) -> Result<(), Invalid> {
        self.check_owner(session)?;
        session.check_limits(self.rules.limits, self.clock.now())
    }

    /// Whether the session is this app's: if not, nothing is done with it.
    pub(super) fn check_owner(&self, session: &SealedSession) -> Result<(), Invalid> {
        session.check_owner(Owner { issuer: &self.rules.issuer, client_id: &self.rules.client_id })
    }

    /// A session begins at this server: later, by whatever clock, than what ended here before `asked_at`, when Cognito was
    /// asked for its tokens.
    pub(super) fn begin(&self, session: &SealedSession, asked_at: SteadyTime) {
        self.ended.note_later(session, asked_at);
        self.journal.note(session, SessionEvent::SignedIn);
        self.sign_ins.note(session, b"", self.clock.now());
    }

    /// Ends a session for this process: its cookie is refused from now on, wherever a copy of it is, and no answer that
    /// is still under way brings it back.
    pub(super) fn end(&self, session: &SealedSession, why: SessionEvent) {
        self.ended.end(&session.sub, &session.session_id, session.end(self.rules.limits), self.clock.now());
        self.refresher.forget(session);
        self.sign_ins.forget(session);
        self.journal.note(session, why);
    }

    /// As [`end`](Self::end), and ends all other sessions of the same person: those that this process has seen by their
    /// ids, and the others by when they began.
    pub(super) fn end_all(&self, session: &SealedSession, why: SessionEvent) {
        let now = self.clock.now();
        self.ended.end_everywhere(&session.sub, now, self.clock.steady());
        self.refresher.forget_runs(&session.sub);
        let latest_end = now.plus(self.rules.limits.absolute);
        for session_id in self.sign_ins.take_all(session) {
            self.ended.end(&session.sub, &session_id, latest_end, now);
        }
        self.end(session, why);
    }

    /// Cognito has revoked the session's tokens.
    pub(super) fn note_revoked(&self, session: &SealedSession) {
        self.ended.note_confirmed(session);
    }

    /// Cognito has revoked the tokens of all the person's sessions.
    pub(super) fn note_all_revoked(&self, session: &SealedSession) {
        // What was renewed before Cognito knew is no word of Cognito's on who may go on.
        self.refresher.forget_runs(&session.sub);
        self.ended.note_cognito_told(&session.sub);
    }

    /// Whether the session may be used, and written into a cookie (B37).
    pub(super) fn standing(&self, session: &SealedSession) -> Standing {
        self.ended.standing(session, self.clock.now())
    }

    pub(super) fn has_ended(&self, session: &SealedSession) -> bool {
        self.standing(session) != Standing::Live
    }

    /// The newest tokens of a session, for whoever ends it at Cognito: those of a cookie may be old. Ask before
    /// [`end`](Self::end), which forgets them.
    pub(super) fn newest(&self, session: SealedSession) -> impl Future<Output = Arc<SealedSession>> + Send + 'static {
        self.refresher.newest(Arc::new(session))
    }

    /// The session of a token that Cognito, or an API upstream, refused before its end: revoked, or the user is gone.
    /// Refreshes immediately; Cognito's answer then decides whether the session is still valid.
    pub(super) async fn judge(&self, session: Arc<SealedSession>) -> Loaded {
        let (user, id, generation) = (session.sub.clone(), session.session_id.clone(), session.generation);
        let is_just_issued = self.clock.now().since(session.written_at) < JUST_ISSUED;
        let was_renewed_for_this = self.refused.get(&user, &id).is_some_and(|old| old.replaced_by == Some(generation));
        if self.has_ended(&session) || (was_renewed_for_this && is_just_issued) {
            return Loaded::none();
        }
        self.refused.insert(&user, &id, Refused { generation, replaced_by: None });
        let loaded = self.renew(session, Visit::Call).await;
        let replaced_by = loaded.session.as_ref().map(|new| new.generation).filter(|new| *new > generation);
        self.refused.insert(&user, &id, Refused { generation, replaced_by });
        loaded
    }
}

fn end_event(why: Invalid) -> SessionEvent {
    match why {
        Invalid::AbsoluteLimit => SessionEvent::AbsoluteLimit,
        Invalid::IdleLimit => SessionEvent::IdleLimit,
        Invalid::OtherIssuer | Invalid::Version => SessionEvent::OtherIssuer,
        Invalid::OtherClient => SessionEvent::OtherClient,
    }
}
