//! The simulation's servers: each a process of its own, with a wall clock that may be wrong.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use super::{
    super::{
        clock::Clock,
        lifecycle::{Lifecycle, Rules},
        sealed_session::{Limits, tests::OWNER},
    },
    pool::{Pool, Wire},
};

pub(super) const IDLE_LIMIT: Duration = Duration::from_secs(5 * 3600);
pub(super) const ABSOLUTE_LIMIT: Duration = Duration::from_secs(12 * 3600);

/// A server process.
pub(super) struct Server {
    pub(super) lifecycle: Lifecycle<Wire>,
    pub(super) clock: Clock,
}

impl Server {
    /// The `number`th process.
    pub(super) fn new(number: usize, pool: &Arc<Pool>, clock: Clock, patience: Duration) -> Self {
        let wire = Wire { pool: pool.clone(), server: number, clock: clock.clone() };
        Self { lifecycle: Lifecycle::new(Arc::new(wire), rules(patience), clock.clone()), clock }
    }
}

fn rules(patience_when_due: Duration) -> Rules {
    Rules {
        issuer: OWNER.issuer.to_owned(),
        client_id: OWNER.client_id.to_owned(),
        limits: Limits { idle: IDLE_LIMIT, absolute: ABSOLUTE_LIMIT },
        refresh_entries: 100,
        patience_when_due,
        patience_in_doubt: patience_when_due,
    }
}

pub(super) fn clock(seconds: &Arc<AtomicU64>, skew: &Arc<AtomicI64>) -> Clock {
    let (wall, skew, steady) = (seconds.clone(), skew.clone(), seconds.clone());
    let wall = move || {
        let secs = wall.load(Ordering::Relaxed).saturating_add_signed(skew.load(Ordering::Relaxed));
        SystemTime::UNIX_EPOCH + Duration::from_secs(secs)
    };
    Clock::from_parts(wall, move || Duration::from_secs(steady.load(Ordering::Relaxed)))
}
