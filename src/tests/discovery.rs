//! What the issuer publishes of itself: the document has to speak for the issuer that was configured, and lead nowhere
//! without https (B10). The publisher here is the test's own; nobody signs in.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, extract::State, response::Redirect, routing::get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, Wishes},
    browser::Browser,
};

const POOL: &str = "us-east-1_Published";
/// Those the app uses.
const ENDPOINTS: [&str; 4] = ["authorization_endpoint", "token_endpoint", "end_session_endpoint", "jwks_uri"];

/// An issuer's discovery document, as the test has it.
struct Publisher {
    issuer: String,
    document: Arc<Mutex<Value>>,
}

impl Publisher {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/{POOL}", listener.local_addr().unwrap());
        let document = Arc::new(Mutex::new(Value::Null));
        let show = async |State(document): State<Arc<Mutex<Value>>>| Json(document.lock().unwrap().clone());
        let elsewhere = format!("http://{}/elsewhere", listener.local_addr().unwrap());
        let moved = async move || Redirect::to(&elsewhere);
        let router = Router::new()
            .route(&format!("/{POOL}/.well-known/openid-configuration"), get(show))
            .route(&format!("/{POOL}Moved/.well-known/openid-configuration"), get(moved))
            .route("/elsewhere", get(show))
            .with_state(document.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { issuer, document }
    }

    /// What Cognito publishes, about itself and a domain.
    fn good(&self) -> Value {
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": "https://pool.example/oauth2/authorize",
            "token_endpoint": "https://pool.example/oauth2/token",
            "end_session_endpoint": "https://pool.example/logout",
            "jwks_uri": "https://pool.example/keys",
        })
    }

    fn publish(&self, name: &str, value: &Value) {
        let mut document = self.good();
        document[name] = value.clone();
        *self.document.lock().unwrap() = document;
    }

    /// An app that was told of this issuer, and asked it nothing yet.
    async fn app(&self, issuer: &str) -> TestApp {
        let settings = vec![("COGNITO_ISSUER", issuer.to_owned())];
        TestApp::start_with(Wishes { settings, ..Wishes::default() }).await
    }
}

/// Where a sign-in at this app leads: to the hosted UI, or to the page for this failure.
async fn begin(app: &TestApp) -> Result<String, String> {
    let answer = Browser::new(app).get("/api/auth/signin").await;
    assert_eq!(answer.status, 302, "{answer:?}");
    match answer.failure() {
        Some(failure) => {
            assert!(answer.set_cookies().is_empty(), "no sign-in begins: {answer:?}");
            Err(failure)
        }
        None => Ok(answer.location.unwrap()),
    }
}

#[tokio::test]
async fn b10_the_document_names_the_configured_issuer_to_the_byte() {
    let publisher = Publisher::start().await;
    let (issuer, configuration) = (publisher.issuer.clone(), Err("configuration".to_owned()));
    // Nothing of a document that was refused is kept, so one app can be asked again and again.
    let app = publisher.app(&issuer).await;
    for other in [
        format!("{issuer}/"),
        issuer.to_uppercase(),
        issuer.replace("http:", "https:"),
        issuer.replace("127.0.0.1", "localhost"),
        issuer.replace(POOL, "us-east-1_Other"),
        issuer[..issuer.len() - 1].to_owned(),
        format!(" {issuer}"),
        "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Published".to_owned(),
        String::new(),
    ] {
        publisher.publish("issuer", &json!(other));
        assert_eq!(begin(&app).await, configuration, "{other:?}");
    }
    for no_text in [Value::Null, json!([issuer]), json!(1)] {
        publisher.publish("issuer", &no_text);
        assert!(begin(&app).await.is_err(), "{no_text}");
    }
    publisher.publish("issuer", &json!(issuer));
    assert!(begin(&app).await.unwrap().starts_with("https://pool.example/oauth2/authorize?"));
}

#[tokio::test]
async fn b10_every_endpoint_is_https_or_loopback() {
    let publisher = Publisher::start().await;
    for name in ENDPOINTS {
        let app = publisher.app(&publisher.issuer).await;
        for evil in [
            "http://pool.example/x",
            "http://127.0.0.1.evil.example/x",
            "http://localhost.evil.example/x",
            "http://localhost@evil.example/x",
            "http://192.168.0.1/x",
            "http://0.0.0.0/x",
            "http://[2001:db8::1]/x",
            "ftp://127.0.0.1/x",
            "javascript:alert(1)",
            "file:///etc/passwd",
        ] {
            publisher.publish(name, &json!(evil));
            assert_eq!(begin(&app).await, Err("configuration".to_owned()), "{name}: {evil}");
        }
        publisher.publish(name, &json!("/oauth2/relative"));
        assert!(begin(&app).await.is_err(), "{name}: not an address");
    }
    for good in ["https://other.example/x", "http://127.0.0.1:9/x", "http://localhost:9/x", "http://[::1]:9/x"] {
        let mut document = publisher.good();
        for name in ENDPOINTS {
            document[name] = json!(good);
        }
        *publisher.document.lock().unwrap() = document;
        let app = publisher.app(&publisher.issuer).await;
        assert!(begin(&app).await.unwrap().starts_with(&format!("{good}?")), "{good}");
    }
}

#[tokio::test]
async fn b10_a_document_from_elsewhere_is_none() {
    let publisher = Publisher::start().await;
    let moved = format!("{}Moved", publisher.issuer);
    publisher.publish("issuer", &json!(moved));
    let app = publisher.app(&moved).await;
    assert_eq!(begin(&app).await, Err("provider_unavailable".to_owned()), "a redirect is not followed");
}
