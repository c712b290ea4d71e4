//! Flows that any emulator of Cognito can be asked for (`emulators`), where those of `refresh` and `sign_out` ask more at
//! once than some can.

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, Page},
};

/// The page of somebody whose session is over: nothing of it, the cookie cleared, and a way to sign in again.
async fn assert_ended(browser: &Browser, app: &TestApp, page: &Page) {
    assert_eq!((page.status, page.body.as_str()), (302, ""), "no protected byte");
    assert_eq!(page.location.as_deref(), Some("/api/auth/signin?return_to=%2Faccount"));
    assert!(browser.personal_cookies().is_empty(), "the cookie is cleared: {:?}", browser.cookies());
    assert!(browser.session().await.is_null());
    assert_eq!(app.refreshes(), 1, "a dead session is not asked about again");
}

#[tokio::test]
pub(crate) async fn b34_b36_a_revoked_token_ends_the_session_at_its_refresh() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    assert_eq!(app.cognito.revoke_all(DEMO.0), 1);
    app.advance(3700);
    assert_ended(&browser, &app, &browser.get("/account").await).await;
}

#[tokio::test]
pub(crate) async fn b34_a_deleted_users_session_ends_at_its_refresh() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    assert!(app.cognito.delete_user(DEMO.0));
    app.advance(3700);
    assert_ended(&browser, &app, &browser.get("/account").await).await;
}

#[tokio::test]
pub(crate) async fn b38_sign_out_ends_the_session_and_leaves_for_the_hosted_uis_logout() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!(answer.status, 303);
    let logout = reqwest::Url::parse(&answer.location.unwrap()).unwrap();
    assert!(logout.as_str().starts_with(&format!("{}/logout?", app.cognito.base_url())), "{logout}");
    let query: Vec<_> = logout.query_pairs().collect();
    let expected = [("client_id", app.cognito.client_id()), ("logout_uri", format!("{}/", app.url))];
    assert!(query.iter().map(|(name, value)| (&**name, value.to_string())).eq(expected), "{logout}");
    assert!(browser.personal_cookies().is_empty(), "{:?}", browser.personal_cookies());
    assert!(browser.session().await.is_null());
}

#[tokio::test]
pub(crate) async fn b41_signing_out_at_one_server_ends_a_copy_at_another_when_it_is_renewed() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let other = app.start_another().await;
    let copy = Browser::new(&other);
    browser.cookies().iter().for_each(|cookie| copy.plant(cookie));
    browser.post("/api/auth/signout", &[]).await;
    let calls = app.cognito.requests().into_iter().filter(|call| call.operation == "RevokeToken");
    assert_eq!(calls.map(|call| call.status).collect::<Vec<_>>(), [200]);
    other.advance(3700);
    assert_ended(&copy, &other, &copy.get("/account").await).await;
}

#[tokio::test]
pub(crate) async fn a_renewed_token_is_taken_to_live_as_long_as_it_does() {
    let app = TestApp::start_with(Wishes { access_token_secs: 1800, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    let session = browser.session().await;
    assert_eq!(session["refresh_count"], 1);
    let left = session["access_token_expires_in_secs"].as_u64().unwrap();
    assert!((1795..=1800).contains(&left), "{left}");
}

#[tokio::test]
pub(crate) async fn the_token_endpoint_renews_as_well() {
    let settings = vec![("COGNITO_REFRESH", "token-endpoint".to_owned())];
    let app = TestApp::start_with(Wishes { confidential: false, settings, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for hour in 1..=3 {
        app.advance(3600);
        assert_eq!(browser.session().await["refresh_count"], hour);
    }
    assert_eq!((app.cognito.count("token:refresh_token"), app.cognito.count("InitiateAuth")), (3, 0));
}
