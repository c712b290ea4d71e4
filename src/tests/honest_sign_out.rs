//! What a sign-out promises it does, or says that it could not; and nothing brings a session back.

use local_cognito::{ApiFault, Fault};

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
};

const EVERYWHERE: &str = "/api/auth/signout-everywhere";

#[tokio::test]
async fn b50_without_the_scope_signing_out_everywhere_is_neither_offered_nor_done() {
    let settings = vec![("COGNITO_SCOPES", "openid email profile".to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let (browser, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    let account = browser.get("/account").await;
    assert!(account.body.contains("/api/auth/signout\"") && !account.body.contains(EVERYWHERE), "{}", account.body);
    let refused = browser.post(EVERYWHERE, &[]).await;
    assert_eq!(refused.status, 403, "{refused:?}");
    assert_eq!(refused.sets(), Vec::<String>::new());
    for browser in [&browser, &laptop] {
        assert_eq!(browser.get("/account").await.status, 200, "nothing has ended, and nobody was told that it had");
    }
    assert_eq!((app.cognito.count("GlobalSignOut"), app.cognito.count("RevokeToken")), (0, 0));
}

#[tokio::test]
async fn b50_a_hopeless_global_sign_out_is_not_repeated_and_holds_up_no_revocation() {
    for error in [
        "NotAuthorizedException: Access Token does not have required scopes",
        "ResourceNotFoundException",
        "InvalidParameterException",
    ] {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.cognito.fail_next("GlobalSignOut", 100, Fault::ApiError(ApiFault::find(error).unwrap()));
        let answer = browser.post(EVERYWHERE, &[]).await;
        assert_eq!(answer.status, 303, "{error}");
        assert_eq!((app.cognito.count("GlobalSignOut"), app.cognito.count("RevokeToken")), (1, 1), "{error}");
        let home = browser.get("/").await;
        assert!(home.body.contains("only on this device"), "{error}: {}", home.body);
    }
}

#[tokio::test]
async fn b50_who_signed_out_is_told_how_far_it_holds_and_told_once() {
    for (path, faults, told) in [
        ("/api/auth/signout", 0, "You signed out."),
        (EVERYWHERE, 0, "You signed out everywhere."),
        (EVERYWHERE, 100, "only on this device"),
    ] {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.cognito.fail_next("GlobalSignOut", faults, Fault::InternalError);
        browser.post(path, &[]).await;
        let home = browser.get("/").await;
        assert!(home.body.contains(told), "{path} {faults}: {}", home.body);
        assert!(!browser.get("/").await.body.contains(told), "{path} {faults}: again");
        assert!(browser.session().await.is_null());
    }
}

#[tokio::test]
async fn b37_an_answer_of_another_server_that_is_late_does_not_revive_the_session() {
    for rotation in [None, Some(60)] {
        let app = TestApp::start_with(Wishes { rotation, ..Wishes::default() }).await;
        let other = app.start_another().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        // One server renews; before its answer arrives, the other one signs out.
        let late = browser.copy(&app).get("/account").await;
        assert_eq!(late.sets().len(), 1);
        let there = browser.copy(&other);
        assert_eq!(there.post("/api/auth/signout", &[]).await.status, 303);
        for server in [&app, &other] {
            let after = there.copy(server);
            late.set_cookies().iter().for_each(|cookie| after.plant(cookie.split(';').next().unwrap()));
            let page = after.get("/account").await;
            assert_eq!(page.status, 302, "{rotation:?}: {page:?}");
            assert!(after.session().await.is_null(), "{rotation:?}");
            assert!(!after.cookies().iter().any(|cookie| cookie.starts_with("session")), "{rotation:?}: it is cleared");
        }
        // And who signs in again is signed in.
        let again = there.copy(&app);
        assert_eq!(again.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
        assert_eq!(again.session().await["user"]["email"], DEMO.0);
    }
}

#[tokio::test]
async fn b37_a_late_answer_does_not_revive_the_session_that_a_sign_in_replaced() {
    let app = TestApp::start().await;
    let other = app.start_another().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    // The other server renews; before its answer arrives, there is a new sign-in.
    let late = browser.copy(&other).get("/account").await;
    assert_eq!(late.sets().len(), 1);
    let hosted_ui = browser.get("/api/auth/signin").await.location.unwrap();
    let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/"));
    let after = browser.copy(&other);
    late.set_cookies().iter().for_each(|cookie| after.plant(cookie.split(';').next().unwrap()));
    assert!(after.session().await.is_null(), "what was replaced is over");
    assert!(!browser.get("/").await.body.contains("You signed out"), "and nothing is told of a sign-out");
}

#[tokio::test]
async fn b37_several_sign_outs_in_a_row_are_all_remembered_by_the_browser() {
    let app = TestApp::start().await;
    let other = app.start_another().await;
    let mut browser = Browser::signed_in(&app, DEMO).await;
    let mut late = Vec::new();
    for _ in 0..3 {
        late.push(browser.cookies().into_iter().find(|cookie| cookie.starts_with("session")).unwrap());
        browser.post("/api/auth/signout", &[]).await;
        browser.sign_in("/account", DEMO).await;
    }
    browser.post("/api/auth/signout", &[]).await;
    browser = browser.copy(&other);
    for cookie in late {
        browser.plant(&cookie);
        assert!(browser.session().await.is_null());
    }
}

#[tokio::test]
async fn b27_a_lowered_limit_holds_for_sessions_that_have_begun() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let lowered = app.start_another_with(&[("SESSION_ABSOLUTE_SECS", "7200".to_owned())]).await;
    let visitor = browser.copy(&lowered);
    let session = visitor.session().await;
    assert_eq!(session["ends_in_secs"], 7200, "{session}");
    app.advance(7199);
    assert_eq!(visitor.session().await["user"]["email"], DEMO.0);
    app.advance(1);
    assert!(visitor.session().await.is_null());
    assert_eq!(browser.session().await["user"]["email"], DEMO.0, "where the limit is what it was");
}
