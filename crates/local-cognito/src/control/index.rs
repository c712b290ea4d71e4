//! `GET /_control`: all endpoints, for people and programs.

use axum::Json;
use serde_json::{Value, json};

use super::super::torment::TORMENTS;

/// What is only looked at: path, what it tells.
pub(super) const READINGS: [(&str, &str); 6] = [
    ("/_control", "this list"),
    ("/_control/clock", "the time here, in Unix seconds, and how far the clock was moved"),
    ("/_control/codes", "the codes that wait to be entered: nothing is mailed here"),
    ("/_control/faults", "the requests that are still to fail"),
    ("/_control/requests", "the newest requests to the pools, oldest first, and how many for each operation"),
    ("/_control/state", "pools, clients, users, and sign-ins with everything that happened to their tokens"),
];

const ABOUT: &str = "Local Cognito's control API. POST takes and gives application/json; an error is \
                     {\"error\": \"what to do\"}. Its own requests are in no list and meet no faults. The console at \
                     /_console has a button for each of these.";

/// The handler.
pub(super) async fn describe() -> Json<Value> {
    let readings = READINGS.map(|(path, tells)| json!({ "method": "GET", "path": path, "tells": tells }));
    let orders = TORMENTS.map(|torment| {
        json!({
            "method": "POST",
            "path": format!("/_control/{}", torment.endpoint),
            "does": torment.title,
            "body": serde_json::from_str::<Value>(torment.example).unwrap_or_default(),
            "your_app": torment.advice,
        })
    });
    let endpoints: Vec<Value> = readings.into_iter().chain(orders).collect();
    Json(json!({ "about": ABOUT, "endpoints": endpoints }))
}
