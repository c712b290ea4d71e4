//! `SESSION_SECRETS` at work: a new one is rolled out without signing anybody out, and replacing all of them ends every
//! session. What the program says of a bad one is in `start`.

use serde_json::json;

use crate::{
    app::{SECRET, TestApp},
    browser::{ADMIN, Browser, DEMO},
    routes::protected,
    sealed::{OTHER_SECRET, claims, open, seal},
};

/// The same app in another process, with these secrets.
async fn with_secrets(app: &TestApp, secrets: &str) -> TestApp {
    app.start_another_with(&[("SESSION_SECRETS", secrets.to_owned())]).await
}

#[tokio::test]
async fn b23_all_secrets_are_read_and_the_first_one_writes() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let rolled_out = with_secrets(&app, &format!("{OTHER_SECRET},{SECRET}")).await;
    let kept = browser.copy(&rolled_out);
    assert_eq!(kept.session().await["user"]["email"], DEMO.0, "the second secret is read");
    app.advance(3700);
    assert_eq!(kept.session().await["refresh_count"], 1);
    assert!(open(&kept.cookies(), OTHER_SECRET).is_some(), "the first one writes");
    assert!(open(&kept.cookies(), SECRET).is_none(), "and it alone");
    let retired = with_secrets(&app, OTHER_SECRET).await;
    assert_eq!(kept.copy(&retired).session().await["user"]["email"], DEMO.0, "the old secret is not needed any more");
    assert!(kept.copy(&app).session().await.is_null(), "nor is the new one guessed");
}

#[tokio::test]
async fn b23_a_sign_in_that_is_under_way_survives_the_roll_out() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    for (secrets, failure) in
        [(OTHER_SECRET.to_owned(), Some("starts_over")), (format!("{OTHER_SECRET},{SECRET}"), None)]
    {
        let other = with_secrets(&app, &secrets).await;
        let tab = browser.copy(&other);
        // The code is the first process's; only whether the sign-in is known counts here.
        let answer = tab.get(&callback.replace(&app.url, &other.url).replace("code=", "code=x")).await;
        let expected = failure.unwrap_or("sign_in_failed");
        assert_eq!(answer.failure().as_deref(), Some(expected), "{secrets}");
    }
}

#[tokio::test]
async fn b41_replacing_the_secrets_ends_every_session() {
    let app = TestApp::start().await;
    let browsers = [Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, ADMIN).await];
    let replaced = with_secrets(&app, OTHER_SECRET).await;
    for browser in browsers {
        let browser = browser.copy(&replaced);
        for route in protected() {
            let answer = browser.request(&route).await;
            let refused = if route.call.is_some() { (401, "signed_out") } else { (302, "") };
            assert_eq!(answer.refusal(), (refused.0, refused.1.to_owned()), "{}", route.path);
        }
        assert!(browser.session().await.is_null());
    }
    assert_eq!(app.refreshes(), 0, "and Cognito is not asked");
    assert_eq!(Browser::new(&replaced).get("/").await.status, 200, "the app goes on");
}

#[tokio::test]
async fn b43_groups_that_somebody_wrote_into_a_cookie_are_worth_nothing() {
    let app = TestApp::start().await;
    let demo = Browser::signed_in(&app, DEMO).await;
    let mut forged = claims(&demo);
    forged["groups"] = json!(["admin"]);
    let of_group = protected().into_iter().find(|route| route.group.as_deref() == Some("admin")).unwrap();
    // With the app's own secret it would be an admin's session: nothing but the seal keeps it out.
    for (secret, status) in [(OTHER_SECRET, 302), (SECRET, 200)] {
        let browser = Browser::new(&app);
        browser.plant(&seal(&app, &forged, secret));
        assert_eq!(browser.request(&of_group).await.status, status);
    }
    // Nor do groups count that the request itself names.
    let request = demo.client.get(format!("{}{}?groups=admin&cognito:groups=admin", app.url, of_group.path));
    let request =
        request.header("cognito-groups", "admin").header("x-groups", "admin").header("authorization", "admin");
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 403);
}
