//! Sessions that end from elsewhere: by a person who signs out everywhere, by an administrator, by whoever revokes a token.

use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
};

const PROFILE: &str = "/api/account/profile";

#[tokio::test]
async fn where_somebody_is_signed_in_is_told_without_what_was_signed_out() {
    let app = TestApp::start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    let places = async || {
        let list: serde_json::Value =
            serde_json::from_str(&laptop.get_json("/api/account/sign-ins").await.body).unwrap();
        list.as_array().unwrap().len()
    };
    assert_eq!(places().await, 2);
    phone.post("/api/auth/signout", &[]).await;
    assert_eq!(places().await, 1);
}

/// At Cognito alone: the app learns of it when a call is refused.
async fn expire_access_tokens(app: &TestApp) {
    let order = serde_json::json!({ "action": "expire_access", "user": DEMO.0 });
    let url = format!("{}/_control/tokens", app.cognito.base_url());
    let answer = reqwest::Client::new().post(url).json(&order).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_of_the_person_and_nobody_elses() {
    let app = TestApp::start().await;
    let phone = Browser::signed_in(&app, DEMO).await;
    let laptop = Browser::signed_in(&app, DEMO).await;
    let somebody = Browser::signed_in(&app, ADMIN).await;
    // Another process of the app, which learns of it from Cognito alone.
    let other = app.start_another().await;
    let elsewhere = laptop.copy(&other);
    assert_eq!(elsewhere.get("/account").await.status, 200);

    let answer = phone.post("/api/auth/signout-everywhere", &[]).await;
    assert_eq!(answer.status, 303);
    assert!(answer.location.is_some_and(|location| location.contains("/logout?")));
    assert_eq!(app.cognito.count("GlobalSignOut"), 1);
    assert!(phone.personal_cookies().is_empty());
    for browser in [&phone, &laptop] {
        assert!(browser.session().await.is_null());
        assert_eq!(browser.get("/account").await.status, 302);
    }
    assert_eq!(somebody.get("/account").await.status, 200);
    assert_eq!(
        elsewhere.get_json(PROFILE).await.status,
        401,
        "its access token is revoked, and so is its refresh token"
    );
    assert!(elsewhere.session().await.is_null());
}

#[tokio::test]
async fn signing_out_everywhere_works_with_an_expired_token_and_while_cognito_is_away() {
    let app = TestApp::start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    app.advance(3700);
    phone.post("/api/auth/signout-everywhere", &[]).await;
    assert_eq!((app.cognito.count("GlobalSignOut"), app.refreshes()), (1, 1), "with a new token");
    assert!(laptop.session().await.is_null());

    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 9, Fault::InternalError);
    app.cognito.fail_next("RevokeToken", 9, Fault::InternalError);
    let answer = phone.post("/api/auth/signout-everywhere", &[]).await;
    assert_eq!((answer.status, phone.personal_cookies()), (303, vec![]));
    for browser in [&phone, &laptop] {
        assert!(browser.session().await.is_null(), "at this server it holds at once");
    }
}

#[tokio::test]
async fn signing_out_everywhere_without_a_good_token_revokes_at_least_its_own() {
    let app = TestApp::start().await;
    let phone = Browser::signed_in(&app, DEMO).await;
    let elsewhere = phone.copy(&app.start_another().await);
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 2, Fault::InternalError);
    phone.post("/api/auth/signout-everywhere", &[]).await;
    assert_eq!((app.cognito.count("GlobalSignOut"), app.cognito.count("RevokeToken")), (0, 1));
    app.cognito.clear_faults();
    assert_eq!(elsewhere.get("/account").await.status, 302);
}

#[tokio::test]
async fn b41_signing_out_everywhere_is_told_again_where_cognito_did_not_listen() {
    let app = TestApp::start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    let elsewhere = laptop.copy(&app.start_another().await);
    // The SDK's two attempts; the third comes later.
    app.cognito.fail_next("GlobalSignOut", 2, Fault::Throttle);
    phone.post("/api/auth/signout-everywhere", &[]).await;
    let is_told = || app.cognito.requests().iter().any(|call| call.operation == "GlobalSignOut" && call.status == 200);
    while !is_told() {
        tokio::task::yield_now().await;
    }
    app.advance(3700);
    assert_eq!(elsewhere.get("/account").await.status, 302, "revoked with all others, not the one alone that asked");
}

#[tokio::test]
async fn b41_a_session_that_was_renewed_by_a_copy_ends_with_a_sign_out_by_the_old_cookie() {
    let app = TestApp::start_with(Wishes { rotation: Some(60), ..Wishes::default() }).await;
    let owner = Browser::signed_in(&app, DEMO).await;
    let thief = owner.copy(&app);
    app.advance(3700);
    assert_eq!(thief.get("/account").await.status, 200);
    app.advance(70);
    assert_eq!(owner.post("/api/auth/signout", &[]).await.status, 303);
    // At a process that knows of no sign-out: what counts is that Cognito was told of the newest token.
    let elsewhere = thief.copy(&app.start_another().await);
    app.advance(3700);
    assert_eq!(elsewhere.get("/account").await.status, 302);
    assert!(elsewhere.session().await.is_null());
}

#[tokio::test]
async fn signing_out_everywhere_by_an_old_cookie_tells_cognito_with_the_newest_token() {
    let app = TestApp::start_with(Wishes { rotation: Some(60), ..Wishes::default() }).await;
    let owner = Browser::signed_in(&app, DEMO).await;
    let thief = owner.copy(&app);
    app.advance(3700);
    assert_eq!(thief.get("/account").await.status, 200);
    app.advance(70);
    assert_eq!(owner.post("/api/auth/signout-everywhere", &[]).await.status, 303);
    let told = app.cognito.requests().into_iter().filter(|call| call.operation == "GlobalSignOut");
    assert_eq!(told.map(|call| call.status).collect::<Vec<_>>(), [200]);
}

#[tokio::test]
async fn b41_a_session_that_no_request_brought_here_ends_everywhere_too() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    app.advance(1);
    let other = app.start_another().await;
    phone.copy(&other).post("/api/auth/signout-everywhere", &[]).await;
    assert!(laptop.copy(&other).session().await.is_null(), "seen for the first time, and refused");
    let again = Browser::signed_in(&app, DEMO).await.copy(&other);
    assert!(!again.session().await.is_null(), "a sign-in of the same second is a new one");
}

#[tokio::test]
async fn a_token_that_is_refused_before_its_end_is_renewed_once_and_the_call_goes_on() {
    for rotation in [None, Some(60)] {
        let app = TestApp::start_with(Wishes { rotation, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        assert_eq!(browser.get_json(PROFILE).await.status, 200);
        expire_access_tokens(&app).await;
        let profile = browser.get_json(PROFILE).await;
        assert_eq!((profile.status, profile.sets()), (200, vec!["session".to_owned()]), "{profile:?}");
        let session = browser.session().await;
        assert_eq!(session["refresh_count"], 1, "rotation {rotation:?}");
        assert_eq!(browser.get_json(PROFILE).await.sets(), Vec::<String>::new(), "nothing more is due");
    }
}

#[tokio::test]
async fn a_token_that_is_refused_again_within_a_minute_is_not_renewed_again() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for (later, status, refreshes) in [(0, 200, 1), (70, 200, 2), (0, 401, 2)] {
        app.advance(later);
        expire_access_tokens(&app).await;
        assert_eq!((browser.get_json(PROFILE).await.status, app.refreshes()), (status, refreshes));
    }
}

#[tokio::test]
async fn a_page_that_learns_of_it_after_its_head_was_sent_hands_the_tokens_to_the_next_answer() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    expire_access_tokens(&app).await;
    let page = browser.get("/account").await;
    assert!(page.status == 200 && page.body.contains("email_verified"), "{}", page.body);
    let renewed = browser.get_json("/api/auth/session").await;
    assert_eq!((renewed.sets(), app.refreshes()), (vec!["session".to_owned()], 1));
    assert_eq!(browser.session().await["refresh_count"], 1);
}

#[tokio::test]
async fn a_user_who_is_disabled_is_signed_out_at_the_next_call() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    assert!(app.cognito.disable_user(DEMO.0));
    let refused = browser.get_json(PROFILE).await;
    assert_eq!((refused.status, refused.error().0.as_str()), (401, "signed_out"));
    assert!(browser.personal_cookies().is_empty(), "the cookie is cleared in the same answer: {:?}", browser.cookies());
    assert_eq!(browser.get("/account").await.status, 302);
}

#[tokio::test]
async fn a_token_that_is_refused_while_cognito_is_away_ends_nothing() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    expire_access_tokens(&app).await;
    app.cognito.fail_next("InitiateAuth", 2, Fault::InternalError);
    let refused = browser.get_json(PROFILE).await;
    assert_eq!(refused.status, 503);
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|secs| secs > 0), "when to come back: {refused:?}");
    assert_eq!(browser.get("/account").await.status, 200);
    app.advance(10);
    assert_eq!(browser.get_json(PROFILE).await.status, 200, "and it goes on when Cognito is back");
}
