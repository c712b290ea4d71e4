//! What stands before an emulator: one address for issuer, JSON API and hosted UI, which counts what passes. Bodies go
//! through as they are, both ways; what is changed or added is said where it is done: the discovery document here, the
//! hosted UI in `moto` and `cognito_local`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use local_cognito::RequestRecord;
use serde_json::{Value, json};

use super::{cognito_local, emulator::Emulator, moto};

const TARGET: &str = "x-amz-target";
const AMZ_JSON: &str = "application/x-amz-json-1.1";

/// An app client, as a hosted UI has to know it.
#[derive(Clone)]
pub(super) struct AppClient {
    pub(super) pool_id: String,
    pub(super) redirect_uri: String,
    pub(super) secret: Option<String>,
}

/// A refresh token that was handed out.
struct SignIn {
    client_id: String,
    email: String,
    refresh_token: String,
}

pub(super) struct Front {
    emulator: Emulator,
    pub(super) url: String,
    upstream: String,
    http: reqwest::Client,
    /// Each with the client or pool it is about.
    calls: Mutex<Vec<(String, RequestRecord)>>,
    pub(super) clients: Mutex<HashMap<String, AppClient>>,
    sign_ins: Mutex<Vec<SignIn>>,
    pub(super) moto: moto::HostedUi,
    pub(super) cognito_local: cognito_local::Nonces,
}

/// An answer of the emulator's.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    content_type: String,
    location: Option<String>,
    pub(super) body: Bytes,
}

pub(super) fn router(front: Arc<Front>) -> Router {
    let router = Router::new()
        .route("/", post(json_api))
        .route("/{pool_id}/.well-known/openid-configuration", get(discovery))
        .route("/{pool_id}/.well-known/jwks.json", get(jwks));
    let router = match front.emulator {
        Emulator::CognitoLocal => cognito_local::add_routes(router),
        Emulator::Moto => moto::add_routes(router),
    };
    router.with_state(front)
}

impl Front {
    pub(super) fn new(emulator: Emulator, url: String, upstream: String) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self {
            emulator,
            url,
            upstream,
            http,
            calls: Mutex::default(),
            clients: Mutex::default(),
            sign_ins: Mutex::default(),
            moto: moto::HostedUi::default(),
            cognito_local: cognito_local::Nonces::default(),
        }
    }

    /// What was asked about this client or pool, oldest first.
    pub(super) fn calls_about(&self, about: &[&str]) -> Vec<RequestRecord> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|(whom, _)| about.contains(&whom.as_str())).map(|(_, call)| call.clone()).collect()
    }

    /// Counted from the moment it is asked; `run` may take its time.
    pub(super) async fn counted(&self, about: &str, operation: &str, run: impl Future<Output = Answer>) -> Answer {
        let record = RequestRecord { operation: operation.to_owned(), status: 0, error: String::new() };
        let index = {
            let mut calls = self.calls.lock().unwrap();
            calls.push((about.to_owned(), record));
            calls.len() - 1
        };
        let answer = run.await;
        self.calls.lock().unwrap()[index].1.status = answer.status.as_u16();
        answer
    }

    pub(super) fn remember_sign_in(&self, id_token: Option<&str>, refresh_token: Option<&str>) {
        let claims = id_token.and_then(claims_of).unwrap_or_default();
        let text = |claim: &str| claims[claim].as_str().unwrap_or_default().to_owned();
        let refresh_token = refresh_token.unwrap_or_default().to_owned();
        self.sign_ins.lock().unwrap().push(SignIn { client_id: text("aud"), email: text("email"), refresh_token });
    }

    /// The refresh tokens of that user, which are remembered no longer.
    pub(super) fn take_refresh_tokens(&self, client_id: &str, email: &str) -> Vec<String> {
        let is_theirs = |sign_in: &mut SignIn| sign_in.client_id == client_id && sign_in.email == email;
        self.sign_ins.lock().unwrap().extract_if(.., is_theirs).map(|sign_in| sign_in.refresh_token).collect()
    }

    /// Asks the emulator and answers as it does.
    pub(super) async fn pass(&self, method: reqwest::Method, path: &str, headers: &HeaderMap, body: Bytes) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.upstream)).body(body);
        for name in ["content-type", "accept", TARGET, "authorization"] {
            if let Some(value) = headers.get(name) {
                request = request.header(name, value);
            }
        }
        // moto finds Cognito's well-known documents by the host, which at AWS is this one.
        if self.emulator == Emulator::Moto {
            request = request.header("host", "cognito-idp.us-east-1.amazonaws.com");
        }
        let answer = request.send().await.unwrap();
        let text = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let (content_type, location) = (text("content-type").unwrap_or_default(), text("location"));
        Answer { status: answer.status(), content_type, location, body: answer.bytes().await.unwrap() }
    }

    /// An operation of the JSON API, asked for by the tests and not counted.
    pub(super) async fn call(&self, operation: &str, body: Value) -> Result<Value, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, AMZ_JSON.parse().unwrap());
        headers.insert(TARGET, format!("AWSCognitoIdentityProviderService.{operation}").parse().unwrap());
        let answer = self.pass(reqwest::Method::POST, "/", &headers, body.to_string().into()).await;
        let text = String::from_utf8_lossy(&answer.body);
        match answer.status {
            StatusCode::OK => serde_json::from_str(&text).map_err(|error| format!("{operation}: {error}: {text}")),
            status => Err(format!("{operation}: {status} {text}")),
        }
    }
}

impl Answer {
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, content_type: "application/json".to_owned(), location: None, body: body.to_string().into() }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = (self.status, [(header::CONTENT_TYPE, self.content_type)], self.body).into_response();
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location.parse().unwrap());
        }
        response
    }
}

async fn json_api(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Answer {
    let target = headers.get(TARGET).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let operation = target.rsplit('.').next().unwrap_or_default();
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let of_token = asked["AccessToken"].as_str().and_then(claims_of).unwrap_or_default();
    let client = asked["ClientId"].as_str().or(of_token["client_id"].as_str()).unwrap_or_default();
    let answer = front.pass(reqwest::Method::POST, "/", &headers, body);
    front.counted(client, operation, answer).await
}

/// What a token says, unchecked.
pub(super) fn claims_of(token: &str) -> Option<Value> {
    let claims = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// The emulator's, but for the address: at both it is one where the emulator does not listen. It names no hosted UI; the
/// app is told of that by `COGNITO_DOMAIN`.
async fn discovery(State(front): State<Arc<Front>>, Path(pool_id): Path<String>) -> Answer {
    let answer = published(&front, &pool_id, "discovery", "openid-configuration").await;
    let mut document: Value = serde_json::from_slice(&answer.body).unwrap();
    document["issuer"] = json!(format!("{}/{pool_id}", front.url));
    document["jwks_uri"] = json!(format!("{}/{pool_id}/.well-known/jwks.json", front.url));
    Answer::json(answer.status, &document)
}

async fn jwks(State(front): State<Arc<Front>>, Path(pool_id): Path<String>) -> Answer {
    published(&front, &pool_id, "jwks", "jwks.json").await
}

async fn published(front: &Front, pool_id: &str, operation: &str, file: &str) -> Answer {
    let (path, headers) = (format!("/{pool_id}/.well-known/{file}"), HeaderMap::new());
    front.counted(pool_id, operation, front.pass(reqwest::Method::GET, &path, &headers, Bytes::new())).await
}
