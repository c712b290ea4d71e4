//! After a limit, or Cognito's verdict, the next sign-in asks for the password: otherwise Cognito's own cookie, an hour
//! long, would sign the user in again without one.

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, query},
};

const IDLE_SECS: u64 = 600;

async fn start(classic_hosted_ui: bool, how: Option<&str>) -> TestApp {
    let mut settings = vec![("SESSION_IDLE_SECS", IDLE_SECS.to_string()), ("SESSION_ABSOLUTE_SECS", "1200".to_owned())];
    settings.extend(how.map(|how| ("SESSION_REAUTHENTICATION", how.to_owned())));
    TestApp::start_with(Wishes { settings, classic_hosted_ui, ..Wishes::default() }).await
}

/// Whether whoever asks for the page has to type a password. Signs in in either case, and must arrive.
async fn asks_for_a_password(app: &TestApp, browser: &Browser) -> bool {
    let (url, page) = browser.follow("/account?tab=1").await;
    let is_asked = url.contains("/login?");
    if is_asked {
        let callback = browser.log_in(&url, DEMO).await.location.unwrap();
        let (url, page) = browser.follow(&callback).await;
        assert_eq!((url, page.status), (format!("{}/account?tab=1", app.url), 200));
    } else {
        assert_eq!((url, page.status), (format!("{}/account?tab=1", app.url), 200));
    }
    is_asked
}

#[tokio::test]
async fn b26_b27_after_a_limit_the_password_is_asked_for_once_whichever_pages_cognito_has() {
    for classic_hosted_ui in [true, false] {
        let app = start(classic_hosted_ui, None).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        assert!(
            !asks_for_a_password(&app, &browser.copy(&app)).await,
            "classic: {classic_hosted_ui}: not before the limit"
        );
        app.advance(IDLE_SECS);
        assert!(asks_for_a_password(&app, &browser).await, "classic: {classic_hosted_ui}: idle");
        // Once: the next browser session of the same hour is signed in silently, as ever.
        browser.forget(|_| true);
        assert!(
            !asks_for_a_password(&app, &browser).await,
            "classic: {classic_hosted_ui}: a browser that had no session"
        );
        for _ in 0..3 {
            app.advance(399);
            browser.get("/account").await;
        }
        app.advance(4);
        assert!(asks_for_a_password(&app, &browser).await, "classic: {classic_hosted_ui}: absolute");
    }
}

#[tokio::test]
async fn after_cognitos_verdict_the_password_is_asked_for() {
    for classic_hosted_ui in [true, false] {
        let app = TestApp::start_with(Wishes { access_token_secs: 300, classic_hosted_ui, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.cognito.revoke_all(DEMO.0);
        app.advance(301);
        assert!(asks_for_a_password(&app, &browser).await, "classic: {classic_hosted_ui}");
        assert!(!asks_for_a_password(&app, &browser).await, "classic: {classic_hosted_ui}: and that is that");
    }
}

#[tokio::test]
async fn a_person_who_goes_away_at_the_login_page_is_asked_when_they_come_back() {
    let app = start(true, None).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(IDLE_SECS);
    let (url, _) = browser.follow("/account").await;
    assert!(url.contains("/login?"));
    assert!(asks_for_a_password(&app, &browser).await);
}

#[tokio::test]
async fn it_goes_through_logout_or_by_prompt_alone_or_not_at_all() {
    for (how, goes_through_logout, prompts) in
        [(None, true, true), (Some("logout"), true, true), (Some("prompt"), false, true), (Some("off"), false, false)]
    {
        let app = start(false, how).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(IDLE_SECS);
        let begun = browser.get("/api/auth/signin?return_to=/account").await;
        let mut location = begun.location.unwrap();
        assert_eq!(location.contains("/logout?"), goes_through_logout, "{how:?}");
        if goes_through_logout {
            assert_eq!(query(&location)["logout_uri"], format!("{}/", app.url));
            let home = browser.get(&location).await.location.unwrap();
            let again = browser.get(&home).await.location.unwrap();
            assert_eq!(again, "/api/auth/signin?return_to=%2Faccount");
            location = browser.get(&again).await.location.unwrap();
        }
        assert_eq!(query(&location).get("prompt").map(String::as_str), prompts.then_some("login"), "{how:?}");
        assert_eq!(asks_for_a_password(&app, &browser).await, prompts, "{how:?}");
    }
}

#[tokio::test]
async fn signing_out_leaves_no_such_mark() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    browser.post("/api/auth/signout", &[]).await;
    let location = browser.get("/api/auth/signin").await.location.unwrap();
    assert!(!query(&location).contains_key("prompt") && !location.contains("/logout?"), "{location}");
}
