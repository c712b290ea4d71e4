//! While Cognito is away: the app starts, pages render, nobody is signed out.

use local_cognito::Fault;
use serde_json::json;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
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
async fn b35_an_early_refresh_that_fails_changes_nothing_for_the_person() {
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
async fn b34_b36_an_expired_token_keeps_the_session_degraded_until_cognito_is_back() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 2, Fault::InternalError);
    assert_eq!(browser.get("/account").await.status, 200, "a page that needs no token renders");
    assert_eq!(browser.session().await["degraded"], true);
    let profile = browser.get_json("/api/account/profile").await;
    let error: serde_json::Value = serde_json::from_str(&profile.body).unwrap();
    let retry_after = error["retry_after_secs"].as_u64().unwrap();
    assert_eq!((profile.status, (1..=2).contains(&retry_after)), (503, true), "a call gets a typed error: {error}");
    assert_eq!(profile.header("retry-after"), retry_after.to_string());
    assert_eq!(app.cognito.count("GetUser"), 0, "an expired token never leaves");
    app.advance(10);
    let session = browser.session().await;
    assert_eq!((&session["degraded"], &session["refresh_count"]), (&false.into(), &1.into()));
    assert_eq!(browser.get_json("/api/account/profile").await.status, 200);
}

#[tokio::test]
async fn b38_sign_out_works_while_cognito_is_away() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let copy = browser.copy(&app);
    // A process that has never heard of Cognito does not know its /logout: the way home is there all the same.
    let elsewhere = browser.copy(&app.start_another().await);
    app.cognito.stop();
    let answer = elsewhere.post("/api/auth/signout", &[]).await;
    assert_eq!((answer.status, answer.location.as_deref()), (303, Some("/")));
    assert!(elsewhere.personal_cookies().is_empty(), "{:?}", elsewhere.personal_cookies());
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.status, 303);
    assert!(browser.personal_cookies().is_empty(), "{:?}", browser.personal_cookies());
    assert!(copy.session().await.is_null(), "over, and not only forgotten by this browser");
}

#[tokio::test]
async fn b38_the_local_part_of_a_sign_out_does_not_wait_for_a_revocation_that_fails() {
    for fault in [Fault::InternalError, Fault::Drop, Fault::Throttle, Fault::Hang(std::time::Duration::from_secs(300))]
    {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let (copy, what) = (browser.copy(&app), format!("{fault:?}"));
        app.cognito.fail_next("RevokeToken", 2, fault);
        let answer = browser.post("/api/auth/signout", &[]).await;
        assert_eq!((answer.status, answer.header("clear-site-data").is_empty()), (303, false), "{what}");
        assert!(answer.location.unwrap().contains("/logout?"), "{what}");
        assert!(browser.personal_cookies().is_empty() && copy.session().await.is_null(), "{what}");
        // And it is tried again by itself.
        let is_revoked =
            || app.cognito.requests().iter().any(|call| call.operation == "RevokeToken" && call.status == 200);
        let revoked = async {
            while !is_revoked() {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        let waited = tokio::time::timeout(std::time::Duration::from_secs(60), revoked).await;
        assert!(waited.is_ok(), "{what}: the refresh token was never revoked");
    }
}

#[tokio::test]
async fn b38_who_signs_out_does_not_wait_until_cognito_has_listened() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    // The SDK's two attempts, twice; the next ones come 20 seconds later.
    app.cognito.fail_next("RevokeToken", 4, Fault::InternalError);
    assert_eq!(browser.post("/api/auth/signout", &[]).await.status, 303);
    let calls = app.cognito.requests();
    assert!(!calls.iter().any(|call| call.operation == "RevokeToken" && call.status == 200), "{calls:?}");
}

#[tokio::test]
async fn an_outage_is_no_idleness() {
    let settings = vec![("SESSION_IDLE_SECS", "900".to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.cognito.fail_next("InitiateAuth", 1000, Fault::Throttle);
    for minute in 1..50 {
        app.advance(60);
        assert_eq!(browser.get("/account").await.status, 200, "minute {minute}");
    }
}

#[tokio::test]
async fn b34_b35_while_cognito_hangs_pages_stay_fast_and_it_is_left_alone() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3400);
    app.cognito.fail_next("InitiateAuth", 100, Fault::Hang(std::time::Duration::from_secs(60)));
    for _ in 0..3 {
        let page = tokio::time::timeout(std::time::Duration::from_secs(3), browser.get("/account")).await;
        assert_eq!(page.expect("the token is good: nobody waits for a new one").status, 200);
    }
    let calls = app.refreshes();
    assert!(calls <= 2, "{calls} calls: more than one refresh of two attempts");
}

#[tokio::test]
async fn b34_after_failures_in_a_row_cognito_is_left_alone_by_every_session() {
    let app = TestApp::start().await;
    let browsers = [Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await];
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 1000, Fault::Throttle);
    for _ in 0..4 {
        browsers[0].session().await;
        app.advance(40);
    }
    browsers[0].session().await;
    let asked = app.refreshes();
    for browser in &browsers {
        assert_eq!(browser.session().await["degraded"], true);
    }
    assert_eq!(app.refreshes(), asked, "the second session did not ask, either");
}

#[tokio::test]
async fn b34_a_verdict_tells_that_cognito_is_back_as_well_as_new_tokens_do() {
    let app = TestApp::start().await;
    let (dead, alive) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, ADMIN).await);
    app.advance(3700);
    // Two attempts each: three failures in a row open the breaker.
    app.cognito.fail_next("InitiateAuth", 6, Fault::Throttle);
    for _ in 0..3 {
        assert_eq!(dead.session().await["degraded"], true);
        app.advance(20);
    }
    assert_eq!(app.cognito.revoke_all(DEMO.0), 1);
    app.advance(60);
    assert!(dead.session().await.is_null(), "the one that finds out meets a verdict");
    assert_eq!(alive.session().await["degraded"], false, "and the next one is not held back");
}

/// An order to Local Cognito.
async fn order(app: &TestApp, endpoint: &str, order: serde_json::Value) {
    let url = format!("{}/_control/{endpoint}", app.cognito.base_url());
    let answer = reqwest::Client::new().post(url).json(&order).send().await.unwrap();
    assert!(answer.status().is_success(), "{endpoint}: {}", answer.status());
}

#[tokio::test]
async fn b34_an_outage_ends_in_half_a_minute_also_where_the_clock_was_set_back() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.cognito.fail_next("InitiateAuth", 1000, Fault::Throttle);
    for _ in 0..8 {
        app.advance(1000);
        browser.session().await;
    }
    assert_eq!(browser.session().await["degraded"], true);
    order(&app, "clock", json!({ "advance_secs": -3600 })).await;
    order(&app, "faults", json!({ "operation": "*", "times": 0 })).await;
    assert_eq!(browser.session().await["degraded"], true, "it is not asked yet");
    app.advance(30);
    let session = browser.session().await;
    assert_eq!((&session["degraded"], &session["refresh_count"]), (&false.into(), &1.into()));
}
