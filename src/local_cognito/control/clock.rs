//! `POST /_control/clock`: moves the clock, forward or back.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::super::service::Service;
use super::error::{ControlError, ControlJson};

/// A hundred years; what lies beyond is a mistake in the unit.
const MAX_MOVE_SECS: u64 = 100 * 365 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    /// Negative: back.
    advance_secs: i64,
}

#[derive(Serialize)]
pub(super) struct Moved {
    /// Unix seconds.
    now: u64,
}

/// Answers with the time it is then.
pub(super) async fn move_clock(
    State(service): State<Arc<Service>>,
    ControlJson(Move { advance_secs }): ControlJson<Move>,
) -> Result<Json<Moved>, ControlError> {
    if advance_secs.unsigned_abs() > MAX_MOVE_SECS {
        return Err(ControlError::bad_request("advance_secs is more than a hundred years"));
    }
    service.move_clock(advance_secs);
    Ok(Json(Moved { now: service.now() }))
}
