//! The line between the app and Local Cognito, tapped: what leaves the server is seen as it is, with the secrets that
//! Local Cognito's own record leaves out. Nothing is changed on the way; an answer that does not come is a 502.

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::app::{TestApp, Wishes};

/// A request on its way to Cognito, from the app or from a browser.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// What the tap heard.
#[derive(Clone)]
pub(crate) struct Wire {
    upstream: String,
    http: reqwest::Client,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Wire {
    /// An app that reaches the domain and the JSON API of its pool through the tap.
    pub(crate) async fn tap(mut wishes: Wishes) -> (TestApp, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        for name in ["COGNITO_DOMAIN", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"] {
            wishes.settings.push((name, url.clone()));
        }
        let app = TestApp::start_with(wishes).await;
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let wire = Self { upstream: app.cognito.base_url(), http, sent: Arc::default() };
        let router = Router::new().fallback(pass).with_state(wire.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (app, wire)
    }

    /// The calls in which tokens are got, renewed or ended, oldest first.
    pub(crate) fn token_calls(&self) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|sent| ["/oauth2/token", "/oauth2/revoke", "/"].contains(&&*sent.path)).cloned().collect()
    }
}

impl Sent {
    /// The operation of the JSON API, or the grant at the token endpoint.
    pub(crate) fn operation(&self) -> String {
        let target = self.headers.get("x-amz-target").map(|target| target.to_str().unwrap());
        match target.and_then(|target| target.rsplit('.').next()) {
            Some(operation) => operation.to_owned(),
            None => self.field("grant_type").unwrap_or_default(),
        }
    }

    /// A field of the form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let form = reqwest::Url::parse(&format!("http://form/?{}", self.body)).unwrap();
        form.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
    }

    /// The body of a JSON call.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

async fn pass(State(wire): State<Wire>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let text = String::from_utf8_lossy(&body).into_owned();
    let path = parts.uri.path().to_owned();
    wire.sent.lock().unwrap().push(Sent { path, headers: parts.headers.clone(), body: text });
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    let request = wire.http.request(parts.method, format!("{}{}", wire.upstream, parts.uri));
    let Ok(answer) = request.headers(headers).body(body).send().await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let mut response = Response::new(Body::empty());
    (*response.status_mut(), *response.headers_mut()) = (answer.status(), answer.headers().clone());
    response.headers_mut().remove(header::TRANSFER_ENCODING);
    *response.body_mut() = Body::from(answer.bytes().await.unwrap());
    response
}
