//! `GET /_control/requests`: what was asked and how it was answered.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::super::record::RequestRecord;
use super::super::service::Service;

#[derive(Serialize)]
pub(super) struct Requests {
    /// Oldest first; the control API's own are not among them.
    requests: Vec<RequestRecord>,
    /// By operation.
    counts: BTreeMap<String, usize>,
}

/// The handler.
pub(super) async fn list_requests(State(service): State<Arc<Service>>) -> Json<Requests> {
    let requests = service.records.list();
    let mut counts = BTreeMap::new();
    for record in &requests {
        *counts.entry(record.operation.clone()).or_default() += 1;
    }
    Json(Requests { requests, counts })
}
