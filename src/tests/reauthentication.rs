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
            assert_eq!(again, "/api/auth/signin?return_to=%2Faccount&logged_out=true");
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

#[tokio::test]
async fn a_session_that_was_ended_from_elsewhere_asks_for_the_password_too() {
    let app = TestApp::start().await;
    let (here, there) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    assert_eq!(here.post("/api/auth/signout-everywhere", &[]).await.status, 303);
    assert!(asks_for_a_password(&app, &there).await);
    // Who signed out here has been at Cognito's /logout.
    let location = here.get("/api/auth/signin").await.location.unwrap();
    assert!(!query(&location).contains_key("prompt") && !location.contains("/logout?"), "{location}");
}

#[tokio::test]
async fn several_tabs_that_meet_a_limit_each_go_on_to_a_page() {
    let app = start(true, None).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(IDLE_SECS);
    let pages = ["/account?tab=1", "/account?tab=2", "/notes"];
    // As a browser restores its tabs: all of them ask before any answer is there.
    let mut begun = Vec::new();
    for page in pages {
        let tab = browser.copy(&app);
        let answer = tab.get(&format!("/api/auth/signin?return_to={}", page.replace('?', "%3F"))).await;
        begun.push((answer.location.clone().unwrap(), answer.set_cookies()));
    }
    let mut arrived = Vec::new();
    for (location, cookies) in &begun {
        assert!(location.contains("/logout?"), "{location}");
        cookies.iter().for_each(|cookie| browser.plant(cookie.split(';').next().unwrap()));
    }
    for _ in pages {
        let next = browser.get("/").await.location.unwrap();
        arrived.push(query(&format!("{}{next}", app.url))["return_to"].clone());
    }
    arrived.sort();
    assert_eq!(arrived, pages);
    assert_eq!(browser.get("/").await.status, 200, "and the home page is one again");
}

#[tokio::test]
async fn no_other_programs_mark_leads_round_in_circles() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let mark = app.cookie("reauthenticate");
    let get = |cookies: String, path: &str| {
        browser.client.get(format!("{}{path}", app.url)).header("Cookie", cookies).header("Host", app.host()).send()
    };
    let answer = get(format!("{mark}=logout; {mark}=prompt"), "/api/auth/signin").await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("prompt=login"));
    // It comes back from Cognito's /logout, and the mark still says so.
    let answer = get(format!("{mark}=logout"), "/api/auth/signin?logged_out=true").await.unwrap();
    assert!(answer.headers()["location"].to_str().unwrap().contains("prompt=login"));
}
