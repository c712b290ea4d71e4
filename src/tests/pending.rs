//! A sign-in under way: its verifier, state and nonce, and the cookie that binds them to one browser (B2, B3, B5).

use std::collections::{HashMap, HashSet};

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use leptos_cognito::server::{Purpose, Sealer, SessionSecrets};
use local_cognito::Fault;
use serde_json::Value;

use crate::{
    app::{SECRET, TestApp, Wishes},
    browser::{Browser, DEMO, query},
    wire::Wire,
};

const SIGN_IN: &str = "/api/auth/signin?return_to=%2Faccount";
/// As many sign-ins as make each of 64 letters turn up at each place; one misses with a probability of 1 in 12 000.
const SIGN_INS: usize = 600;

/// What a sign-in's cookie holds. Written by the app with the tests' secret.
fn open(cookie: &str) -> Value {
    let sealer = Sealer::new(Purpose::SignIn, &SessionSecrets::parse(SECRET).unwrap()).unwrap();
    sealer.open(cookie.split_once('=').unwrap().1.split(';').next().unwrap()).unwrap()
}

/// The sign-ins that are under way in this browser. Of one that is over, only the page is left.
fn under_way(browser: &Browser) -> usize {
    let is_sign_in = |cookie: &String| cookie.starts_with("sign-in-") && !cookie.contains("what-does-not-open");
    browser.cookies().iter().filter(|cookie| is_sign_in(cookie) && !open(cookie)["cv"].is_null()).count()
}

fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[tokio::test]
async fn b02_b03_every_sign_in_has_a_verifier_a_state_and_a_nonce_of_256_random_bits() {
    let app = TestApp::start().await;
    let client = Browser::new(&app).client;
    let mut seen: HashMap<&str, Vec<String>> = HashMap::new();
    for _ in 0..SIGN_INS {
        // Without the cookies of those before: each is a browser of its own.
        let request = client.get(format!("{}{SIGN_IN}", app.url)).header("Cookie", "");
        let answer = request.send().await.unwrap();
        let asked = query(answer.headers()["location"].to_str().unwrap());
        let held = open(answer.headers()["set-cookie"].to_str().unwrap());
        let text = |name: &str| held[name].as_str().unwrap().to_owned();
        assert_eq!((&asked["state"], &asked["nonce"]), (&text("state"), &text("nonce")), "bound to the browser");
        assert_eq!(
            (&asked["code_challenge_method"], &asked["code_challenge"]),
            (&"S256".into(), &challenge(&text("cv")))
        );
        for name in ["state", "nonce", "cv"] {
            seen.entry(name).or_default().push(text(name));
        }
    }
    let all: HashSet<_> = seen.values().flatten().collect();
    assert_eq!(all.len(), 3 * SIGN_INS, "no two are the same, of whichever kind");
    for (name, values) in seen {
        let bytes = values.iter().map(|value| BASE64_URL_SAFE_NO_PAD.decode(value).expect(value).len());
        assert_eq!(bytes.collect::<HashSet<_>>(), HashSet::from([32]), "{name}: 256 bits");
        // The last of 43 letters carries four bits, the others six.
        for place in 0..43 {
            let letters: HashSet<_> = values.iter().map(|value| value.as_bytes()[place]).collect();
            assert!(
                letters.len() >= if place == 42 { 16 } else { 60 },
                "{name} varies at {place} by {}",
                letters.len()
            );
        }
    }
}

#[tokio::test]
async fn b02_the_verifier_goes_to_the_token_endpoint_once_and_nowhere_else() {
    for confidential in [true, false] {
        let (app, wire) = Wire::tap(Wishes { confidential, ..Wishes::default() }).await;
        let mut verifiers = Vec::new();
        for fault in [None, Some(Fault::InternalError), Some(Fault::Drop), Some(Fault::Status(400))] {
            let browser = Browser::new(&app);
            let hosted_ui = browser.begin("/account").await;
            let cookies = browser.cookies();
            let verifier = open(&cookies[0])["cv"].as_str().unwrap().to_owned();
            assert_eq!(query(&hosted_ui)["code_challenge"], challenge(&verifier));
            assert!(!hosted_ui.contains(&verifier) && !cookies[0].contains(&verifier));
            let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
            if let Some(fault) = fault {
                app.cognito.fail_next("token:authorization_code", 1, fault);
            }
            browser.get(&callback).await;
            // Again with what an attacker may have kept, after a success and after each kind of failure.
            cookies.iter().for_each(|cookie| browser.plant(cookie));
            browser.get(&callback).await;
            verifiers.push(verifier);
        }
        let sent: Vec<_> = wire.token_calls().iter().filter_map(|call| call.field("code_verifier")).collect();
        assert_eq!(sent, verifiers, "each one once, whatever became of it");
    }
}

#[tokio::test]
async fn b03_the_cookie_of_another_sign_in_does_not_stand_in() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let first = browser.go_to_callback("/account", DEMO).await;
    let own = browser.cookies();
    let second = browser.go_to_callback("/account?b=2", DEMO).await;
    let other = browser.cookies().into_iter().find(|cookie| !own.contains(cookie)).unwrap();
    let (name, value) = (own[0].split_once('=').unwrap().0, other.split_once('=').unwrap().1);
    let mixed = Browser::new(&app);
    mixed.plant(&format!("{name}={value}"));
    assert_eq!(mixed.get(&first).await.failure().as_deref(), Some("starts_over"));
    assert_eq!(app.cognito.count("token:authorization_code"), 0);
    assert_eq!(browser.get(&second).await.location.as_deref(), Some("/account?b=2"), "each works with its own");
}

#[tokio::test]
async fn b05_two_sign_ins_in_two_tabs_both_succeed() {
    let app = TestApp::start().await;
    for is_first_first in [true, false] {
        let browser = Browser::new(&app);
        let tab_1 = (browser.go_to_callback("/account", DEMO).await, "/account");
        // The second tab comes from the public home page; the hosted UI knows the person already.
        let link = browser.get("/api/auth/signin?return_to=%2F%3Fb%3D2").await.location.unwrap();
        let tab_2 = (browser.get(&link).await.location.unwrap(), "/?b=2");
        for (callback, page) in if is_first_first { [tab_1, tab_2] } else { [tab_2, tab_1] } {
            assert_eq!(browser.get(&callback).await.location.as_deref(), Some(page));
        }
        assert_eq!(under_way(&browser), 0, "none is left: {:?}", browser.cookies());
    }
}

#[tokio::test]
async fn b05_at_most_five_sign_ins_are_pending_and_the_newest_stay() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let mut urls = Vec::new();
    for _ in 0..8 {
        urls.push(browser.begin("/account").await);
        app.advance(1);
    }
    assert_eq!(under_way(&browser), 5, "{:?}", browser.cookies());
    for (index, url) in urls.iter().enumerate() {
        let state = query(url)["state"].clone();
        let answer =
            browser.copy(&app).get(&format!("/api/auth/callback/cognito?error=server_error&state={state}")).await;
        let expected = if index < 3 { "starts_over" } else { "provider_unavailable" };
        assert_eq!(answer.failure().as_deref(), Some(expected), "sign-in {index} of 8");
    }
}

#[tokio::test]
async fn b05_a_success_clears_itself_and_what_is_over_and_sign_out_clears_all() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    browser.begin("/account").await;
    app.advance(400);
    let callback = browser.go_to_callback("/account", DEMO).await;
    assert_eq!(under_way(&browser), 2);
    app.advance(201);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
    browser.get(SIGN_IN).await;
    assert_eq!(under_way(&browser), 1, "{:?}", browser.cookies());
    app.advance(3601);
    browser.get(SIGN_IN).await;
    assert_eq!(
        browser.personal_cookies().len(),
        2,
        "session and sign-in; no page after an hour: {:?}",
        browser.cookies()
    );

    for _ in 0..5 {
        browser.get(SIGN_IN).await;
    }
    browser.plant(&format!("{}.AAAAAAAAAAAA=what-does-not-open", app.cookie("sign-in")));
    assert_eq!(under_way(&browser), 5);
    browser.post("/api/auth/signout", &[]).await;
    let left = format!("{}.AAAAAAAAAAAA=what-does-not-open", app.cookie("sign-in"));
    assert_eq!(browser.personal_cookies(), [left], "it may be good at another server");
}
