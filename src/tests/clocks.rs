//! Wall clocks that are wrong, set back, or differ from server to server: nobody is locked out, and no sign-in loops.

use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
};

const EVERYWHERE: &str = "/api/auth/signout-everywhere";

async fn start() -> TestApp {
    TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await
}

#[tokio::test]
async fn b41_a_clock_that_goes_back_after_signing_out_everywhere_locks_nobody_out() {
    let app = start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    phone.post(EVERYWHERE, &[]).await;
    app.cognito.jump(-600);
    for _ in 0..3 {
        assert_eq!(phone.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
        assert_eq!(phone.get("/account").await.status, 200, "who signs in is signed in");
        phone.post("/api/auth/signout", &[]).await;
    }
    assert!(laptop.session().await.is_null(), "and what was signed out stays so");
}

#[tokio::test]
async fn b41_servers_whose_clocks_differ_take_each_others_sign_ins() {
    for skew in [-300, -45, 45, 300] {
        let app = start().await;
        let other = app.start_another_with_clock(skew).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let (laptop, unseen) = (browser.copy(&other), Browser::signed_in(&app, DEMO).await);
        assert_eq!(browser.copy(&other).post(EVERYWHERE, &[]).await.status, 303, "{skew}");
        let again = Browser::signed_in(&app, DEMO).await;
        for server in [&other, &app, &other] {
            assert_eq!(again.copy(server).get("/account").await.status, 200, "{skew}");
        }
        for gone in [laptop, unseen.copy(&other)] {
            assert!(gone.session().await.is_null(), "{skew}");
        }
    }
}

#[tokio::test]
async fn b41_no_sign_in_goes_round_in_circles() {
    let app = start().await;
    // A server whose clock is ahead, and which cannot ask Cognito about what it is shown.
    let other = app.start_another_with_clock(300).await;
    let browser = Browser::signed_in(&app, DEMO).await.copy(&other);
    browser.post(EVERYWHERE, &[]).await;
    let again = Browser::signed_in(&app, DEMO).await.copy(&other);
    app.cognito.fail_next("InitiateAuth", 1000, Fault::InternalError);
    let refused = again.get("/account").await;
    assert_eq!(refused.status, 302);
    let start = again.get(&refused.location.unwrap()).await;
    assert_eq!(start.failure().as_deref(), Some("provider_unavailable"), "a page that says so, not one more sign-in");
    let page = again.get(&start.location.unwrap()).await;
    assert!(page.body.contains("/api/auth/signin?return_to=%2Faccount"), "with a retry: {}", page.body);
}
