//! The pool's keys: kept, fetched again once where a token names one that is not known, and never looked for where a token
//! says they are (B17).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::Router;
use local_cognito::Tamper;
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
};

fn fetches(app: &TestApp) -> usize {
    app.cognito.count("jwks")
}

async fn replace_keys(app: &TestApp) {
    let cognito = app.cognito.clone();
    tokio::task::spawn_blocking(move || cognito.rotate_signing_keys()).await.unwrap();
}

/// Sign-ins, at once, whose ID tokens name keys that nobody has.
async fn sign_in_with_unknown_keys(app: &TestApp, times: usize) {
    let mut callbacks = Vec::new();
    for _ in 0..times {
        let browser = Browser::new(app);
        let callback = browser.go_to_callback("/account", DEMO).await;
        app.cognito.tamper_next_id_token(Tamper::UnknownKid);
        callbacks.push(tokio::spawn(async move { browser.get(&callback).await.failure() }));
    }
    for callback in callbacks {
        assert_eq!(callback.await.unwrap().as_deref(), Some("sign_in_failed"));
    }
}

#[tokio::test]
async fn b17_keys_are_kept_and_new_ones_fetched_once() {
    let app = TestApp::start().await;
    for _ in 0..3 {
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        assert_eq!(browser.session().await["refresh_count"], 1);
    }
    assert_eq!(fetches(&app), 1, "for sign-ins and refreshes alike");
    replace_keys(&app).await;
    for _ in 0..3 {
        Browser::signed_in(&app, DEMO).await;
    }
    assert_eq!(fetches(&app), 2);
}

#[tokio::test]
async fn b17_unknown_keys_fetch_the_set_at_most_once_in_thirty_seconds() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    Browser::signed_in(&app, DEMO).await;
    assert_eq!(fetches(&app), 1);
    for expected in 2..=4 {
        sign_in_with_unknown_keys(&app, 5).await;
        app.advance(29);
        sign_in_with_unknown_keys(&app, 5).await;
        assert_eq!(fetches(&app), expected - 1, "fetched 29 s ago");
        app.advance(1);
        sign_in_with_unknown_keys(&app, 5).await;
        assert_eq!(fetches(&app), expected);
    }
    // However often others are asked for: a key that is there is found, and none is lost.
    assert_eq!(Browser::new(&app).sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
    assert_eq!(fetches(&app), 4);
}

#[tokio::test]
async fn b17_a_key_that_the_token_brings_or_points_to_is_never_looked_at() {
    let app = TestApp::start().await;
    let visits = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let counted = visits.clone();
    let router = Router::new().fallback(async move || {
        counted.fetch_add(1, Ordering::SeqCst);
        "{\"keys\":[]}"
    });
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    for has_known_kid in [true, false] {
        app.cognito.tamper_next_id_token(Tamper::OwnKey { url: url.clone(), has_known_kid });
        let browser = Browser::new(&app);
        let answer = browser.sign_in("/account", DEMO).await;
        assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"), "known kid: {has_known_kid}");
        assert!(browser.session().await.is_null());
    }
    // At a refresh an unknown key keeps the session with its old claims; a false signature under a known one ends it.
    for (has_known_kid, is_kept) in [(true, false), (false, true)] {
        let browser = Browser::signed_in(&app, DEMO).await;
        app.cognito.tamper_next_id_token(Tamper::OwnKey { url: url.clone(), has_known_kid });
        app.advance(3700);
        assert_eq!(!browser.session().await.is_null(), is_kept, "known kid: {has_known_kid}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "nobody came for the key");
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    assert_eq!(visits.load(Ordering::SeqCst), 1, "where it would have been counted");
}
