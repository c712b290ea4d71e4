//! One refresh at a time for a session. Called by `lifecycle`. The settled result is kept for a grace time, so that a
//! request which still carries the old cookie gets the winner's session and not a second refresh; after a failure Cognito
//! is left alone for a while; the newest tokens of a session with rotation are remembered, so that an answer which was
//! lost on its way ends no session.

use std::{sync::Arc, time::Duration};

use super::{
    backoff::Backoff,
    clock::{Clock, SteadyTime},
    newest::{GRACE, Known, NewestSessions},
    per_user::PerUser,
    random::fingerprint,
    sealed_session::SealedSession,
    single_flight::Flight,
    token_source::TokenSource,
    verdict::{RefreshFailure, Verdict},
};

/// What a refresh came to, for everybody who waited for it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The session with new tokens.
    Renewed(Arc<SealedSession>),
    /// Cognito refused this used refresh token; these newer tokens were known here before it was asked.
    Known(Arc<SealedSession>),
    /// Cognito's verdict: the session is over.
    Ended,
    /// This refresh token was used before, and nothing newer is known here that this cookie may have. Cognito keeps the
    /// session of the newest one alive, so it is over for whoever has only this cookie.
    Superseded,
    /// Nothing is decided; the session stays as it is, and Cognito is left alone until then.
    Kept { retry_at: SteadyTime },
}

/// An outcome, and whether this caller's own refresh brought it about.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) outcome: Outcome,
    pub(super) is_shared: bool,
}

#[derive(Clone, Debug)]
struct Settled {
    outcome: Outcome,
    at: SteadyTime,
}

/// A refresh, under way or settled.
type Run = Flight<Settled>;

/// Runs the refreshes of all sessions.
#[derive(Debug)]
pub(super) struct Refresher<S> {
    source: Arc<S>,
    clock: Clock,
    runs: PerUser<Run>,
    newest: Arc<NewestSessions>,
    backoff: Arc<Backoff>,
}

impl<S: TokenSource> Refresher<S> {
    /// `entries` bounds the sessions whose refresh is remembered.
    pub(super) fn new(source: Arc<S>, clock: Clock, entries: u64) -> Self {
        // The idle time only frees memory; whether an entry still counts is decided by the app's clock.
        let runs = PerUser::new(entries, Some(2 * GRACE));
        let newest = Arc::new(NewestSessions::new(entries));
        Self { source, clock, runs, newest, backoff: Arc::new(Backoff::new(entries)) }
    }

    /// Renews the session, or joins the renewal under way or just settled for this same session and refresh token.
    /// Waits no longer than `patience`; the renewal itself goes on.
    pub(super) async fn refresh(&self, session: Arc<SealedSession>, patience: Option<Duration>) -> Answer {
        let now = self.clock.steady();
        let (run, is_shared) = match self.join_or_start(session, now) {
            Ok(found) => found,
            Err(retry_at) => return Answer { outcome: Outcome::Kept { retry_at }, is_shared: true },
        };
        let settled = match patience {
            Some(patience) => tokio::time::timeout(patience, run.result()).await.ok().flatten(),
            None => run.result().await,
        };
        // Not waited for: the next request that finds it due asks for the result.
        let outcome = settled.map_or(Outcome::Kept { retry_at: now }, |settled| settled.outcome);
        Answer { outcome, is_shared }
    }

    /// What is known here of the session whose refresh token this one's was exchanged for. Cognito refuses the old token
    /// then, so there is no use in asking.
    pub(super) fn known_successor(&self, session: &SealedSession) -> Known {
        self.newest.successor_of(session, self.clock.steady())
    }

    /// A request came with this cookie.
    pub(super) fn note_presented(&self, session: &SealedSession) {
        self.newest.note_presented(session, self.clock.steady());
    }

    /// The session with the newest tokens that are known: of a renewal whose cookie this one is not yet, or, once it is
    /// settled, of one that is under way.
    pub(super) fn newest(
        &self,
        session: Arc<SealedSession>,
    ) -> impl Future<Output = Arc<SealedSession>> + Send + 'static {
        let newest = self.newest.newest_of(&session).unwrap_or(session);
        let under_way = self.runs.get(&newest.sub, &key(&newest));
        async move {
            let Some(run) = under_way else { return newest };
            match run.result().await {
                Some(Settled { outcome: Outcome::Renewed(renewed) | Outcome::Known(renewed), .. }) => renewed,
                _ => newest,
            }
        }
    }

    /// The newest tokens of a user's session, if this process has renewed it.
    pub(super) fn newest_by_id(&self, user: &str, session_id: &str) -> Option<Arc<SealedSession>> {
        self.newest.find(user, session_id)
    }

    /// Whether the last that was heard of Cognito, not long ago, is a failure that concerns this user.
    pub(super) fn is_in_doubt(&self, user: &str) -> bool {
        self.backoff.is_in_doubt(user, self.clock.steady())
    }

    /// Forgets what is known of a session that has ended.
    pub(super) fn forget(&self, session: &SealedSession) {
        self.newest.forget(session);
    }

    /// Lets nobody join the renewals of this user that are under way or settled: whoever asks from now on asks Cognito.
    pub(super) fn forget_runs(&self, user: &str) {
        self.runs.remove_all(user);
    }

    /// The run for this very session and token, and whether somebody else started it; or when to ask again.
    fn join_or_start(&self, session: Arc<SealedSession>, now: SteadyTime) -> Result<(Run, bool), SteadyTime> {
        let (user, key) = (session.sub.clone(), key(&session));
        self.runs.update(&user, &key, |run| {
            if let Some(run) = run.filter(|run| !is_over(run, now)) {
                return (Some(run.clone()), Ok((run, true)));
            }
            match self.backoff.admit(&user, now) {
                Ok(()) => {
                    let run = Flight::start(self.work(session));
                    (Some(run.clone()), Ok((run, false)))
                }
                Err(retry_at) => (None, Err(retry_at)),
            }
        })
    }

    /// One refresh, in a task of its own, logged once.
    fn work(&self, session: Arc<SealedSession>) -> impl Future<Output = Settled> + Send + 'static {
        let (source, clock, backoff, newest) =
            (self.source.clone(), self.clock.clone(), self.backoff.clone(), self.newest.clone());
        async move {
            let answer = source.renew(session.refresh_grant()).await;
            let at = clock.steady();
            let user = session.sub.as_str();
            let outcome = match answer {
                Ok(renewal) => {
                    backoff.note_answer(user);
                    let renewed = Arc::new(session.renewed(renewal.tokens, renewal.claims, clock.now()));
                    newest.note_renewed(&session, &renewed, at);
                    Outcome::Renewed(renewed)
                }
                Err(failure) => {
                    log(&session, &failure);
                    match failure.verdict {
                        Verdict::Transient => Outcome::Kept { retry_at: backoff.note_failure(user, at) },
                        Verdict::Trigger | Verdict::Configuration => {
                            Outcome::Kept { retry_at: backoff.note_refusal(user, at) }
                        }
                        Verdict::Terminal | Verdict::Reused => {
                            backoff.note_answer(user);
                            decided(failure.verdict, newest.successor_of(&session, at))
                        }
                    }
                }
            };
            Settled { outcome, at }
        }
    }
}

/// What a verdict of Cognito's means, with what is known here.
fn decided(verdict: Verdict, known: Known) -> Outcome {
    match (verdict, known) {
        (Verdict::Reused, Known::Successor(newest)) => Outcome::Known(newest),
        (Verdict::Reused, Known::Nothing | Known::Superseded) => Outcome::Superseded,
        _ => Outcome::Ended,
    }
}

/// A failure's line in the log.
fn log(session: &SealedSession, failure: &RefreshFailure) {
    let (session, why) = (session.log_id(), &failure.why);
    match failure.verdict {
        Verdict::Reused => tracing::info!(session, why, "a used refresh token was refused"),
        Verdict::Terminal => tracing::info!(session, why, "Cognito has ended the session"),
        Verdict::Transient => tracing::warn!(session, why, "refresh failed, session kept"),
        Verdict::Trigger => tracing::warn!(session, why, "a Lambda trigger refused the refresh, session kept"),
        Verdict::Configuration => {
            tracing::error!(session, why, mend = failure.what_to_mend(), "refresh refused, session kept");
        }
    }
}

fn is_over(run: &Run, now: SteadyTime) -> bool {
    match run.settled() {
        // When to ask again is the user's back-off, and not this session's.
        Some(Settled { outcome: Outcome::Kept { .. }, .. }) => true,
        Some(Settled { at, .. }) => now.since(at) >= GRACE,
        None => run.is_broken(),
    }
}

/// Never shared between sessions (B31): this session's, this generation's, this refresh token's.
fn key(session: &SealedSession) -> String {
    let refresh_token = session.refresh_token.expose();
    fingerprint::<32>(&format!("{}\n{}\n{refresh_token}", session.session_id, session.generation))
}
