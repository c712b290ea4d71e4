//! Signing out: here, at Cognito, and for good.

use std::time::Duration;

use local_cognito::Fault;

use serde_json::json;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
    sealed::claims,
};

/// Whether Cognito still takes the refresh token, asked past the app.
async fn is_good(app: &TestApp, refresh_token: &str) -> bool {
    let request =
        reqwest::Client::new().post(app.cognito.base_url()).header("content-type", "application/x-amz-json-1.1");
    let request = request.header("x-amz-target", "AWSCognitoIdentityProviderService.GetTokensFromRefreshToken");
    let (client, secret) = (app.cognito.client_id(), app.cognito.client_secret());
    let body = json!({ "ClientId": client, "ClientSecret": secret, "RefreshToken": refresh_token });
    request.body(body.to_string()).send().await.unwrap().status() == 200
}

#[tokio::test]
async fn b38_b40_sign_out_clears_revokes_and_comes_home_by_cognitos_logout() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let abandoned = browser.get("/api/auth/signin").await;
    assert_eq!(abandoned.status, 302, "a sign-in begun in another tab");
    let refresh_token = claims(&browser)["rt"].as_str().unwrap().to_owned();
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (303, "\"cache\", \"storage\""));
    assert!(browser.personal_cookies().is_empty(), "{:?}", browser.personal_cookies());
    let revoked = app.cognito.requests().into_iter().filter(|call| call.operation == "RevokeToken");
    assert_eq!(revoked.map(|call| call.status).collect::<Vec<_>>(), [200], "before the browser is sent to /logout");
    assert_eq!(app.cognito.count("logout"), 0);
    assert!(!is_good(&app, &refresh_token).await);
    let logout = answer.location.unwrap();
    assert!(logout.starts_with(&format!("{}/logout?", app.cognito.base_url())), "{logout}");
    let home = browser.get(&logout).await.location.unwrap();
    assert_eq!(home, format!("{}/", app.url));
    assert!(browser.session().await.is_null());
    let again = browser.begin("/account").await;
    let login = browser.get(&again).await.location.unwrap();
    assert!(login.contains("/login?"), "Cognito asks for the password again: {login}");
}

#[tokio::test]
pub(crate) async fn b41_a_cookie_copied_before_sign_out_is_refused_after_it() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let copies = browser.cookies();
    browser.post("/api/auth/signout", &[]).await;
    let thief = Browser::new(&app);
    copies.iter().for_each(|cookie| thief.plant(cookie));
    for advance in [0, 3700] {
        app.advance(advance);
        assert_eq!(thief.get("/account").await.status, 302);
    }
    assert_eq!(app.refreshes(), 0);
}

#[tokio::test]
async fn b37_a_refresh_under_way_does_not_bring_the_session_back() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let copies = browser.cookies();
    app.advance(3700);
    // Cognito does not hear of the sign-out: the refresh will succeed there.
    app.cognito.fail_next("RevokeToken", 100, Fault::InternalError);
    app.cognito.fail_next("InitiateAuth", 1, Fault::Hang(Duration::from_millis(300)));
    let late = Browser::new(&app);
    copies.iter().for_each(|cookie| late.plant(cookie));
    let request = tokio::spawn(async move { late.get("/account").await });
    while app.refreshes() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    browser.post("/api/auth/signout", &[]).await;
    let late = request.await.unwrap();
    assert_eq!((late.status, late.body.as_str()), (302, ""), "nor is anything of it shown: {late:?}");
    assert!(!late.headers.contains_key("set-cookie"), "{late:?}");
}

#[tokio::test]
async fn an_answer_under_way_does_not_bring_the_session_back() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    // Renewed by now; what it asks Cognito for is a while in coming.
    app.cognito.fail_next("GetUser", 1, Fault::Hang(Duration::from_millis(1500)));
    let late = browser.copy(&app);
    let request = tokio::spawn(async move { late.get_json("/api/account/profile").await });
    while app.cognito.count("GetUser") == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(app.refreshes(), 1);
    browser.post("/api/auth/signout", &[]).await;
    let late = request.await.unwrap();
    assert!(!late.headers.contains_key("set-cookie"), "{late:?}");
}

#[tokio::test]
async fn b37_a_renewed_cookie_that_arrives_after_the_sign_out_is_no_session() {
    for rotation in [None, Some(0)] {
        let app = TestApp::start_with(Wishes { rotation, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        // Another tab's answer is made before the sign-out and arrives after it.
        let slow = browser.copy(&app);
        assert_eq!(slow.session().await["refresh_count"], 1);
        app.cognito.fail_next("RevokeToken", 100, Fault::InternalError);
        browser.post("/api/auth/signout", &[]).await;
        slow.cookies().iter().for_each(|cookie| browser.plant(cookie));
        for advance in [0, 61, 3700] {
            app.advance(advance);
            assert!(browser.session().await.is_null(), "{rotation:?} after {advance} s");
            let page = browser.get("/account").await;
            assert_eq!((page.status, page.body.as_str()), (302, ""), "{rotation:?} after {advance} s");
            assert!(!page.headers.contains_key("set-cookie"), "{page:?}");
        }
    }
}

#[tokio::test]
pub(crate) async fn b38_b42_only_a_post_from_this_site_signs_out() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let url = format!("{}/api/auth/signout", app.url);
    assert_eq!(browser.client.get(&url).send().await.unwrap().status(), 405);
    for (name, value) in
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example")]
    {
        let answer = browser.client.post(&url).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
        assert!(!answer.headers().contains_key("set-cookie"), "{name}: {value}");
    }
    assert_eq!(app.cognito.count("RevokeToken"), 0);
    assert_eq!(browser.session().await["user"]["email"], DEMO.0);
}

#[tokio::test]
async fn b37_a_new_sign_in_ends_the_session_it_replaces() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let replaced = browser.cookies();
    app.advance(3400);
    app.cognito.fail_next("InitiateAuth", 1, Fault::Hang(Duration::from_millis(300)));
    let late = Browser::new(&app);
    replaced.iter().for_each(|cookie| late.plant(cookie));
    let request = tokio::spawn(async move { late.get("/account").await });
    while app.refreshes() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let link = browser.get("/api/auth/signin?return_to=%2Faccount").await.location.unwrap();
    let callback = browser.log_in(&link, DEMO).await.location.unwrap();
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
    let late = request.await.unwrap();
    assert!(late.headers.get("set-cookie").is_none(), "the late answer neither sets nor clears: {late:?}");
    let copy = Browser::new(&app);
    replaced.iter().for_each(|cookie| copy.plant(cookie));
    assert!(copy.session().await.is_null());
    assert_eq!(app.cognito.count("RevokeToken"), 1);
}

#[tokio::test]
async fn b38_a_browser_that_goes_away_while_signing_out_leaves_no_token_behind() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.cognito.fail_next("RevokeToken", 1, Fault::Hang(Duration::from_millis(200)));
    let request = browser.client.post(format!("{}/api/auth/signout", app.url)).timeout(Duration::from_millis(50));
    assert!(request.send().await.is_err());
    assert!(browser.session().await.is_null(), "the cookie is still there, and refused");
    let answered = || app.cognito.requests().iter().any(|call| call.operation == "RevokeToken" && call.status == 200);
    while !answered() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
