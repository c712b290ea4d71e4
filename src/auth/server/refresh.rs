//! When is a refresh due, and one refresh at a time. Called by `guard`. The settled result is kept for a grace time, so
//! that a request which still carries the old cookie gets the winner's session and not a second refresh.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;

use super::{
    clock::{Clock, UnixTime},
    cognito::Cognito,
    error::Cause,
    random::fingerprint,
    sealed_session::SealedSession,
    single_flight::Flight,
    tokens::{IdClaims, TokenSet},
    verdict::{RefreshFailure, Verdict},
};

/// A token is renewed this long before its end, in seconds ...
pub(super) const REFRESH_LEAD_SECS: u64 = 5 * 60;
/// ... or this fraction of its life before, where that is shorter.
const LEAD_FRACTION: u32 = 5;
/// How long a settled result answers for the old cookie, in seconds.
const GRACE_SECS: u64 = 60;
/// After a failure that may pass, Cognito is not asked again for this long, in seconds.
const RETRY_SECS: u64 = 5;
/// Sessions whose refresh is remembered at once; the memory is bounded by it.
const MAX_FLIGHTS: u64 = 100_000;

/// Where an access token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Good, and nothing is to be done.
    Fresh,
    /// Good, and to be renewed.
    Due,
    /// Not to be sent anywhere.
    Expired,
}

/// Pure: where a token with that end and that due time stands now.
pub(super) fn decide(now: UnixTime, expires_at: UnixTime, due_at: UnixTime) -> Freshness {
    if now >= expires_at {
        Freshness::Expired
    } else if now >= due_at {
        Freshness::Due
    } else {
        Freshness::Fresh
    }
}

/// When the session's renewal is due: ahead of its token's end, and no later than half the idle limit after it was last
/// written. A session rolls only when it is renewed, so that a person who keeps coming never meets the idle limit.
pub(super) fn due_at(session: &SealedSession, idle_limit: Duration) -> UnixTime {
    let life = session.access_expires_at.since(session.written_at);
    let lead = (life / LEAD_FRACTION).min(Duration::from_secs(REFRESH_LEAD_SECS));
    session.access_expires_at.minus(lead).min(session.written_at.plus(idle_limit / 2))
}

/// What a refresh came to, for everybody who waited for it.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// The session with new tokens.
    Renewed(Arc<SealedSession>),
    /// Cognito's verdict: the session is over.
    Ended,
    /// Nothing is decided; the session stays as it is.
    Kept,
}

#[derive(Clone, Debug)]
struct Run {
    flight: Flight<Outcome>,
    started_at: UnixTime,
}

/// Runs the refreshes of all sessions.
#[derive(Debug)]
pub(super) struct Refresher {
    cognito: Arc<Cognito>,
    clock: Clock,
    runs: Cache<String, Run>,
}

impl Refresher {
    pub(super) fn new(cognito: Arc<Cognito>, clock: Clock) -> Self {
        // The time to live only frees memory; whether a result still counts is decided by the clock of the app.
        let runs = Cache::builder().max_capacity(MAX_FLIGHTS).time_to_live(Duration::from_secs(2 * GRACE_SECS)).build();
        Self { cognito, clock, runs }
    }

    /// Renews the session, or joins the renewal under way or just settled for this same session and refresh token.
    pub(super) async fn refresh(&self, session: Arc<SealedSession>) -> Outcome {
        let now = self.clock.now();
        // Never shared between sessions (B31): the key is this session's, this refresh token's, this generation's.
        let key = fingerprint::<32>(&format!(
            "{}\n{}\n{}",
            session.session_id,
            session.generation,
            session.refresh_token.expose()
        ));
        let log_id = session.log_id();
        let run = self.runs.entry(key).or_insert_with_if(
            || Run { flight: Flight::start(run(self.cognito.clone(), self.clock.clone(), session)), started_at: now },
            |run| run.is_over(now),
        );
        if !run.is_fresh() {
            tracing::debug!(session = log_id, "refresh shared");
        }
        run.into_value().flight.result().await.unwrap_or(Outcome::Kept)
    }
}

impl Run {
    fn is_over(&self, now: UnixTime) -> bool {
        let age = now.since(self.started_at);
        match self.flight.settled() {
            Some(Outcome::Kept) => age >= Duration::from_secs(RETRY_SECS),
            Some(Outcome::Renewed(_) | Outcome::Ended) => age >= Duration::from_secs(GRACE_SECS),
            None => self.flight.is_broken(),
        }
    }
}

/// One refresh, logged once.
async fn run(cognito: Arc<Cognito>, clock: Clock, session: Arc<SealedSession>) -> Outcome {
    let log_id = session.log_id();
    match renew(&cognito, &clock, &session).await {
        Ok(renewed) => {
            tracing::info!(session = log_id, generation = renewed.generation, "session refreshed");
            Outcome::Renewed(Arc::new(renewed))
        }
        Err(RefreshFailure { verdict: Verdict::Terminal, why }) => {
            tracing::info!(session = log_id, why, "session ended by Cognito");
            Outcome::Ended
        }
        Err(RefreshFailure { verdict: Verdict::Transient, why }) => {
            tracing::warn!(session = log_id, why, "refresh failed, session kept");
            Outcome::Kept
        }
        Err(RefreshFailure { verdict: Verdict::Configuration, why }) => {
            tracing::error!(
                session = log_id,
                why,
                "refresh refused, session kept: the app client's settings have to be mended"
            );
            Outcome::Kept
        }
    }
}

async fn renew(cognito: &Cognito, clock: &Clock, session: &SealedSession) -> Result<SealedSession, RefreshFailure> {
    let tokens = cognito.refresh(&session.refresh_token, &session.username).await?;
    let claims = verified_claims(cognito, session, &tokens).await?;
    Ok(session.renewed(tokens, claims, clock.now()))
}

/// The new ID token's claims, which have to be this session's (B18).
async fn verified_claims(
    cognito: &Cognito,
    session: &SealedSession,
    tokens: &TokenSet,
) -> Result<Option<IdClaims>, RefreshFailure> {
    let Some(id_token) = &tokens.id_token else { return Ok(None) };
    match cognito.verified_claims(id_token, &tokens.access_token, None).await {
        Ok(claims) if claims.sub == session.sub => Ok(Some(claims)),
        Ok(_) => Err(RefreshFailure::terminal("the new ID token is another user's")),
        Err(Cause::IdToken(why)) => Err(RefreshFailure::terminal(format!("the new ID token was refused: {why}"))),
        // The keys could not be fetched. The tokens came from Cognito by TLS and are good; throwing a rotated refresh
        // token away would end the session. The old claims stay until the next refresh.
        Err(cause) => {
            tracing::warn!(session = session.log_id(), %cause, "the new ID token could not be checked, old claims kept");
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sealed_session::tests::session, *};

    #[test]
    fn decisions() {
        let at = UnixTime::from_secs;
        for (now, freshness) in [
            (0, Freshness::Fresh),
            (79, Freshness::Fresh),
            (80, Freshness::Due),
            (99, Freshness::Due),
            (100, Freshness::Expired),
            (5000, Freshness::Expired),
        ] {
            assert_eq!(decide(at(now), at(100), at(80)), freshness, "at {now}");
        }
    }

    #[test]
    fn the_lead_is_five_minutes_or_a_fifth_and_the_idle_limit_pulls_it_forward() {
        let long_idle = Duration::from_secs(1_000_000);
        for (life, idle, due_after) in [
            (3600, long_idle, 3300),
            (86_400, long_idle, 86_100),
            (1500, long_idle, 1200),
            (600, long_idle, 480),
            (10, long_idle, 8),
            (3600, Duration::from_secs(1800), 900),
        ] {
            let session = session(life);
            assert_eq!(due_at(&session, idle).since(session.written_at), Duration::from_secs(due_after), "{life}");
        }
    }
}
