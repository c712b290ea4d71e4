//! The control API, `/_control/…`: what the handle offers to tests in Rust, for tests in any language. JSON in and
//! out; a page in a browser is refused (`gate`). Its requests are not in the record and fail by no fault.

mod clock;
mod codes;
mod error;
mod faults;
mod requests;
mod rotation;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::routing::{get, post};

pub(super) use error::ControlError;

use super::gate::refuse_pages;
use super::service::Service;

/// To be nested at `/_control`.
pub(super) fn routes<S>(service: Arc<Service>) -> Router<S> {
    Router::new()
        .route("/clock", post(clock::move_clock))
        .route("/codes", get(codes::list_codes))
        .route("/faults", post(faults::order_faults))
        .route("/requests", get(requests::list_requests))
        .route("/rotation", post(rotation::set_rotation))
        .route("/users", post(users::change_user))
        .method_not_allowed_fallback(wrong_method)
        .fallback(not_found)
        .layer(from_fn(refuse_pages))
        .with_state(service)
}

async fn not_found() -> ControlError {
    let problem = "there are /_control/clock, faults, rotation, users (all POST), codes and requests (both GET)";
    ControlError::new(StatusCode::NOT_FOUND, problem)
}

async fn wrong_method() -> ControlError {
    let problem = "/_control/codes and requests take GET, everything else here takes POST";
    ControlError::new(StatusCode::METHOD_NOT_ALLOWED, problem)
}
