//! While Cognito is away: the app starts, pages render, nobody is signed out.

use leptos_cognito::local_cognito::Fault;

use crate::{
    app::TestApp,
    browser::{Browser, DEMO},
};

#[tokio::test]
async fn a_sign_in_while_cognito_is_away_shows_a_page_with_a_retry() {
    let app = TestApp::start().await;
    app.cognito.stop();
    let browser = Browser::new(&app);
    assert_eq!(browser.get("/").await.status, 200);
    let answer = browser.get("/api/auth/signin?return_to=%2Faccount").await;
    assert_eq!(answer.failure().as_deref(), Some("provider_unavailable"));
    let page = browser.get(&answer.location.unwrap()).await;
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("/api/auth/signin?return_to=%2Faccount"),
        "a retry for the page asked for: {}",
        page.body
    );
}

#[tokio::test]
async fn a_failed_discovery_is_tried_again_at_the_next_sign_in() {
    let app = TestApp::start().await;
    app.cognito.fail_next("discovery", 1, Fault::InternalError);
    let browser = Browser::new(&app);
    let answer = browser.get("/api/auth/signin").await;
    assert_eq!(answer.failure().as_deref(), Some("provider_unavailable"));
    assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
    Browser::signed_in(&app, DEMO).await;
    assert_eq!(app.cognito.count("discovery"), 2, "and kept then");
}

#[tokio::test]
async fn an_early_refresh_that_fails_changes_nothing_for_the_person() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3400);
    app.cognito.fail_next("InitiateAuth", 2, Fault::Throttle);
    assert_eq!(browser.get("/account").await.status, 200);
    assert_eq!(browser.get_json("/api/account/profile").await.status, 200);
    let session = browser.session().await;
    assert_eq!((&session["degraded"], &session["refresh_count"]), (&false.into(), &0.into()));
}

#[tokio::test]
async fn an_expired_token_keeps_the_session_degraded_until_cognito_is_back() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 2, Fault::InternalError);
    assert_eq!(browser.get("/account").await.status, 200, "a page that needs no token renders");
    assert_eq!(browser.session().await["degraded"], true);
    let profile = browser.get_json("/api/account/profile").await;
    assert_eq!((profile.status, profile.body.as_str()), (503, "\"provider_unavailable\""), "a call gets a typed error");
    assert_eq!(app.cognito.count("GetUser"), 0, "an expired token never leaves");
    app.advance(10);
    let session = browser.session().await;
    assert_eq!((&session["degraded"], &session["refresh_count"]), (&false.into(), &1.into()));
    assert_eq!(browser.get_json("/api/account/profile").await.status, 200);
}

#[tokio::test]
async fn sign_out_works_while_cognito_is_away() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.cognito.stop();
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.status, 303);
    assert!(browser.cookies().is_empty(), "{:?}", browser.cookies());
}
