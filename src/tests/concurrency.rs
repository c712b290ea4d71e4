//! Many requests at once: one refresh for one session in one process, and nobody ever gets what is another's.

use std::{collections::HashSet, time::Duration};

use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO, Page},
    sealed::{claims, open},
};

const PROFILE: &str = "/api/account/profile";
const SESSION: &str = "/api/auth/session";

/// The session that an answer sets.
fn set_session(page: &Page, secret: &str) -> Option<serde_json::Value> {
    let lines = page.headers.get_all("set-cookie").into_iter().map(|line| line.to_str().unwrap());
    let pairs: Vec<_> = lines.map(|line| line.split(';').next().unwrap().to_owned()).collect();
    if pairs.is_empty() { None } else { Some(open(&pairs, secret).expect("a cookie that is no session")) }
}

#[tokio::test]
async fn b30_requests_of_every_kind_wait_for_one_refresh() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let before = claims(&browser);
    app.advance(3700);
    // All of them arrive while Cognito thinks.
    app.cognito.fail_next("InitiateAuth", 1, Fault::Hang(Duration::from_millis(1500)));
    let kinds = ["/account", PROFILE, SESSION, "/"];
    let tabs: Vec<_> = (0..80).map(|index| (browser.copy(&app), kinds[index % kinds.len()])).collect();
    let requests: Vec<_> =
        tabs.into_iter().map(|(tab, path)| tokio::spawn(async move { (path, tab.ask(path).await) })).collect();
    let mut tokens = HashSet::new();
    for request in requests {
        let (path, page) = request.await.unwrap();
        assert_eq!(page.status, 200, "{path}");
        assert!(path == "/" || page.body.contains(DEMO.0), "{path} is not served as that user: {}", page.body);
        let renewed = set_session(&page, crate::app::SECRET).unwrap_or_else(|| panic!("{path} has no new cookie"));
        assert_eq!((&renewed["sid"], &renewed["gen"]), (&before["sid"], &1.into()), "{path}");
        tokens.insert(renewed["at"].to_string());
    }
    assert_eq!((app.refreshes(), tokens.len()), (1, 1));
}

#[tokio::test]
async fn b30_each_process_makes_one_refresh() {
    let app = TestApp::start().await;
    let other = app.start_another().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    let tabs = (0..40).map(|index| browser.copy(if index % 2 == 0 { &app } else { &other }));
    let requests: Vec<_> = tabs.map(|tab| tokio::spawn(async move { tab.session().await })).collect();
    for request in requests {
        assert_eq!(request.await.unwrap()["user"]["email"], DEMO.0);
    }
    assert_eq!(app.refreshes(), 2);
}

#[tokio::test]
async fn b31_sessions_renewed_at_once_under_load_never_cross() {
    let app = TestApp::start_with(Wishes { rotation: Some(0), ..Wishes::default() }).await;
    let mut browsers = Vec::new();
    for index in 0..8 {
        let who = [DEMO, ADMIN][index % 2];
        let browser = Browser::signed_in(&app, who).await;
        browsers.push((browser.clone(), who.0, claims(&browser)));
    }
    for round in 1..=3 {
        app.advance(3700);
        for _ in 0..4 {
            app.cognito.fail_next("GetTokensFromRefreshToken", 1, Fault::Hang(Duration::from_millis(40)));
        }
        // Tabs of all sessions, one after the other, so that neighbours are always of different people.
        let tabs = (0..browsers.len() * 6).map(|index| {
            let at = index % browsers.len();
            let (tab, path) = (browsers[at].0.copy(&app), ["/account", PROFILE, SESSION][index % 3]);
            tokio::spawn(async move { (at, path, tab.ask(path).await) })
        });
        for request in tabs.collect::<Vec<_>>() {
            let (at, path, page) = request.await.unwrap();
            let (_, email, first) = &browsers[at];
            assert!(page.status == 200 && page.body.contains(email), "round {round}, {path}: {}", page.body);
            let other = if *email == DEMO.0 { ADMIN.0 } else { DEMO.0 };
            assert!(!page.body.contains(other), "round {round}, {path} of {email} has {other}");
            let renewed = set_session(&page, crate::app::SECRET).expect("a new cookie");
            for claim in ["sid", "sub", "email", "iat", "exp"] {
                assert_eq!(renewed[claim], first[claim], "round {round}, {path}: the {claim} of {email}");
            }
            assert_eq!(renewed["gen"], round);
        }
        for (browser, email, _) in &browsers {
            assert_eq!(browser.session().await["user"]["email"], *email);
        }
        let held: HashSet<_> = browsers.iter().map(|(browser, ..)| claims(browser)["rt"].to_string()).collect();
        assert_eq!(held.len(), browsers.len(), "no two sessions have the same tokens");
    }
}
