//! The control API, `/_control/…`: what the handle offers to tests in Rust, for tests in any language. JSON in and
//! out; a page in a browser is refused (`gate`). Its requests are not in the record and fail by no fault. What it
//! orders is `torment`'s, and the console's buttons order the same.

mod clock;
mod codes;
pub(super) mod error;
mod faults;
mod index;
mod order;
mod requests;
mod state;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::from_fn;
use axum::routing::{get, post};
use tower_http::set_header::SetResponseHeaderLayer;

pub(super) use error::ControlError;

use super::gate::refuse_pages;
use super::service::Service;
use super::torment::{ChangeTokens, ChangeUser, FaultOrder, MoveClock, ReplaceKeys, SetRotation};
use order::carry_out;

/// To be nested at `/_control`.
pub(super) fn routes<S>(service: Arc<Service>) -> Router<S> {
    Router::new()
        .route("/", get(index::describe))
        .route("/clock", get(clock::read_clock).post(carry_out::<MoveClock>))
        .route("/codes", get(codes::list_codes))
        .route("/faults", get(faults::list_faults).post(carry_out::<FaultOrder>))
        .route("/keys", post(carry_out::<ReplaceKeys>))
        .route("/requests", get(requests::list_requests))
        .route("/rotation", post(carry_out::<SetRotation>))
        .route("/state", get(state::describe_state))
        .route("/tokens", post(carry_out::<ChangeTokens>))
        .route("/users", post(carry_out::<ChangeUser>))
        .method_not_allowed_fallback(wrong_method)
        .fallback(not_found)
        .layer(from_fn(refuse_pages))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(service)
}

async fn not_found() -> ControlError {
    let problem = "there is no such endpoint: GET /_control lists them (/_control/clock, codes, faults, keys, requests, \
                   rotation, state, tokens, users)";
    ControlError::new(StatusCode::NOT_FOUND, problem)
}

async fn wrong_method() -> ControlError {
    let problem = "another method: GET /_control says what takes GET and what takes POST";
    ControlError::new(StatusCode::METHOD_NOT_ALLOWED, problem)
}
