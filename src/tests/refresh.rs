//! Staying signed in: the whole point. Time is moved, requests are real.

use std::collections::HashSet;

use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
};

const PROFILE: &str = "/api/account/profile";

#[tokio::test]
pub(crate) async fn b36_a_visit_every_hour_for_a_day_stays_signed_in_with_one_refresh_an_hour() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let signed_in_at = browser.session().await["signed_in_at"].clone();
    app.advance(59 * 60);
    let mut expected = 0;
    for (visit, minutes) in [0, 2].into_iter().chain([60; 24]).enumerate() {
        app.advance(minutes * 60);
        let page = browser.get("/account").await;
        assert_eq!(page.status, 200, "visit {visit}");
        assert!(page.body.contains("demo@example.com"), "visit {visit}");
        // +59 min is within the lead of five minutes; +61 min is then fresh; each further hour is due once.
        expected += usize::from(visit != 1);
        assert_eq!(app.refreshes(), expected, "visit {visit}");
        let session = browser.session().await;
        assert_eq!(session["refresh_count"], expected, "the page's cookie was good for the next request");
        assert_eq!(session["signed_in_at"], signed_in_at, "auth_time stays");
        assert_eq!(browser.get_json(PROFILE).await.status, 200, "visit {visit}");
        assert_eq!(app.refreshes(), expected, "the call saw the page's new cookie");
    }
    let calls = app.cognito.requests();
    let refused: Vec<_> = calls.iter().filter(|call| call.operation == "GetUser" && call.status != 200).collect();
    assert!(refused.is_empty(), "GetUser was called with an expired token: {refused:?}");
    assert!(calls.iter().filter(|call| call.operation == "InitiateAuth").all(|call| call.status == 200));
}

#[tokio::test]
pub(crate) async fn b32_reading_never_writes_and_a_refresh_writes_into_the_same_answer() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in ["/", "/account", "/api/auth/session", PROFILE, "/favicon.svg", "/no-such-page"] {
        assert_eq!(browser.get_json(path).await.sets(), Vec::<String>::new(), "{path}");
    }
    for path in ["/", "/account", "/api/auth/session", PROFILE] {
        app.advance(3600);
        assert_eq!(browser.get(path).await.sets(), ["session"], "{path}");
        assert_eq!(browser.get(path).await.sets(), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
pub(crate) async fn b29_static_files_never_open_a_cookie() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    let file = browser.get("/favicon.svg").await;
    assert_eq!((file.status, app.refreshes(), file.sets()), (200, 0, Vec::new()), "{file:?}");
    assert!(!file.header("vary").contains("Cookie") && file.header("cache-control").is_empty(), "{file:?}");
}

#[tokio::test]
pub(crate) async fn b30_twenty_requests_at_once_make_one_refresh_and_all_are_signed_in() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    // Twenty browsers with copies of one cookie: none gets the new one before it asks.
    let cookies = browser.cookies();
    let requests = (0..20).map(|_| {
        let tab = Browser::new(&app);
        cookies.iter().for_each(|cookie| tab.plant(cookie));
        tokio::spawn(async move { tab.get_json(PROFILE).await })
    });
    let requests: Vec<_> = requests.collect();
    let mut written = HashSet::new();
    for request in requests {
        let page = request.await.unwrap();
        assert_eq!(page.status, 200, "{page:?}");
        written.extend(page.sets());
    }
    assert_eq!(app.refreshes(), 1);
    assert_eq!(written, HashSet::from(["session".to_owned()]));
}

#[tokio::test]
pub(crate) async fn b30_a_stale_cookie_gets_the_winners_session_for_a_minute() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let stale = browser.cookies();
    app.advance(3700);
    browser.get("/account").await;
    app.advance(30);
    let late = Browser::new(&app);
    stale.iter().for_each(|cookie| late.plant(cookie));
    assert_eq!(late.session().await["refresh_count"], 1);
    assert_eq!(app.refreshes(), 1, "within the grace time nothing is refreshed twice");
}

#[tokio::test]
pub(crate) async fn b31_two_users_refreshing_at_once_never_cross() {
    let app = TestApp::start().await;
    let browsers = [Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, ADMIN).await];
    for _ in 0..5 {
        app.advance(3700);
        let requests: Vec<_> = (0..20)
            .map(|index| {
                let browser = browsers[index % 2].clone();
                tokio::spawn(async move { (index % 2, browser.session().await) })
            })
            .collect();
        for request in requests {
            let (index, session) = request.await.unwrap();
            assert_eq!(session["user"]["email"], ["demo@example.com", "admin@example.com"][index]);
        }
    }
    assert_eq!(app.refreshes(), 10);
}

#[tokio::test]
async fn b34_b36_a_verdict_of_cognito_ends_the_session() {
    for end in [
        |app: &TestApp| app.cognito.revoke_all(DEMO.0) == 1,
        |app: &TestApp| app.cognito.disable_user(DEMO.0),
        |app: &TestApp| app.cognito.delete_user(DEMO.0),
    ] {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        assert!(end(&app));
        app.advance(3700);
        let page = browser.get("/account?tab=1").await;
        assert_eq!((page.status, page.body.as_str()), (302, ""), "no protected byte");
        assert_eq!(page.location.as_deref(), Some("/api/auth/signin?return_to=%2Faccount%3Ftab%3D1"));
        assert!(browser.personal_cookies().is_empty(), "the cookie is cleared: {:?}", browser.cookies());
        assert!(browser.session().await.is_null());
        assert_eq!(app.refreshes(), 1, "a dead session is not asked about again");
    }
}

#[tokio::test]
pub(crate) async fn b26_b27_limits_are_enforced_on_the_server_and_a_refresh_does_not_move_the_absolute_one() {
    let settings = vec![("SESSION_IDLE_SECS", "7200".to_owned()), ("SESSION_ABSOLUTE_SECS", "18000".to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let idle = Browser::signed_in(&app, DEMO).await;
    let active = Browser::signed_in(&app, ADMIN).await;
    for _ in 0..4 {
        app.advance(4000);
        assert_eq!(active.get("/account").await.status, 200, "whoever keeps coming never meets the idle limit");
    }
    assert_eq!(idle.get("/account").await.status, 302, "idle for longer than the limit");
    app.advance(2000);
    assert_eq!(active.get("/account").await.status, 302, "beyond the absolute limit");
}

#[tokio::test]
async fn b26_an_active_person_never_meets_an_idle_limit_shorter_than_the_tokens_life() {
    let settings = vec![("SESSION_IDLE_SECS", "1800".to_owned())];
    let app = TestApp::start_with(Wishes { settings, access_token_secs: 86_400, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for _ in 0..12 {
        app.advance(800);
        assert_eq!(browser.get("/account").await.status, 200);
    }
    app.advance(1801);
    assert_eq!(browser.get("/account").await.status, 302);
}

#[tokio::test]
pub(crate) async fn a_prefetch_refreshes_nothing_starts_no_sign_in_and_sees_nothing_once_the_token_has_expired() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    let prefetch = async |path: &str| {
        let request = browser.client.get(format!("{}{path}", app.url)).header("Sec-Purpose", "prefetch;prerender");
        let answer = request.send().await.unwrap();
        assert!(answer.headers().get("set-cookie").is_none(), "{path}");
        answer.status().as_u16()
    };
    app.advance(3400);
    assert_eq!((prefetch("/admin").await, prefetch("/api/auth/session").await), (200, 200));
    assert_eq!((prefetch("/api/auth/signin").await, prefetch("/api/auth/callback/cognito").await), (503, 503));
    assert!(app.cognito.disable_user(ADMIN.0));
    app.advance(300);
    assert_eq!((prefetch("/admin").await, prefetch("/api/admin/overview").await), (503, 503));
    assert_eq!(app.refreshes(), 0);
}

#[tokio::test]
pub(crate) async fn b26_an_open_page_renews_its_token_but_is_no_person() {
    let settings = vec![("SESSION_IDLE_SECS", "7200".to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3500);
    browser.get_json("/api/auth/session?by_itself=true").await;
    assert_eq!(app.refreshes(), 1);
    app.advance(3500);
    assert!(browser.get_json("/api/auth/session?by_itself=true").await.body.contains("demo@example.com"));
    app.advance(300);
    assert_eq!(browser.get_json("/api/auth/session?by_itself=true").await.body, "null", "idle for two hours");
}

#[tokio::test]
async fn b34_new_signing_keys_end_no_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3500);
    let cognito = app.cognito.clone();
    tokio::task::spawn_blocking(move || cognito.rotate_signing_keys()).await.unwrap();
    app.cognito.fail_next("jwks", 10, Fault::InternalError);
    assert_eq!(browser.session().await["refresh_count"], 1, "the token cannot be checked, and came from Cognito");
}

#[tokio::test]
async fn a_browser_that_goes_away_in_the_middle_loses_nothing() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 1, Fault::Hang(std::time::Duration::from_millis(300)));
    let impatient = browser.client.get(format!("{}/account", app.url)).timeout(std::time::Duration::from_millis(50));
    assert!(impatient.send().await.is_err(), "the connection was given up while the refresh ran");
    assert_eq!(browser.session().await["refresh_count"], 1);
    assert_eq!(app.refreshes(), 1, "the refresh under way was joined, not begun again");
}
