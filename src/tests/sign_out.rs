//! Signing out: here, at Cognito, and for good.

use std::time::Duration;

use leptos_cognito::local_cognito::Fault;

use crate::{
    app::TestApp,
    browser::{Browser, DEMO},
};

#[tokio::test]
async fn sign_out_clears_revokes_and_comes_home_by_cognitos_logout() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let abandoned = browser.get("/api/auth/signin").await;
    assert_eq!(abandoned.status, 302, "a sign-in begun in another tab");
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!((answer.status, answer.header("clear-site-data")), (303, "\"cache\", \"storage\""));
    assert!(browser.cookies().is_empty(), "{:?}", browser.cookies());
    assert_eq!(app.cognito.count("RevokeToken"), 1);
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
pub(crate) async fn a_cookie_copied_before_sign_out_is_refused_after_it() {
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
async fn a_refresh_under_way_does_not_bring_the_session_back() {
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
    assert_eq!(request.await.unwrap().sets(), Vec::<String>::new());
}

#[tokio::test]
pub(crate) async fn only_a_post_from_this_site_signs_out() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let url = format!("{}/api/auth/signout", app.url);
    assert_eq!(browser.client.get(&url).send().await.unwrap().status(), 405);
    for (name, value) in
        [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example")]
    {
        let answer = browser.client.post(&url).header(name, value).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{name}: {value}");
    }
    assert_eq!(browser.session().await["user"]["email"], DEMO.0);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_it_replaces() {
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
async fn a_browser_that_goes_away_while_signing_out_leaves_no_token_behind() {
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
