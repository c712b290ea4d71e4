//! Calls upstream with a person's token: what is listed gets it, what is not never sees so much as a connection, by a
//! redirect neither (B44); and an expired token stays at home (B36).

use std::time::Duration;

use axum::{
    Json, Router,
    extract::Request,
    response::IntoResponse,
    routing::{any, get},
};
use http::{Method, StatusCode};
use leptos_cognito::server::{Access, Auth, ServerSession};
use local_cognito::Fault;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{Browser, DEMO, Page},
    log::Log,
    sealed::claims,
    upstreams::{Elsewhere, upstream},
};

/// An app with two handlers that call upstream: one whatever URL it is told, one userInfo.
async fn serve(app: &TestApp, origins: &str) -> String {
    let settings = [("UPSTREAM_ORIGINS", origins.to_owned())];
    let auth = Auth::new(auth_config(&app.cognito, &app.url, &settings), Access::new(), clock_of(&app.cognito));
    let call = async |session: ServerSession, method: Method, request: Request| {
        let url = request.headers()["x-url"].to_str().unwrap().to_owned();
        let answer = async {
            let call = session.upstream(method.clone(), &url).await?;
            let call = if method == Method::POST { call.json(&json!({ "a": 1 })) } else { call };
            call.send().await?.json::<Value>()
        };
        answer.await.map_or_else(
            |error| (StatusCode::BAD_GATEWAY, error.code.as_str()).into_response(),
            |json| Json(json).into_response(),
        )
    };
    let clock = app.cognito.clone();
    let late = async move |session: ServerSession, request: Request| {
        let url = request.headers()["x-url"].to_str().unwrap().to_owned();
        // The request takes longer than its token lives.
        let call = session.upstream(Method::GET, &url).await.ok().unwrap();
        clock.advance(Duration::from_secs(3700));
        let (call, user_info) = (call.send().await.err(), session.user_info().await.err());
        format!("{} {}", call.unwrap().code.as_str(), user_info.unwrap().code.as_str())
    };
    let user_info = async |session: ServerSession| {
        session
            .user_info()
            .await
            .map_or_else(|error| error.code.as_str().into_response(), |claims| Json(claims).into_response())
    };
    let router = Router::new().route("/call", any(call)).route("/late", get(late)).route("/user-info", get(user_info));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let router = auth.await.unwrap().mount(router);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn call(browser: &Browser, app_url: &str, method: Method, url: &str) -> (u16, String) {
    let request = browser.client.request(method, format!("{app_url}/call")).header("x-url", url);
    let answer = request.header("Sec-Fetch-Site", "same-origin").send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn b44_the_token_goes_to_listed_origins_and_to_the_pools_own_domain() {
    let app = TestApp::start().await;
    let (origin, heard) = upstream(1).await;
    let url = serve(&app, &format!("https://api.example.com, {origin}")).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let token = format!("Bearer {}", claims(&browser)["at"].as_str().unwrap());
    let orders = format!("{origin}/orders?page=2");
    let got = (200, json!({ "orders": 3 }).to_string());
    assert_eq!(call(&browser, &url, Method::GET, &orders).await, got);
    assert_eq!(call(&browser, &url, Method::POST, &orders).await, got);
    let expected = [(Method::GET, ""), (Method::POST, "{\"a\":1}")];
    let expected = expected.map(|(method, body)| (method, "/orders?page=2".to_owned(), token.clone(), body.to_owned()));
    assert_eq!(*heard.lock().unwrap(), expected);

    // The pool's domain needs no entry.
    let page: Page = browser.get_json(&format!("{url}/user-info")).await;
    let user: Value = serde_json::from_str(&page.body).unwrap();
    assert_eq!((&user["sub"], &user["email"]), (&claims(&browser)["sub"], &DEMO.0.into()), "{user}");
    let user_info = format!("{}/oauth2/userInfo", app.cognito.base_url());
    let (status, body) = call(&browser, &url, Method::GET, &user_info).await;
    assert!(status == 200 && body.contains(DEMO.0), "{body}");
    assert_eq!(app.cognito.count("userInfo"), 2);
}

#[tokio::test]
async fn b44_whoever_is_not_listed_never_sees_a_request_and_the_log_tells_who_it_was() {
    let app = TestApp::start().await;
    let elsewhere = Elsewhere::start().await;
    let (origin, heard) = upstream(elsewhere.port).await;
    let url = serve(&app, &origin).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let (there, listed) = (format!("127.0.0.1:{}", elsewhere.port), origin.strip_prefix("http://").unwrap());
    let log = Log::start();
    for not_listed in [
        format!("http://{there}/orders?secret=hunter2"),
        format!("https://{there}/"),
        format!("http://localhost:{}/", elsewhere.port),
        format!("http://{listed}@{there}/"),
        format!("http://{there}/?{origin}"),
        format!("http://{there}#{origin}/orders"),
        format!("https://{listed}/orders"),
        format!("http://localhost:{}/orders", listed.split(':').nth(1).unwrap()),
        format!("http://somebody@{listed}/orders"),
        format!("http://:hunter2@{listed}/orders"),
        "http://example.com/".to_owned(),
        "https://cognito.invalid/".to_owned(),
        "/orders?hunter2".to_owned(),
        "data:application/json,{}".to_owned(),
        "file:///etc/hostname".to_owned(),
    ] {
        for method in [Method::GET, Method::POST] {
            let answer = call(&browser, &url, method, &not_listed).await;
            assert_eq!(answer, (502, "configuration".to_owned()), "{not_listed}");
        }
    }
    let is_told =
        |origin: &str| log.line(&format!("no token goes to {origin}: ")).is_some_and(|line| line.contains("ERROR"));
    assert!(
        is_told(&format!("http://{there}")) && is_told("http://example.com") && is_told("no origin"),
        "{}",
        log.text()
    );
    let refusals: Vec<_> =
        log.text().lines().filter(|line| line.contains("no token goes to")).map(str::to_owned).collect();
    assert!(refusals.iter().all(|line| !line.contains("hunter2")), "{refusals:?}");
    assert_eq!((elsewhere.connections(), heard.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn b44_no_redirect_takes_the_token_along() {
    let app = TestApp::start().await;
    let elsewhere = Elsewhere::start().await;
    let (origin, heard) = upstream(elsewhere.port).await;
    let url = serve(&app, &origin).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in ["301", "302", "307", "308", "home"] {
        for method in [Method::GET, Method::POST] {
            let (status, said) = call(&browser, &url, method, &format!("{origin}/{path}")).await;
            assert_eq!((status, said.as_str()), (502, "internal"), "{path}");
        }
    }
    // Cognito's own hosts are trusted with tokens, and with no more than that.
    for operation in ["userInfo", "GetUser", "InitiateAuth"] {
        app.cognito.fail_next(operation, 10, Fault::Status(307));
    }
    assert_eq!(browser.get_json(&format!("{url}/user-info")).await.body, "internal");
    assert_eq!((elsewhere.connections(), heard.lock().unwrap().len()), (0, 0));
}

#[tokio::test]
async fn b44_an_upstream_that_is_too_large_too_slow_or_not_json_is_a_typed_error() {
    let app = TestApp::start().await;
    let (origin, _) = upstream(1).await;
    let url = serve(&app, &origin).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let log = Log::start();
    for (path, why) in [
        ("large", "the answer is too large"),
        ("text", "not the JSON that was expected"),
        ("teapot", "status 418"),
        ("hangs", "error sending request"),
    ] {
        let answer = call(&browser, &url, Method::GET, &format!("{origin}/{path}?secret=hunter2")).await;
        assert_eq!(answer, (502, "internal".to_owned()), "{path}");
        let line = log
            .line(&format!("the call to {origin} brought nothing: {why}"))
            .unwrap_or_else(|| panic!("{why}: {}", log.text()));
        assert!(!line.contains("hunter2"), "{line}");
    }
}

#[tokio::test]
async fn b36_b44_a_token_that_expired_meanwhile_stays_at_home() {
    let app = TestApp::start().await;
    let (origin, heard) = upstream(1).await;
    let url = serve(&app, &origin).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let request = browser.client.get(format!("{url}/late")).header("x-url", format!("{origin}/orders"));
    let said = request.send().await.unwrap().text().await.unwrap();
    assert_eq!(said, "provider_unavailable provider_unavailable");
    // Expired, and Cognito away: the same at the first line of a handler.
    app.cognito.fail_next("InitiateAuth", 100, Fault::Throttle);
    let answer = call(&browser, &url, Method::GET, &format!("{origin}/orders")).await;
    assert_eq!(answer, (502, "provider_unavailable".to_owned()));
    assert_eq!((heard.lock().unwrap().len(), app.cognito.count("userInfo")), (0, 0));
    app.cognito.clear_faults();
    app.advance(60);
    assert_eq!(call(&browser, &url, Method::GET, &format!("{origin}/orders")).await.0, 200, "renewed by the guard");
}
