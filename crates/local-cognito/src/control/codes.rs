//! `GET /_control/codes`: the codes that Cognito would have mailed, while they can be entered.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use super::super::pool::Pool;
use super::super::service::Service;
use super::super::verification::Purpose;

#[derive(Serialize)]
pub(super) struct Codes {
    /// Of all pools; what ends last comes first, which among codes of a kind is the newest.
    codes: Vec<WaitingCode>,
}

#[derive(Serialize)]
struct WaitingCode {
    email: String,
    /// `sign_up` or `password_reset`.
    purpose: Purpose,
    code: String,
    /// Unix seconds.
    expires_at: u64,
}

/// The handler.
pub(super) async fn list_codes(State(service): State<Arc<Service>>) -> Json<Codes> {
    let mut codes: Vec<WaitingCode> = service.pools.iter().flat_map(|pool| find_codes(pool)).collect();
    codes.sort_by(|a, b| b.expires_at.cmp(&a.expires_at).then_with(|| a.email.cmp(&b.email)));
    Json(Codes { codes })
}

fn find_codes(pool: &Pool) -> Vec<WaitingCode> {
    let now = pool.now();
    pool.with_state(|state| {
        let waiting = state.verifications.iter().filter(|(_, waiting)| waiting.expires_at > now);
        let codes = waiting.filter_map(|(sub, waiting)| {
            let email = state.find_user(sub)?.email.clone();
            let (code, expires_at) = (waiting.code.clone(), waiting.expires_at);
            Some(WaitingCode { email, purpose: waiting.purpose, code, expires_at })
        });
        codes.collect()
    })
}
