//! How the control API reads requests and says what is wrong with them: `{"error":"…"}`, in plain words.

use axum::Json;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

/// Why a request was not carried out.
#[derive(Debug)]
pub(in super::super) struct ControlError {
    status: StatusCode,
    problem: String,
}

impl ControlError {
    pub(in super::super) fn new(status: StatusCode, problem: impl Into<String>) -> ControlError {
        ControlError { status, problem: problem.into() }
    }

    pub(super) fn bad_request(problem: impl Into<String>) -> ControlError {
        ControlError::new(StatusCode::BAD_REQUEST, problem)
    }

    pub(super) fn not_found(problem: impl Into<String>) -> ControlError {
        ControlError::new(StatusCode::NOT_FOUND, problem)
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.problem }))).into_response()
    }
}

/// A body that says it is JSON, and is what the operation takes. No page of another site can send that content type
/// without asking first (CORS preflight), which is never granted.
pub(super) struct ControlJson<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for ControlJson<T> {
    type Rejection = ControlError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ControlError> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(body)| ControlJson(body)).map_err(|rejection| ControlError::bad_request(rejection.body_text()))
    }
}
