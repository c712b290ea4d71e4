//! `GET /_control/clock`: what time it is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::super::service::Service;

#[derive(Serialize)]
pub(super) struct Time {
    /// Unix seconds.
    now: u64,
    /// How far the clock was moved: ahead of the computer's own, or behind it where negative.
    offset_secs: i64,
}

/// The handler.
pub(super) async fn read_clock(State(service): State<Arc<Service>>) -> Json<Time> {
    Json(Time { now: service.now(), offset_secs: service.common.clock.offset_secs() })
}
