//! The one handler of all `POST /_control/…`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;

use super::super::service::Service;
use super::super::torment::{Order, Problem};
use super::error::{ControlError, ControlJson};

/// On a blocking thread, as some orders compute for a while.
pub(super) async fn carry_out<O: Order>(
    State(service): State<Arc<Service>>,
    ControlJson(order): ControlJson<O>,
) -> Result<Json<O::Answer>, ControlError> {
    let done = tokio::task::spawn_blocking(move || order.carry_out(&service)).await;
    let failed = |_| ControlError::new(StatusCode::INTERNAL_SERVER_ERROR, "the order failed; the log says why");
    Ok(Json(done.map_err(failed)??.answer))
}

impl From<Problem> for ControlError {
    fn from(problem: Problem) -> ControlError {
        match problem {
            Problem::Bad(problem) => ControlError::bad_request(problem),
            Problem::Unknown(problem) => ControlError::not_found(problem),
        }
    }
}
