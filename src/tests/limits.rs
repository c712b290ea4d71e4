//! The two limits of a session, to the second, for a client that keeps its cookie whatever `Max-Age` says; and the new
//! session that a sign-in makes.

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO, Page},
    routes::protected,
    sealed::claims,
};

const DAY_SECS: u64 = 24 * 60 * 60;

async fn start(idle_secs: u64, absolute_secs: u64) -> TestApp {
    let settings =
        vec![("SESSION_IDLE_SECS", idle_secs.to_string()), ("SESSION_ABSOLUTE_SECS", absolute_secs.to_string())];
    TestApp::start_with(Wishes { settings, has_still_clock: true, ..Wishes::default() }).await
}

/// Everything that needs somebody is closed to this browser, and Cognito is not asked.
async fn assert_over(app: &TestApp, browser: &Browser) {
    let asked = app.refreshes();
    for route in protected() {
        let answer = browser.request(&route).await;
        let refused = if route.call.is_some() { (401, "signed_out") } else { (302, "") };
        assert_eq!(answer.refusal(), (refused.0, refused.1.to_owned()), "{}", route.path);
    }
    assert!(browser.session().await.is_null());
    assert_eq!(app.refreshes(), asked, "a session that is over is not renewed");
}

/// The `Max-Age` of the session cookie that an answer sets.
fn max_age(page: &Page) -> u64 {
    let value = page.headers["set-cookie"].to_str().unwrap();
    value.split("Max-Age=").nth(1).unwrap().split(';').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn b26_a_session_that_nobody_uses_is_over_to_the_second() {
    let app = start(7200, 100_000).await;
    let [just_in_time, too_late] = [Browser::signed_in(&app, ADMIN).await, Browser::signed_in(&app, ADMIN).await];
    app.advance(7199);
    assert_eq!(just_in_time.get("/account").await.status, 200);
    app.advance(1);
    assert_over(&app, &too_late).await;
    app.advance(7198);
    assert_eq!(just_in_time.get("/account").await.status, 200, "the limit counts from the last visit");
    app.advance(7200);
    assert_over(&app, &just_in_time).await;
}

#[tokio::test]
async fn b26_neither_an_open_page_nor_a_prefetch_is_somebody() {
    let app = start(7200, 100_000).await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    for _ in 0..7 {
        app.advance(1000);
        assert!(browser.get_json("/api/auth/session?by_itself=true").await.body.contains("\"user\""));
        let prefetch = browser.client.get(format!("{}/account", app.url)).header("Sec-Purpose", "prefetch");
        assert!([200, 503].contains(&prefetch.send().await.unwrap().status().as_u16()));
    }
    app.advance(199);
    assert!(browser.get_json("/api/auth/session?by_itself=true").await.body.contains("\"user\""), "a second before");
    app.advance(1);
    assert_over(&app, &browser).await;
}

#[tokio::test]
async fn b26_b27_without_settings_the_limits_are_those_of_the_documentation() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let documented = include_str!("../../.env.example");
    assert!(documented.contains("default is 7 days") && documented.contains("default is 30 days"));
    let idle = Browser::signed_in(&app, ADMIN).await;
    let active = Browser::signed_in(&app, ADMIN).await;
    app.advance(7 * DAY_SECS - 1);
    assert_eq!(active.get("/account").await.status, 200);
    app.advance(1);
    assert_over(&app, &idle).await;
    for _ in 0..3 {
        app.advance(7 * DAY_SECS - 2);
        assert_eq!(active.get("/account").await.status, 200);
    }
    app.advance(2 * DAY_SECS + 5);
    assert_eq!(active.get("/account").await.status, 200, "a second before");
    app.advance(1);
    assert_over(&app, &active).await;
}

#[tokio::test]
async fn b27_the_absolute_limit_stands_however_often_the_session_is_renewed() {
    let app = start(7200, 18_000).await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    let (first, ends_at) = (claims(&browser), browser.session().await["ends_at"].clone());
    for visit in 1..=4 {
        app.advance(4000);
        let page = browser.get("/account").await;
        assert_eq!((page.status, max_age(&page)), (200, 18_000 - visit * 4000 + DAY_SECS), "visit {visit}");
        let now = claims(&browser);
        assert_eq!((&now["exp"], &now["iat"], &now["gen"]), (&first["exp"], &first["iat"], &visit.into()));
        assert_eq!(browser.session().await["ends_at"], ends_at);
    }
    app.advance(1999);
    assert_eq!(browser.get("/account").await.status, 200, "a second before");
    app.advance(1);
    assert_over(&app, &browser).await;
}

#[tokio::test]
async fn b25_each_sign_in_makes_a_session_of_its_own() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let mut ids = vec![claims(&browser)["sid"].clone()];
    for _ in 0..3 {
        let link = browser.get("/api/auth/signin?return_to=%2Faccount").await.location.unwrap();
        let callback = browser.log_in(&link, DEMO).await.location.unwrap();
        assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
        ids.push(claims(&browser)["sid"].clone());
    }
    app.advance(3700);
    browser.session().await;
    assert_eq!(claims(&browser)["sid"], ids[3], "a renewal is no sign-in");
    assert!(ids.iter().all(|id| id.as_str().unwrap().len() == 22), "128 bits: {ids:?}");
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), 4, "{ids:?}");
}

#[tokio::test]
async fn b25_a_planted_session_is_ended_by_the_sign_in_and_nothing_of_it_is_kept() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let thief = Browser::signed_in(&app, DEMO).await;
    let (planted, thiefs) = (thief.cookies(), claims(&thief));
    let victim = Browser::new(&app);
    planted.iter().for_each(|cookie| victim.plant(cookie));
    // Chunks of a larger session, and a sign-in of the thief's own making.
    let (session, sign_in) = (app.cookie("session"), app.cookie("sign-in"));
    for junk in [format!("{session}.1=abc"), format!("{session}.2=def"), format!("{sign_in}.AAAAAAAAAAAA=ghi")] {
        victim.plant(&junk);
    }
    let link = victim.get("/api/auth/signin?return_to=%2Faccount").await.location.unwrap();
    let callback = victim.log_in(&link, ADMIN).await.location.unwrap();
    assert_eq!(victim.get(&callback).await.location.as_deref(), Some("/account"));
    let new = claims(&victim);
    for claim in ["sid", "sub", "email", "at", "rt"] {
        assert_ne!(new[claim], thiefs[claim], "{claim} is the planted session's");
    }
    assert!(thief.session().await.is_null(), "and the planted session ended with it");
    assert_eq!(victim.session().await["user"]["email"], ADMIN.0);
    assert_eq!(victim.cookies().iter().filter(|cookie| cookie.starts_with("session")).count(), 1);
    victim.post("/api/auth/signout", &[]).await;
    let unopened = format!("{sign_in}.AAAAAAAAAAAA=ghi");
    assert_eq!(victim.personal_cookies(), [unopened], "what does not open is left alone, and only that");
}
