//! One refresh at a time for a session. Called by `lifecycle`. The settled result is kept for a grace time, so that a
//! request which still carries the old cookie gets the winner's session and not a second refresh; after a failure Cognito
//! is left alone for a while; the newest tokens of a session with rotation are remembered, so that an answer which was
//! lost on its way ends no session.

use std::{cell::Cell, sync::Arc, time::Duration};

use moka::{policy::EvictionPolicy, sync::Cache};

use super::{
    backoff::{Breaker, delay},
    clock::{Clock, SteadyTime},
    random::fingerprint,
    sealed_session::SealedSession,
    single_flight::Flight,
    token_source::TokenSource,
    verdict::{RefreshFailure, Verdict},
};

/// How long a settled result answers for the old cookie.
pub(super) const GRACE: Duration = Duration::from_secs(60);

/// What a refresh came to, for everybody who waited for it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The session with new tokens.
    Renewed(Arc<SealedSession>),
    /// Cognito's verdict: the session is over.
    Ended,
    /// This refresh token was used before and nothing newer is known here. Cognito keeps the session of the newest one
    /// alive, so it is over for whoever has this cookie alone.
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

#[derive(Clone, Debug)]
struct Run {
    flight: Flight<Settled>,
    /// Failures in a row before this run.
    failures: u32,
}

/// Runs the refreshes of all sessions.
#[derive(Debug)]
pub(super) struct Refresher<S> {
    source: Arc<S>,
    clock: Clock,
    runs: Cache<String, Run>,
    newest: Cache<String, Arc<SealedSession>>,
    breaker: Arc<Breaker>,
}

impl<S: TokenSource> Refresher<S> {
    /// `entries` bounds the sessions whose refresh is remembered.
    pub(super) fn new(source: Arc<S>, clock: Clock, entries: u64) -> Self {
        // Times to live only free memory; whether an entry still counts is decided by the app's clock.
        let runs = Cache::builder().max_capacity(entries).time_to_live(2 * GRACE).build();
        let newest = Cache::builder().max_capacity(entries).eviction_policy(EvictionPolicy::lru()).build();
        Self { source, clock, runs, newest, breaker: Arc::default() }
    }

    /// Renews the session, or joins the renewal under way or just settled for this same session and refresh token.
    /// Waits no longer than `patience`; the renewal itself goes on.
    pub(super) async fn refresh(&self, session: Arc<SealedSession>, patience: Option<Duration>) -> Answer {
        let now = self.clock.steady();
        let key = key(&session);
        let joined = self.runs.get(&key).filter(|run| !run.is_over(now));
        if joined.is_none()
            && let Some(retry_at) = self.breaker.open_until(now)
        {
            return Answer { outcome: Outcome::Kept { retry_at }, is_shared: true };
        }
        let (run, is_shared) = joined.map_or_else(|| self.start(key, session, now), |run| (run, true));
        let settled = match patience {
            Some(patience) => tokio::time::timeout(patience, run.flight.result()).await.ok().flatten(),
            None => run.flight.result().await,
        };
        // Not waited for: the next request that finds it due asks for the result.
        let outcome = settled.map_or(Outcome::Kept { retry_at: now }, |settled| settled.outcome);
        Answer { outcome, is_shared }
    }

    /// A newer state of the session whose refresh token this one's was exchanged for, if one is known. Cognito refuses
    /// the old token then, so there is no use in asking.
    pub(super) fn rotated_successor(&self, session: &SealedSession) -> Option<Arc<SealedSession>> {
        let newest = self.newest.get(&session.session_id)?;
        let is_rotated = newest.refresh_token != session.refresh_token;
        (newest.generation > session.generation && is_rotated).then_some(newest)
    }

    /// The session with the newest tokens that are known: of a renewal whose cookie this one is not yet, or, once it is
    /// settled, of one that is under way.
    pub(super) fn newest(
        &self,
        session: Arc<SealedSession>,
    ) -> impl Future<Output = Arc<SealedSession>> + Send + 'static {
        let newest = self.rotated_successor(&session).unwrap_or(session);
        let under_way = self.runs.get(&key(&newest));
        async move {
            let Some(run) = under_way else { return newest };
            match run.flight.result().await {
                Some(Settled { outcome: Outcome::Renewed(renewed), .. }) => renewed,
                _ => newest,
            }
        }
    }

    /// The newest tokens of a session that this process has renewed.
    pub(super) fn newest_of(&self, session_id: &str) -> Option<Arc<SealedSession>> {
        self.newest.get(session_id)
    }

    /// Whether the last that was heard of Cognito, not long ago, is a failure.
    pub(super) fn is_in_doubt(&self) -> bool {
        self.breaker.is_in_doubt(self.clock.steady())
    }

    /// Forgets what is known of a session that has ended.
    pub(super) fn forget(&self, session: &SealedSession) {
        self.newest.invalidate(&session.session_id);
    }

    fn start(&self, key: String, session: Arc<SealedSession>, now: SteadyTime) -> (Run, bool) {
        let failures = Cell::new(0);
        let entry = self.runs.entry(key).or_insert_with_if(
            || {
                let failures = failures.get();
                let work = self.work(session, failures);
                Run { flight: Flight::start(work), failures }
            },
            |old| {
                failures.set(old.failures_then());
                old.is_over(now)
            },
        );
        let is_shared = !entry.is_fresh();
        (entry.into_value(), is_shared)
    }

    /// One refresh, in a task of its own, logged once.
    fn work(&self, session: Arc<SealedSession>, failures: u32) -> impl Future<Output = Settled> + Send + 'static {
        let (source, clock, breaker, newest) =
            (self.source.clone(), self.clock.clone(), self.breaker.clone(), self.newest.clone());
        async move {
            let answer = source.renew(&session).await;
            let at = clock.steady();
            let outcome = match answer {
                Ok(renewal) => {
                    breaker.note_answer();
                    let renewed = Arc::new(session.renewed(renewal.tokens, renewal.claims, clock.now()));
                    newest.insert(session.session_id.clone(), renewed.clone());
                    Outcome::Renewed(renewed)
                }
                Err(failure) => {
                    let spread = spread(&session);
                    match failure.verdict {
                        Verdict::Transient => breaker.note_failure(at, spread),
                        Verdict::Terminal | Verdict::Reused | Verdict::Configuration => breaker.note_answer(),
                    }
                    let newest = newest.get(&session.session_id);
                    failed(&session, &failure, newest, at.plus(delay(failures + 1, spread)))
                }
            };
            Settled { outcome, at }
        }
    }
}

/// What a failure means, and its line in the log.
fn failed(
    session: &SealedSession,
    failure: &RefreshFailure,
    newest: Option<Arc<SealedSession>>,
    retry_at: SteadyTime,
) -> Outcome {
    let (log_id, why) = (session.log_id(), &failure.why);
    match (failure.verdict, newest.filter(|newest| newest.generation > session.generation)) {
        (Verdict::Reused, Some(newest)) => {
            tracing::info!(session = log_id, why, "an old refresh token was refused, a newer one is known");
            Outcome::Renewed(newest)
        }
        (Verdict::Reused, None) => {
            tracing::warn!(
                session = log_id,
                why,
                "an old refresh token was refused, and none that is newer is known here"
            );
            Outcome::Superseded
        }
        (Verdict::Terminal, _) => {
            tracing::info!(session = log_id, why, "Cognito has ended the session");
            Outcome::Ended
        }
        (Verdict::Transient, _) => {
            tracing::warn!(session = log_id, why, "refresh failed, session kept");
            Outcome::Kept { retry_at }
        }
        (Verdict::Configuration, _) => {
            let mend = failure.what_to_mend();
            tracing::error!(session = log_id, why, mend, "refresh refused, session kept");
            Outcome::Kept { retry_at }
        }
    }
}

impl Run {
    fn is_over(&self, now: SteadyTime) -> bool {
        match self.flight.settled() {
            Some(Settled { outcome: Outcome::Kept { retry_at }, .. }) => now >= retry_at,
            Some(Settled { outcome: Outcome::Renewed(_) | Outcome::Ended | Outcome::Superseded, at }) => {
                now.since(at) >= GRACE
            }
            None => self.flight.is_broken(),
        }
    }

    /// Failures in a row with this run.
    fn failures_then(&self) -> u32 {
        match self.flight.settled() {
            Some(Settled { outcome: Outcome::Kept { .. }, .. }) => self.failures.saturating_add(1),
            _ => 0,
        }
    }
}

/// Never shared between sessions (B31): this session's, this generation's, this refresh token's.
fn key(session: &SealedSession) -> String {
    let refresh_token = session.refresh_token.expose();
    fingerprint::<32>(&format!("{}\n{}\n{refresh_token}", session.session_id, session.generation))
}

/// Spreads sessions over a back-off; always the same for a session.
fn spread(session: &SealedSession) -> u8 {
    session.session_id.bytes().fold(0, |spread: u8, byte| spread.wrapping_mul(31).wrapping_add(byte))
}
