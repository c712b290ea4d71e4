//! Two apps on one host, in one browser. Browsers keep a host's cookies for all its ports, so each app's have names of their
//! own.

use crate::{
    app::TestApp,
    browser::{ADMIN, Browser, DEMO},
};

#[tokio::test]
async fn two_apps_on_localhost_sign_nobody_out_of_the_other() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let here = Browser::signed_in(&app, DEMO).await;
    let there = here.visit(&other);
    // A sign-in under way at the one is not the other's business either.
    let hosted_ui = here.get("/api/auth/signin?return_to=%2Fnotes").await.location.unwrap();
    let callback = here.log_in(&hosted_ui, DEMO).await.location.unwrap();
    assert_eq!(there.sign_in("/account", ADMIN).await.location.as_deref(), Some("/account"));
    assert_eq!(here.get(&callback).await.location.as_deref(), Some("/notes"));
    for secs in [0, 3700] {
        app.advance(secs);
        other.advance(secs);
        for _ in 0..2 {
            assert_eq!(here.session().await["user"]["email"], DEMO.0, "after {secs} s");
            assert_eq!(there.session().await["user"]["email"], ADMIN.0, "after {secs} s");
        }
    }
    there.post("/api/theme", &[("theme", "dark")]).await;
    assert!(there.get("/").await.body.contains("data-theme=\"dark\""));
    assert!(here.get("/").await.body.contains("data-theme=\"system\""), "nor its look");
    there.post("/api/auth/signout", &[]).await;
    assert!(there.session().await.is_null());
    assert_eq!(here.session().await["user"]["email"], DEMO.0, "who signs out at the one is signed in at the other");
}

/// Flask's session cookie is `session`, and so is that of many others.
#[tokio::test]
async fn another_programs_cookies_do_no_harm_and_are_left_alone() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let foreign = [
        "session=eyJfZnJlc2giOmZhbHNlfQ.aBcDeF.0123456789",
        "session.1=x",
        "session-1=x",
        "session-30001=x",
        "sign-in.AAAAAAAAAAAA=x",
        "theme=dark",
    ];
    foreign.iter().for_each(|cookie| browser.plant(cookie));
    assert!(browser.session().await.is_null());
    assert!(browser.get("/").await.body.contains("data-theme=\"system\""));
    assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
    assert_eq!(browser.session().await["user"]["email"], DEMO.0);
    app.advance(3700);
    assert_eq!(browser.session().await["refresh_count"], 1);
    browser.post("/api/auth/signout", &[]).await;
    let mut left = browser.personal_cookies();
    left.sort();
    let mut expected = foreign.map(str::to_owned);
    expected.sort();
    assert_eq!(left, expected);
}
