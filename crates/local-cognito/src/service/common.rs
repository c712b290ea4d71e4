//! What the pools of a listener share. Made by `service`, kept by each pool.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::Notify;

use super::super::clock::MovableClock;
use super::super::tamper::Tampers;

/// What a pool shares with the others.
pub(in super::super) struct Common {
    /// `http://127.0.0.1:9400`: the domain host, the issuer's host and the JSON API in one, and of all pools.
    pub(in super::super) base_url: String,
    pub(in super::super) clock: MovableClock,
    pub(in super::super) tampers: Tampers,
    /// Counts changes worth saving; the number of a snapshot.
    pub(super) changes: AtomicU64,
    pub(super) changed: Notify,
}

impl Common {
    /// Has what was changed saved.
    pub(in super::super) fn note_change(&self) {
        self.changes.fetch_add(1, Ordering::AcqRel);
        self.changed.notify_one();
    }
}
