//! `GET /_control/state`: everything there is, save what is secret.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::super::service::Service;
use super::super::view::{ClientView, SignInView, UserView};
use super::faults::{OrderedFault, find_faults};

#[derive(Serialize)]
pub(super) struct Everything {
    /// Unix seconds.
    now: u64,
    offset_secs: i64,
    pools: Vec<PoolName>,
    clients: Vec<ClientView>,
    users: Vec<UserView>,
    /// Newest first.
    sign_ins: Vec<SignInView>,
    faults: Vec<OrderedFault>,
}

#[derive(Serialize)]
struct PoolName {
    id: String,
    issuer: String,
}

/// The handler.
pub(super) async fn describe_state(State(service): State<Arc<Service>>) -> Json<Everything> {
    let pools = service.pools.iter().map(|pool| PoolName { id: pool.id.clone(), issuer: pool.issuer() });
    Json(Everything {
        now: service.now(),
        offset_secs: service.common.clock.offset_secs(),
        pools: pools.collect(),
        clients: service.view_clients(),
        users: service.view_users(),
        sign_ins: service.view_sign_ins(),
        faults: find_faults(&service),
    })
}
