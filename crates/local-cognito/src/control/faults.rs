//! `GET /_control/faults`: what is still to fail.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::super::faults;
use super::super::service::Service;
use super::super::torment::FaultName;

#[derive(Serialize)]
pub(super) struct Ordered {
    ordered: Vec<OrderedFault>,
}

/// In the words of an order.
#[derive(Serialize)]
pub(super) struct OrderedFault {
    operation: String,
    times: usize,
    fault: FaultName,
    /// The `sub` of the one user whose requests fail.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<String>,
}

/// The handler.
pub(super) async fn list_faults(State(service): State<Arc<Service>>) -> Json<Ordered> {
    Json(Ordered { ordered: find_faults(&service) })
}

pub(super) fn find_faults(service: &Service) -> Vec<OrderedFault> {
    let ordered = service.faults.list().into_iter();
    let view = |(operation, faults::Ordered { times, fault, user })| OrderedFault {
        operation,
        times,
        fault: FaultName::from(fault),
        user,
    };
    ordered.map(view).collect()
}
