//! What others say and the log repeats: the token endpoint, the JSON API, the discovery document, a browser's address line.
//! An operator can read it, and no e-mail address, phone number, token, code or verifier is in it, at any level (B46).

use std::sync::{Arc, Mutex};

use axum::{
    Json, Router,
    extract::{RawForm, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{any, post},
};
use leptos_cognito::server::{Purpose, Sealer, SessionSecrets};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::form_urlencoded;

use crate::{
    app::{SECRET, TestApp, Wishes},
    browser::{Browser, DEMO, query},
    log::Log,
    program::Program,
    sealed::claims,
};

const EMAIL: &str = "nia.person+tag@mail.example.org";
const PHONE: &str = "+1 (555) 010-9999";
const CODE: &str = "3f2b8c1e-9d47-4c58-8a0f-5be2f6a7d913";
const JWT: &str = "eyJraWQiOiJhYmMifQ.eyJzdWIiOiJuaWEifQ.c2lnbmF0dXJlLW9mLW5pYQ";

/// Nothing of any of these is in the log, as it is or as it stands in a URL.
fn assert_secret(text: &str, secrets: &[&str]) {
    assert!(text.contains("TRACE"), "the log is at its most talkative");
    for secret in secrets {
        for form in [(*secret).to_owned(), form_urlencoded::byte_serialize(secret.as_bytes()).collect()] {
            let line = text.lines().find(|line| line.contains(&form));
            assert_eq!(line, None, "{secret} is in the log");
        }
    }
}

/// The line with these words, which is one line whatever is in it.
fn line(log: &Log, words: &str) -> String {
    log.line(words).unwrap_or_else(|| panic!("nothing with {words:?} in:\n{}", log.text()))
}

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

/// A token endpoint that refuses everything, and repeats in its own words what it was sent.
async fn echo(State(error): State<&'static str>, RawForm(form): RawForm) -> Response {
    let sent: Vec<_> = form_urlencoded::parse(&form).map(|(name, value)| format!("{name}={value}")).collect();
    let description = format!("The user {EMAIL} is not known here.\n\u{1b}[31m{}; call {PHONE}", sent.join(", "));
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error, "error_description": description }))).into_response()
}

#[tokio::test]
async fn b46_a_token_endpoint_that_repeats_what_it_was_sent_leaves_no_code_verifier_or_address_in_the_log() {
    for (error, told) in [
        ("invalid_client", "invalid_client"),
        ("something_else", "something_else"),
        ("nia.person+tag@mail.example.org", "the token endpoint answered"),
    ] {
        let log = Log::start();
        let domain = listen(Router::new().route("/oauth2/token", post(echo)).with_state(error)).await;
        let settings = vec![("COGNITO_DOMAIN", domain), ("COGNITO_CLIENT_SECRET", String::new())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::new(&app);
        let state = query(&browser.begin("/account").await)["state"].clone();
        let sealer = Sealer::new(Purpose::SignIn, &SessionSecrets::parse(SECRET).unwrap()).unwrap();
        let cookie = browser.cookies().remove(0);
        let pending: Value = sealer.open(cookie.split_once('=').unwrap().1).unwrap();
        let answer = browser.get(&format!("/api/auth/callback/cognito?code={CODE}&state={state}")).await;
        assert_eq!(answer.failure().as_deref(), Some("configuration"));
        assert_secret(
            &log.text(),
            &[EMAIL, "nia.person", PHONE, "010-9999", CODE, &CODE[..8], pending["cv"].as_str().unwrap()],
        );
        let line = line(&log, told);
        for words in ["ERROR", "The user ", " is not known here", "check COGNITO_CLIENT_ID"] {
            assert!(line.contains(words), "{words} is not in {line}");
        }
    }
}

#[tokio::test]
async fn b46_a_token_endpoint_that_refuses_a_renewal_leaves_no_token_in_the_log() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let refresh_token = claims(&browser)["rt"].as_str().unwrap().to_owned();
    let log = Log::start();
    let domain = listen(Router::new().route("/oauth2/token", post(echo)).with_state("invalid_client")).await;
    let settings = [("COGNITO_DOMAIN", domain), ("COGNITO_REFRESH", "token-endpoint".to_owned())];
    let other = app.start_another_with(&settings).await;
    app.advance(3700);
    assert_eq!(browser.copy(&other).session().await["degraded"], true);
    assert_secret(
        &log.text(),
        &[EMAIL, PHONE, &refresh_token, &refresh_token[..40], &refresh_token[refresh_token.len() - 40..]],
    );
    assert!(line(&log, "refresh refused, session kept").contains(" is not known here"));
}

/// A JSON API that has one answer.
async fn api(answer: (&'static str, String)) -> String {
    let (exception, message) = answer;
    let body = json!({ "__type": exception, "message": message }).to_string();
    listen(Router::new().route("/", post(move || async move { (StatusCode::BAD_REQUEST, body) }))).await
}

#[tokio::test]
async fn b46_what_a_trigger_says_can_be_read_and_names_nobody() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    for (exception, message, told) in [
        (
            "UserLambdaValidationException",
            format!("PreTokenGeneration failed with error {EMAIL} is blocked: call {PHONE} with 482913."),
            "UserLambdaValidationException: PreTokenGeneration failed with error ",
        ),
        (
            "UnexpectedLambdaException",
            format!("The tenant\nof {EMAIL} has no seats left. token={JWT} code {CODE}"),
            "UnexpectedLambdaException: The tenant of ",
        ),
        ("NotAuthorizedException", format!("Refresh Token of {EMAIL} has different Client"), " has different Client"),
        (
            "TooManyRequestsException",
            format!("Rate exceeded for {JWT}"),
            "TooManyRequestsException: Rate exceeded for ",
        ),
    ] {
        let log = Log::start();
        let settings = [("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", api((exception, message)).await)];
        let other = app.start_another_with(&settings).await;
        assert_eq!(browser.copy(&other).session().await["degraded"], true, "{exception}");
        let profile = browser.copy(&other).get_json("/api/account/profile").await;
        assert_eq!(profile.status, 503);
        assert_secret(&log.text(), &[EMAIL, "nia.person", PHONE, "010-9999", "482913", JWT, "eyJ", CODE, &CODE[..8]]);
        assert!(line(&log, told).contains("session kept"), "{}", log.text());
    }
}

#[tokio::test]
async fn b46_what_a_discovery_document_says_is_read_without_what_is_secret() {
    for (name, value, told) in [
        (
            "issuer",
            json!("https://cognito-idp.us-east-2.amazonaws.com/us-east-2_AbCdEfGhI"),
            Some("us-east-2_AbCdEfGhI"),
        ),
        ("issuer", json!(format!("https://{EMAIL}/{JWT}?code={CODE}")), None),
        ("token_endpoint", json!(format!("http://evil.example/{CODE}?{JWT}#{EMAIL}")), Some("http://evil.example/")),
        ("token_endpoint", json!(format!("{EMAIL} {JWT}")), None),
        ("jwks_uri", json!([EMAIL, JWT, CODE]), None),
    ] {
        let log = Log::start();
        let document: Arc<Mutex<Value>> = Arc::default();
        let shown = document.clone();
        let url =
            listen(Router::new().fallback(any(move |_: Uri| async move { Json(shown.lock().unwrap().clone()) }))).await;
        let issuer = format!("{url}/us-east-1_Pool");
        let mut good = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/keys") });
        for endpoint in ["authorization_endpoint", "token_endpoint", "end_session_endpoint"] {
            good[endpoint] = json!(format!("{url}/{endpoint}"));
        }
        good[name] = value.clone();
        *document.lock().unwrap() = good;
        let app = TestApp::start_with(Wishes { settings: vec![("COGNITO_ISSUER", issuer)], ..Wishes::default() }).await;
        assert!(Browser::new(&app).get("/api/auth/signin").await.failure().is_some(), "{value}");
        assert_secret(&log.text(), &[EMAIL, "nia.person", JWT, "eyJ", CODE, &CODE[..8]]);
        assert!(told.is_none_or(|told| log.line(told).is_some()), "{told:?} is not in {}", log.text());
    }
}

#[tokio::test]
async fn b46_what_stands_in_an_address_line_is_not_in_the_log() {
    let program = Program::start("trace");
    let browser = Browser::at(&program.url);
    for target in [
        format!("/{EMAIL}"),
        format!("/invitations/{}", EMAIL.replace('@', "%40")),
        format!("/reset/{CODE}"),
        format!("/{JWT}"),
        format!("/api/auth/callback/cognito?error={EMAIL}&error_description={JWT}&code={CODE}&state={CODE}"),
        format!("/api/auth/signin?return_to=/{CODE}"),
        "/orders/of/last-week".to_owned(),
    ] {
        browser.get(&target).await;
        browser.post(&target, &[]).await;
    }
    let log = program.end();
    assert_secret(&log, &[EMAIL, "nia.person", JWT, "eyJ", CODE, &CODE[..8]]);
    assert!(log.contains("path=\"/orders/of/last-week\"") && log.contains("path=\"/reset/[masked]\""), "{log}");
}
