//! Signing in: the way out, the way back, the page asked for.

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO, query},
};

#[tokio::test]
pub(crate) async fn b01_b02_b03_b11_the_authorization_request_has_code_s256_state_nonce_and_scopes() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let (first, second) = (browser.begin("/account").await, browser.begin("/account").await);
    assert!(first.starts_with(&format!("{}/oauth2/authorize?", app.cognito.base_url())), "{first}");
    let (first, second) = (query(&first), query(&second));
    assert_eq!(first["response_type"], "code");
    assert_eq!(first["client_id"], app.cognito.client_id());
    assert_eq!(first["redirect_uri"], format!("{}/api/auth/callback/cognito", app.url));
    assert_eq!(first["code_challenge_method"], "S256");
    assert_eq!(first["scope"], "openid email profile aws.cognito.signin.user.admin");
    for random in ["state", "nonce", "code_challenge"] {
        assert!(first[random].len() >= 43 && first[random] != second[random], "{random} is fresh for each sign-in");
    }
}

#[tokio::test]
pub(crate) async fn b07_the_page_asked_for_is_where_one_lands_with_its_query() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.sign_in("/account?tab=tokens&x=%2F", DEMO).await;
    assert_eq!((page.status, page.location.as_deref()), (302, Some("/account?tab=tokens&x=%2F")));
    let account = browser.get("/account?tab=tokens").await;
    assert_eq!(account.status, 200);
    assert!(account.body.contains("demo@example.com") && account.body.contains("Demo User"), "{}", account.body);
}

#[tokio::test]
pub(crate) async fn a_public_client_signs_in_and_refreshes_without_a_secret() {
    let app = TestApp::start_with(Wishes { confidential: false, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    assert_eq!(browser.session().await["refresh_count"], 1);
}

#[tokio::test]
pub(crate) async fn a_wrong_password_costs_nothing_but_another_try() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let again = browser.log_in(&browser.begin("/account").await, ("demo@example.com", "wrong")).await;
    assert!(again.location.is_none() && again.body.contains("Incorrect username or password."), "{again:?}");
    assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
}

#[tokio::test]
pub(crate) async fn b25_a_session_planted_before_the_sign_in_is_not_kept() {
    let app = TestApp::start().await;
    let planted = Browser::signed_in(&app, DEMO).await.cookies();
    let victim = Browser::new(&app);
    planted.iter().for_each(|cookie| victim.plant(cookie));
    let hosted_ui = victim.get("/api/auth/signin?return_to=%2Fadmin").await.location.unwrap();
    let callback = victim.log_in(&hosted_ui, ADMIN).await.location.unwrap();
    assert_eq!(victim.get(&callback).await.location.as_deref(), Some("/admin"));
    assert_eq!(victim.session().await["user"]["groups"], serde_json::json!(["admin"]));
    let sessions = |cookies: &[String]| -> Vec<String> {
        cookies.iter().filter(|cookie| cookie.starts_with("session")).cloned().collect()
    };
    let own = sessions(&victim.cookies());
    assert!(own.len() == 1 && own != sessions(&planted), "{own:?}");
}
