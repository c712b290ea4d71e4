//! What an open page is told about its session, and what its own questions do.

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
};

#[tokio::test]
async fn an_open_page_renews_tokens_and_not_for_the_idle_limits_sake() {
    let idle = ("SESSION_IDLE_SECS", "1200".to_owned());
    let app = TestApp::start_with(Wishes { settings: vec![idle], has_still_clock: true, ..Wishes::default() }).await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(900);
    for _ in 0..3 {
        let session: serde_json::Value =
            serde_json::from_str(&browser.get_json("/api/auth/session?by_itself=true").await.body).unwrap();
        assert_eq!((&session["refresh_count"], &session["idle_ends_in_secs"]), (&0.into(), &300.into()));
        assert_eq!((&session["refresh_due_in_secs"], &session["idle_limit_secs"]), (&2400.into(), &1200.into()));
    }
    // What an open page asks to be rendered anew counts as little.
    for page in ["/account?by_itself=true", "/account?call=user-info&by_itself=true", "/?by_itself=true"] {
        assert_eq!(browser.get(page).await.status, 200);
        let session: serde_json::Value =
            serde_json::from_str(&browser.get_json("/api/auth/session?by_itself=true").await.body).unwrap();
        assert_eq!(session["idle_ends_in_secs"], 300, "{page}");
    }
    // Somebody who is there is seen, because half the idle limit is over.
    let session = browser.session().await;
    assert_eq!((&session["refresh_count"], &session["idle_ends_in_secs"]), (&1.into(), &1200.into()));
    assert_eq!(session["ends_in_secs"], 30 * 24 * 3600 - 900);
    // So is whoever calls a server function, or whose address merely reads so.
    for path in ["/api/account/profile?by_itself=true", "/account?call=by_itself=true"] {
        app.advance(700);
        assert_eq!(browser.ask(path).await.status, 200);
        let session: serde_json::Value =
            serde_json::from_str(&browser.get_json("/api/auth/session?by_itself=true").await.body).unwrap();
        assert_eq!(session["idle_ends_in_secs"], 1200, "{path}");
    }
}
