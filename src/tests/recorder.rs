//! Stands between the app and Local Cognito and keeps all that passes, so that a test knows the tokens themselves.

use std::sync::{Arc, Mutex, OnceLock};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, header},
    response::Response,
};
use serde_json::Value;
use tokio::net::TcpListener;

/// The domain and the JSON API of a user pool, by another address.
#[derive(Clone)]
pub(crate) struct Recorder(Arc<Shared>);

struct Shared {
    url: String,
    target: OnceLock<String>,
    http: reqwest::Client,
    passed: Mutex<Passed>,
}

#[derive(Default)]
struct Passed {
    /// Path and query of each request.
    urls: Vec<String>,
    tokens: Vec<(String, String)>,
}

impl Recorder {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let recorder = Self(Arc::new(Shared { url, target: OnceLock::new(), http, passed: Mutex::default() }));
        let router = Router::new().fallback(pass_on).with_state(recorder.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        recorder
    }

    /// For the app whose pool this is to be.
    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        ["COGNITO_DOMAIN", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"].map(|name| (name, self.0.url.clone())).into()
    }

    /// Where everything goes on to; before the first request.
    pub(crate) fn stand_before(&self, base_url: &str) {
        self.0.target.set(base_url.to_owned()).unwrap();
    }

    /// Every token that Cognito gave the app, with what it is.
    pub(crate) fn tokens(&self) -> Vec<(String, String)> {
        self.0.passed.lock().unwrap().tokens.clone()
    }

    /// What was asked for, by path and query.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.0.passed.lock().unwrap().urls.clone()
    }
}

async fn pass_on(State(recorder): State<Recorder>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let url = format!("{}{path}", recorder.0.target.get().expect("it stands before nothing"));
    let request = recorder.0.http.request(parts.method, url).headers(end_to_end(parts.headers)).body(body);
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status(), end_to_end(answer.headers().clone()));
    let body = answer.bytes().await.unwrap();
    recorder.0.passed.lock().unwrap().note(path, &body);
    let mut response = Response::new(Body::from(body));
    (*response.status_mut(), *response.headers_mut()) = (status, headers);
    response
}

/// Without what belongs to one connection.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [header::HOST, header::CONNECTION, header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers
}

impl Passed {
    fn note(&mut self, path: String, body: &[u8]) {
        self.urls.push(path);
        let Ok(answer) = serde_json::from_slice::<Value>(body) else { return };
        for holder in [&answer, &answer["AuthenticationResult"]] {
            for name in ["access_token", "id_token", "refresh_token", "AccessToken", "IdToken", "RefreshToken"] {
                if let Some(token) = holder[name].as_str() {
                    self.tokens.push((name.to_lowercase().replace('_', ""), token.to_owned()));
                }
            }
        }
    }
}
