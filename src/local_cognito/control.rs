//! `POST /_control/clock`: moves the clock from outside, for tests in any language. It takes JSON alone, which no page
//! of another site can send without asking first (CORS preflight), and that is never granted.

use std::time::{Duration, UNIX_EPOCH};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use super::clock::MovableClock;

/// A hundred years; what lies beyond is a mistake in the unit.
const MAX_ADVANCE_SECS: u64 = 100 * 365 * 24 * 60 * 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Move {
    advance_secs: u64,
}

#[derive(Serialize)]
struct Moved {
    /// Unix seconds.
    now: u64,
}

/// Answers with the time it is then.
pub(super) async fn move_clock(State(clock): State<MovableClock>, Json(Move { advance_secs }): Json<Move>) -> Response {
    if advance_secs > MAX_ADVANCE_SECS {
        return (StatusCode::BAD_REQUEST, "advance_secs is more than a hundred years").into_response();
    }
    clock.advance(Duration::from_secs(advance_secs));
    let now = clock.as_clock()().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    Json(Moved { now }).into_response()
}
