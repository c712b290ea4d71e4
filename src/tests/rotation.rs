//! Refresh token rotation: a used token is never sent again, and nobody is lost to it.

use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
    sealed::claims,
};

const GET_TOKENS: &str = "GetTokensFromRefreshToken";

async fn start(grace_secs: u64, method: &str) -> TestApp {
    let settings = vec![("COGNITO_REFRESH", method.to_owned())];
    TestApp::start_with(Wishes { rotation: Some(grace_secs), settings, ..Wishes::default() }).await
}

#[tokio::test]
async fn auto_moves_to_get_tokens_and_remembers() {
    let app = start(0, "auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for hour in 1..=5 {
        app.advance(3600);
        assert_eq!(browser.session().await["refresh_count"], hour);
    }
    assert_eq!((app.cognito.count("InitiateAuth"), app.cognito.count(GET_TOKENS)), (1, 5));
    let refused = app.cognito.requests().into_iter().filter(|call| call.operation == GET_TOKENS && call.status != 200);
    assert_eq!(refused.count(), 0, "no token was used twice");
}

#[tokio::test]
async fn each_method_renews_with_and_without_rotation() {
    for (method, operation) in [("get-tokens", GET_TOKENS), ("token-endpoint", "token:refresh_token")] {
        for rotation in [None, Some(0)] {
            let settings = vec![("COGNITO_REFRESH", method.to_owned())];
            let app = TestApp::start_with(Wishes { rotation, settings, ..Wishes::default() }).await;
            let browser = Browser::signed_in(&app, DEMO).await;
            for hour in 1..=3 {
                app.advance(3600);
                assert_eq!(browser.session().await["refresh_count"], hour, "{method} {rotation:?}");
            }
            assert_eq!(
                (app.cognito.count(operation), app.cognito.count("InitiateAuth")),
                (3, 0),
                "{method} {rotation:?}"
            );
        }
    }
}

#[tokio::test]
async fn b33_the_refresh_token_is_kept_or_replaced_in_the_same_write_as_the_access_token() {
    for method in ["auto", "get-tokens", "token-endpoint"] {
        for rotation in [None, Some(0)] {
            let settings = vec![("COGNITO_REFRESH", method.to_owned())];
            let app = TestApp::start_with(Wishes { rotation, settings, ..Wishes::default() }).await;
            let browser = Browser::signed_in(&app, DEMO).await;
            let mut seen = vec![claims(&browser)["rt"].to_string()];
            for hour in 1..=3 {
                let before = claims(&browser);
                app.advance(3600);
                let page = browser.get("/account").await;
                assert_eq!(page.sets(), ["session"], "{method} {rotation:?}: one write");
                let after = claims(&browser);
                assert_eq!(after["gen"], hour, "{method} {rotation:?}");
                assert_ne!(after["at"], before["at"], "{method} {rotation:?}");
                assert_eq!(after["rt"] == before["rt"], rotation.is_none(), "{method} {rotation:?}");
                seen.push(after["rt"].to_string());
            }
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), if rotation.is_none() { 1 } else { 4 }, "{method} {rotation:?}");
            let refused = app.cognito.requests().into_iter().filter(|call| call.error == "RefreshTokenReuseException");
            assert_eq!(refused.count(), 0, "{method} {rotation:?}: a replaced token was sent");
        }
    }
}

#[tokio::test]
async fn initiate_auth_with_rotation_keeps_the_session_and_says_what_to_mend() {
    let app = start(0, "initiate-auth").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    assert_eq!(browser.session().await["degraded"], true);
}

#[tokio::test]
async fn b30_two_hundred_requests_at_once_make_one_refresh_and_all_are_signed_in() {
    for rotation in [None, Some(0)] {
        let app = TestApp::start_with(Wishes { rotation, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        if rotation.is_some() {
            // What `auto` has to learn is learnt.
            app.advance(3700);
            browser.session().await;
        }
        app.cognito.reset_requests();
        app.advance(3700);
        let tabs: Vec<_> = (0..200).map(|_| browser.copy(&app)).collect();
        let requests: Vec<_> = tabs.into_iter().map(|tab| tokio::spawn(async move { tab.session().await })).collect();
        for request in requests {
            assert_eq!(request.await.unwrap()["user"]["email"], DEMO.0);
        }
        assert_eq!(app.cognito.count("InitiateAuth") + app.cognito.count(GET_TOKENS), 1, "{rotation:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_on_its_way_to_the_browser_ends_nothing() {
    let app = start(0, "auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for wait in [10, 3000, 3700] {
        app.advance(3700);
        let lost = browser.copy(&app);
        lost.session().await;
        // The browser still has the used token, for longer than any grace time.
        app.advance(wait);
        assert_eq!(browser.session().await["user"]["email"], DEMO.0, "after {wait} s");
    }
    let reuse = app.cognito.requests().into_iter().filter(|call| call.error == "RefreshTokenReuseException").count();
    assert_eq!(reuse, 0, "the newest tokens were known, so the used one was not sent");
}

#[tokio::test]
async fn a_used_token_with_nothing_newer_known_is_a_verdict() {
    let app = start(0, "auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let stale = browser.copy(&app);
    app.advance(3700);
    browser.session().await;
    app.advance(61);
    let restarted = app.start_another().await;
    assert_eq!(stale.copy(&restarted).get("/account").await.status, 302);
    assert_eq!(browser.copy(&restarted).session().await["user"]["email"], DEMO.0, "the newest token still works");
}

#[tokio::test]
async fn two_servers_with_the_same_stale_cookie_both_answer_within_cognitos_grace_time() {
    let app = start(60, "auto").await;
    let other = app.start_another().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    let (here, there) = (browser.copy(&app), browser.copy(&other));
    let (here, there) = tokio::join!(here.session(), there.session());
    for session in [here, there] {
        assert_eq!((&session["user"]["email"], &session["refresh_count"]), (&DEMO.0.into(), &1.into()));
    }
}

#[tokio::test]
async fn b34_a_refresh_without_an_answer_is_tried_again_within_cognitos_grace_time() {
    let app = start(60, "get-tokens").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    app.cognito.fail_next(GET_TOKENS, 1, Fault::InternalError);
    assert_eq!(browser.session().await["degraded"], true);
    assert_eq!(app.cognito.count(GET_TOKENS), 1, "a rotating token is never sent again blindly");
    app.advance(3);
    assert_eq!(browser.session().await["refresh_count"], 1);
}

#[tokio::test]
async fn a_wall_clock_that_jumps_an_hour_signs_nobody_out() {
    for rotation in [None, Some(0)] {
        let app = TestApp::start_with(Wishes { rotation, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        for jump in [3600, -3600, -3600, 3600, 3600] {
            app.cognito.jump(jump);
            for _ in 0..3 {
                let session = browser.session().await;
                assert_eq!(
                    (&session["user"]["email"], &session["degraded"]),
                    (&DEMO.0.into(), &false.into()),
                    "{jump}"
                );
            }
        }
        let calls = app.cognito.count("InitiateAuth") + app.cognito.count(GET_TOKENS);
        assert!(calls <= 7, "{calls} refreshes for five jumps: a loop");
    }
}

/// A copy of the first cookie, and a browser that went on for two renewals.
async fn two_renewals_later() -> (TestApp, Browser, Browser) {
    let app = start(0, "auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let copy = browser.copy(&app);
    for _ in 0..2 {
        app.advance(3700);
        browser.session().await;
        // The new cookie has arrived: it comes back.
        browser.session().await;
    }
    (app, browser, copy)
}

#[tokio::test]
async fn b51_an_old_copy_is_not_handed_the_newest_tokens_once_its_successor_was_presented() {
    let log = crate::log::Log::start();
    let (app, browser, copy) = two_renewals_later().await;
    assert_eq!(copy.get("/account").await.status, 302);
    assert!(copy.session().await.is_null());
    let line = log.line("outcome=\"superseded\"").expect("it is logged");
    assert!(line.contains("WARN") && log.text().contains("theft"), "{line}");
    assert_eq!(browser.session().await["user"]["email"], DEMO.0, "the newest session pays nothing for it");
    app.advance(3700);
    assert_eq!(browser.session().await["refresh_count"], 3);
    let reuse = app.cognito.requests().into_iter().filter(|call| call.error == "RefreshTokenReuseException").count();
    assert_eq!(reuse, 0, "and Cognito is not asked with a used token");
}

#[tokio::test]
async fn b51_an_old_cookie_is_honoured_while_its_successor_may_be_lost_and_for_the_tabs_grace_time() {
    let app = start(0, "auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let tab = browser.copy(&app);
    app.advance(3700);
    let renewed = browser.get("/account").await;
    app.advance(3000);
    assert_eq!(tab.copy(&app).session().await["user"]["email"], DEMO.0, "nobody has shown the new cookie");
    assert_eq!(renewed.status, 200);
    browser.session().await;
    app.advance(59);
    assert_eq!(tab.copy(&app).session().await["user"]["email"], DEMO.0, "a tab that is a little late");
    app.advance(2);
    assert!(tab.session().await.is_null());
}
