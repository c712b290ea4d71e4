//! `POST /_control/faults`: lets the next requests for an operation fail, or takes that back.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};

use super::super::api_fault::ApiFault;
use super::super::faults::{Fault, MAX_ORDERS};
use super::super::record::OPERATIONS;
use super::super::service::Service;
use super::error::{ControlError, ControlJson};

const MAX_TIMES: usize = 1_000_000;

/// Longer than any client waits.
const MAX_HANG_MS: u64 = 10 * 60 * 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultOrder {
    operation: String,
    /// 0 clears what was ordered for the operation.
    times: usize,
    /// Needed unless `times` is 0.
    fault: Option<FaultName>,
}

/// `"throttle"`, `"internal_error"`, `"drop"`, `"waf_block"`, `{"hang_ms": 500}`, `{"status": 503}` or
/// `{"api_error": "UnexpectedLambdaException"}`.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultName {
    Throttle,
    InternalError,
    Drop,
    HangMs(u64),
    Status(u16),
    WafBlock,
    /// As [`ApiFault::find`] takes it.
    ApiError(String),
}

/// Repeats what was understood.
#[derive(Serialize)]
pub(super) struct Ordered {
    operation: String,
    times: usize,
}

/// The handler.
pub(super) async fn order_faults(
    State(service): State<Arc<Service>>,
    ControlJson(FaultOrder { operation, times, fault }): ControlJson<FaultOrder>,
) -> Result<Json<Ordered>, ControlError> {
    if !OPERATIONS.contains(&operation.as_str()) {
        let known = OPERATIONS.join(", ");
        return Err(ControlError::not_found(format!("operation is none of these: {known}")));
    }
    if times > MAX_TIMES {
        return Err(ControlError::bad_request(format!("times is more than {MAX_TIMES}")));
    }
    let fault = fault.map(read_fault).transpose()?;
    if times == 0 {
        service.faults.clear(&operation);
    } else {
        let missing = || ControlError::bad_request("fault is missing; only \"times\": 0 goes without");
        if !service.faults.order(&operation, times, fault.ok_or_else(missing)?) {
            let problem = format!("{MAX_ORDERS} orders wait for this operation already; \"times\": 0 clears them");
            return Err(ControlError::bad_request(problem));
        }
    }
    Ok(Json(Ordered { operation, times }))
}

fn read_fault(name: FaultName) -> Result<Fault, ControlError> {
    match name {
        FaultName::Throttle => Ok(Fault::Throttle),
        FaultName::InternalError => Ok(Fault::InternalError),
        FaultName::Drop => Ok(Fault::Drop),
        FaultName::HangMs(millis @ 0..=MAX_HANG_MS) => Ok(Fault::Hang(Duration::from_millis(millis))),
        FaultName::HangMs(_) => Err(ControlError::bad_request(format!("hang_ms is more than {MAX_HANG_MS}"))),
        // 1xx would not be an answer.
        FaultName::Status(code @ 200..=599) => Ok(Fault::Status(code)),
        FaultName::WafBlock => Ok(Fault::WafBlock),
        FaultName::ApiError(name) => ApiFault::find(&name).map(Fault::ApiError).ok_or_else(|| unknown_error(&name)),
        FaultName::Status(_) => Err(ControlError::bad_request("status is not between 200 and 599")),
    }
}

fn unknown_error(name: &str) -> ControlError {
    let mut kinds: Vec<&str> = ApiFault::all().map(ApiFault::kind).collect();
    kinds.dedup();
    ControlError::bad_request(format!("api_error {name:?} is none of these: {}", kinds.join(", ")))
}
