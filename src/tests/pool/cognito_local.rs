//! cognito-local's own hosted UI, and the one thing it forgets: the ID token of a sign-in has to repeat the request's
//! `nonce` (OpenID Connect Core §2; Amazon Cognito does), and cognito-local puts none in. The app must not accept that, so the
//! token gets its nonce here and is signed anew with the key that cognito-local ships and publishes.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex},
};

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    Router,
    body::Bytes,
    extract::{OriginalUri, Query, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use super::{
    emulator::Emulator,
    front::{Answer, Front, claims_of},
};

/// The nonces of requests, each by its code challenge: the token request proves to know what that is made of.
pub(super) type Nonces = Mutex<HashMap<String, String>>;

pub(super) fn add_routes(router: Router<Arc<Front>>) -> Router<Arc<Front>> {
    router.route("/oauth2/authorize", get(form).post(submit)).route("/oauth2/token", post(token))
}

async fn form(
    State(front): State<Arc<Front>>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Answer {
    if let (Some(challenge), Some(nonce)) = (query.get("code_challenge"), query.get("nonce")) {
        front.cognito_local.lock().unwrap().insert(challenge.clone(), nonce.clone());
    }
    let path = uri.path_and_query().unwrap().as_str();
    front.pass(reqwest::Method::GET, path, &headers, Bytes::new()).await
}

async fn submit(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Answer {
    front.pass(reqwest::Method::POST, "/oauth2/authorize", &headers, body).await
}

async fn token(State(front): State<Arc<Front>>, headers: HeaderMap, body: Bytes) -> Answer {
    let form: HashMap<_, _> = url::form_urlencoded::parse(&body).into_owned().collect();
    let (client, grant) = (field(&form, "client_id"), field(&form, "grant_type"));
    let answer = front.pass(reqwest::Method::POST, "/oauth2/token", &headers, body.clone());
    let answer = front.counted(client, &format!("token:{grant}"), answer).await;
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, field(&form, "code_verifier").as_bytes()));
    let nonce = front.cognito_local.lock().unwrap().get(&challenge).cloned();
    match nonce {
        Some(nonce) if answer.status == StatusCode::OK => {
            let mut tokens: Value = serde_json::from_slice(&answer.body).unwrap();
            front.remember_sign_in(tokens["id_token"].as_str(), tokens["refresh_token"].as_str());
            tokens["id_token"] = json!(with_nonce(tokens["id_token"].as_str().unwrap(), &nonce));
            Answer::json(StatusCode::OK, &tokens)
        }
        _ => answer,
    }
}

fn field<'a>(form: &'a HashMap<String, String>, name: &str) -> &'a str {
    form.get(name).map(String::as_str).unwrap_or_default()
}

fn with_nonce(id_token: &str, nonce: &str) -> String {
    let mut claims = claims_of(id_token).unwrap();
    claims["nonce"] = json!(nonce);
    let header = Header { kid: Some("CognitoLocal".to_owned()), ..Header::new(Algorithm::RS256) };
    jsonwebtoken::encode(&header, &claims, &signing_key()).unwrap()
}

/// Beside the program: `lib/bin/start.js`, `lib/keys/…`.
fn signing_key() -> EncodingKey {
    let program = Emulator::CognitoLocal.program().unwrap().canonicalize().unwrap();
    let library = program.parent().and_then(Path::parent).unwrap();
    let key = std::fs::read(library.join("keys/cognitoLocal.private.json")).unwrap();
    let key: Value = serde_json::from_slice(&key).unwrap();
    let base64: String = key["pem"].as_str().unwrap().lines().filter(|line| !line.starts_with("-----")).collect();
    EncodingKey::from_rsa_der(&BASE64_STANDARD.decode(base64).unwrap())
}
