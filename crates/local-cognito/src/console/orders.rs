//! `POST /_console/orders/{endpoint}`: a button was pressed.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::Value;

use super::super::service::Service;
use super::super::torment::{
    ChangeTokens, ChangeUser, FaultOrder, MoveClock, Order, Problem, ReplaceKeys, SetRotation,
};
use super::Shared;
use super::forms::SentForm;
use super::notices::Notice;

/// Carries the order out, as the endpoint of the control API with this name does, and goes back with what came of it.
pub(super) async fn take(State(console): Shared, Path(endpoint): Path<String>, body: Bytes) -> Response {
    let form = SentForm::read(&body);
    let order = form.order.clone();
    let service = Arc::clone(&console.service);
    let done = tokio::task::spawn_blocking(move || carry_out(&service, &endpoint, order)).await;
    let (text, is_problem) = match done {
        Ok(Some(Ok(sentence))) => (sentence, false),
        Ok(Some(Err(problem))) => (format!("Nothing was done: {problem}."), true),
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    // A user who was created needs no second one of the same name, nor anybody that password again.
    let is_new_user = form.values.iter().any(|(name, _)| name == "password");
    let values = if is_new_user && !is_problem { Vec::new() } else { form.values.clone() };
    let number = console.notices.add(Notice { number: 0, text, is_problem, place: form.place.clone(), values });
    Redirect::to(&form.back_with(number)).into_response()
}

/// `None` where there is no such endpoint.
fn carry_out(service: &Service, endpoint: &str, order: Value) -> Option<Result<String, String>> {
    Some(match endpoint {
        "clock" => give::<MoveClock>(service, order),
        "faults" => give::<FaultOrder>(service, order),
        "keys" => give::<ReplaceKeys>(service, order),
        "rotation" => give::<SetRotation>(service, order),
        "tokens" => give::<ChangeTokens>(service, order),
        "users" => give::<ChangeUser>(service, order),
        _ => return None,
    })
}

fn give<O: Order>(service: &Service, order: Value) -> Result<String, String> {
    let order: O = serde_json::from_value(order).map_err(|error| error.to_string())?;
    match order.carry_out(service) {
        Ok(done) => Ok(done.sentence),
        Err(Problem::Bad(problem) | Problem::Unknown(problem)) => Err(problem),
    }
}
