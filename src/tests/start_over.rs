//! A callback whose `state` is unknown, used or old, for somebody who did nothing wrong: Back to the login page and Enter, a
//! bookmarked login page, a form sent twice, twelve minutes on the page, the callback opened again, the sixth tab. No token
//! request leaves the server (B4); a browser with a session goes on, and any other gets one fresh sign-in by itself.

use crate::{
    app::TestApp,
    browser::{Browser, DEMO, query},
};

const CALLBACK: &str = "/api/auth/callback/cognito";

fn exchanges(app: &TestApp) -> usize {
    app.cognito.count("token:authorization_code")
}

/// Follows a callback that starts over: to the hosted UI, and with what it answers. Gives where that leads.
async fn start_over(app: &TestApp, browser: &Browser, callback: &str) -> Option<String> {
    let before = exchanges(app);
    let answer = browser.get(callback).await;
    let hosted_ui = answer.location.clone().filter(|location| location.starts_with(&app.cognito.base_url()));
    let hosted_ui = hosted_ui.unwrap_or_else(|| panic!("no fresh sign-in: {answer:?}"));
    assert_eq!(exchanges(app), before, "no token request");
    let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
    browser.get(&callback).await.location
}

#[tokio::test]
async fn b04_somebody_without_a_session_is_signed_in_all_the_same_and_arrives() {
    let app = TestApp::start().await;
    for page in ["/account?tab=1", "/notes"] {
        // Twelve minutes on the page.
        let browser = Browser::new(&app);
        let hosted_ui = browser.begin(page).await;
        app.advance(12 * 60);
        let late = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
        assert_eq!(start_over(&app, &browser, &late).await.as_deref(), Some(page), "an old one");

        // Just within the hour.
        let browser = Browser::new(&app);
        let hosted_ui = browser.begin(page).await;
        app.advance(59 * 60);
        let late = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
        assert_eq!(start_over(&app, &browser, &late).await.as_deref(), Some(page), "within the hour");

        // The form was sent twice, and the browser took only the second answer.
        let browser = Browser::new(&app);
        let callback = browser.go_to_callback(page, DEMO).await;
        let first = browser.copy(&app);
        assert_eq!(first.get(&callback).await.location.as_deref(), Some(page));
        assert_eq!(start_over(&app, &browser, &callback).await.as_deref(), Some(page), "a used one");

        // A bookmarked login page: this browser has never been here.
        let stranger = Browser::new(&app);
        assert_eq!(start_over(&app, &stranger, &callback).await.as_deref(), Some("/"), "an unknown one");

        // It went to another page before; that is where it is sent.
        let other = Browser::new(&app);
        other.begin(page).await;
        assert_eq!(start_over(&app, &other, &format!("{CALLBACK}?code=x&state=unknown")).await.as_deref(), Some(page));
        assert_eq!(start_over(&app, &Browser::new(&app), CALLBACK).await.as_deref(), Some("/"), "no state at all");
    }
}

#[tokio::test]
async fn b04_somebody_with_a_session_goes_on_to_the_page_asked_for() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let tab = browser.begin("/notes").await;
    let callback = browser.go_to_callback("/account?tab=1", DEMO).await;
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account?tab=1"));
    let (before, session) = (exchanges(&app), browser.session().await["id"].clone());
    for secs in [0, 1800] {
        app.advance(secs);
        let again = browser.get(&callback).await;
        assert_eq!(again.location.as_deref(), Some("/account?tab=1"), "the callback opened again");
        assert_eq!(again.sets(), Vec::<String>::new());
    }
    // Back to the login page, and Enter.
    let late = browser.log_in(&tab, DEMO).await.location.unwrap();
    assert_eq!(browser.get(&late).await.location.as_deref(), Some("/notes"), "too old, and signed in meanwhile");
    let refused = format!("{CALLBACK}?error=access_denied&state={}", query(&callback)["state"]);
    assert_eq!(browser.get(&refused).await.location.as_deref(), Some("/account?tab=1"));
    assert_eq!((exchanges(&app), &browser.session().await["id"]), (before, &session));
    app.advance(3700);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/"), "after an hour nobody knows the page");
}

#[tokio::test]
async fn b05_the_sixth_tab_takes_no_page_away() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let mut tabs = Vec::new();
    for tab in 0..9 {
        tabs.push((browser.begin(&format!("/account?tab={tab}")).await, format!("/account?tab={tab}")));
        app.advance(1);
    }
    // Without a session: each tab on its own.
    for (hosted_ui, page) in &tabs {
        let own = browser.copy(&app);
        let callback = own.log_in(hosted_ui, DEMO).await.location.unwrap();
        let answer = own.get(&callback).await.location.unwrap();
        let arrived =
            if answer.starts_with('/') { answer } else { start_over(&app, &own, &callback).await.expect("a page") };
        assert_eq!(&arrived, page);
    }
    // In one browser: whoever comes later finds a session.
    for (hosted_ui, page) in &tabs {
        let callback = browser.log_in(hosted_ui, DEMO).await.location.unwrap();
        let answer = browser.get(&callback).await.location.unwrap();
        let arrived =
            if answer.starts_with('/') { answer } else { start_over(&app, &browser, &callback).await.expect("a page") };
        assert_eq!(&arrived, page);
    }
}

#[tokio::test]
async fn b04_it_starts_over_once_and_cannot_loop() {
    let app = TestApp::start().await;
    // A browser that keeps no cookies: every callback's state is unknown.
    let client = Browser::new(&app).client;
    let get = |url: String| client.get(url).header("Cookie", "").header("Accept", "text/html").send();
    let login = Browser::new(&app);
    let callback = login.go_to_callback("/account", DEMO).await;
    let answer = get(callback).await.unwrap();
    let hosted_ui = answer.headers()["location"].to_str().unwrap().to_owned();
    let callback = login.log_in(&hosted_ui, DEMO).await.location.unwrap();
    let answer = get(callback.clone()).await.unwrap();
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with("/sign-in-failed?error=sign_in_expired"), "{location}");
    let page = login.get(&location).await;
    assert!(page.body.contains("allow cookies"), "what to do about it: {}", page.body);
    // Much later the same address is a bookmark, and no loop.
    app.advance(120);
    let answer = get(callback).await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().starts_with(&app.cognito.base_url()));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn b04_somebody_who_declined_is_not_asked_again() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let state = query(&browser.begin("/account").await)["state"].clone();
    app.advance(601);
    let answer = browser.get(&format!("{CALLBACK}?error=access_denied&state={state}")).await;
    assert_eq!(answer.failure().as_deref(), Some("access_denied"));
    assert!(answer.location.unwrap().contains("return_to=%2Faccount"));
}

#[tokio::test]
async fn b38_signing_out_forgets_the_pages_asked_for() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    browser.get("/api/auth/signin?return_to=%2Fnotes").await;
    browser.post("/api/auth/signout", &[]).await;
    assert!(browser.personal_cookies().is_empty(), "{:?}", browser.personal_cookies());
}
