//! What the callback refuses: each with the sign-in failed page, before a token request where that is possible, and
//! with nothing lost (B4, B8, B12–B16).

use leptos_cognito::local_cognito::{Fault, Tamper};

use crate::{
    app::TestApp,
    browser::{Browser, DEMO},
};

const CALLBACK: &str = "/api/auth/callback/cognito";

/// Token requests that reached Cognito.
fn exchanges(app: &TestApp) -> usize {
    app.cognito.count("token:authorization_code")
}

fn with_state(callback: &str, state: &str) -> String {
    let mut url = reqwest::Url::parse(callback).unwrap();
    let code = url.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    url.query_pairs_mut().clear().append_pair("code", &code).append_pair("state", state);
    url.into()
}

#[tokio::test]
pub(crate) async fn a_wrong_missing_or_foreign_state_is_refused_before_any_token_request() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let foreign = Browser::new(&app);
    for (who, url) in [
        (&browser, with_state(&callback, "wrong")),
        (&browser, with_state(&callback, "")),
        (&browser, format!("{CALLBACK}?code=abc")),
        (&browser, CALLBACK.to_owned()),
        (&foreign, callback.clone()),
    ] {
        let answer = who.get(&url).await;
        assert_eq!((answer.status, answer.failure().as_deref()), (302, Some("sign_in_expired")), "{url}");
        assert!(who.session().await.is_null());
    }
    assert_eq!(exchanges(&app), 0);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"), "the sign-in itself still works");
}

#[tokio::test]
pub(crate) async fn a_state_is_used_once_even_if_its_cookie_was_copied() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let copies = browser.cookies();
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
    let thief = Browser::new(&app);
    copies.iter().for_each(|cookie| thief.plant(cookie));
    assert_eq!(thief.get(&callback).await.failure().as_deref(), Some("sign_in_expired"));
    assert_eq!(exchanges(&app), 1);
}

#[tokio::test]
pub(crate) async fn a_sign_in_older_than_ten_minutes_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    app.advance(601);
    assert_eq!(browser.get(&callback).await.failure().as_deref(), Some("sign_in_expired"));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
pub(crate) async fn errors_of_cognito_show_a_page_with_a_retry_and_reflect_nothing() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for (error, code) in [
        ("access_denied", "access_denied"),
        ("server_error", "provider_unavailable"),
        ("invalid_scope", "configuration"),
        ("<script>alert(1)</script>", "sign_in_failed"),
    ] {
        let hosted_ui = reqwest::Url::parse(&browser.begin("/account?tab=1").await).unwrap();
        let state = hosted_ui.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let mut url = reqwest::Url::parse(&format!("{}{CALLBACK}", app.url)).unwrap();
        url.query_pairs_mut()
            .append_pair("error", error)
            .append_pair("error_description", "<b>evil</b>")
            .append_pair("state", &state);
        let answer = browser.get(url.as_str()).await;
        assert_eq!((answer.status, answer.failure().as_deref()), (302, Some(code)), "{error}");
        let page = browser.get(&answer.location.unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("evil") && !page.body.contains("alert(1)"), "{}", page.body);
        assert!(page.body.contains("/api/auth/signin?return_to=%2Faccount%3Ftab%3D1"), "the page asked for is kept");
    }
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn a_malformed_query_is_no_server_error() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for query in
        ["?state=a&state=b", "?state[x]=1", "?code[]=1&code[]=2", "?%ff=%00", "?state[]=%", "?a[b[c[d[e[f[g]]]]]]]=1"]
    {
        for path in [CALLBACK, "/api/auth/signin"] {
            let answer = browser.get(&format!("{path}{query}")).await;
            assert!(answer.status < 500, "{path}{query}: {answer:?}");
            let from_afar = browser.client.get(format!("{}{path}{query}", app.url)).header("Accept", "text/html");
            let answer = from_afar.header("Referer", "https://evil.example/").send().await.unwrap();
            let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            assert!(!location.clone().unwrap_or_default().contains("evil"), "{path}{query}: {location:?}");
        }
    }
}

#[tokio::test]
pub(crate) async fn another_issuers_answer_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let answer = browser.get(&format!("{callback}&iss=https%3A%2F%2Fevil.example")).await;
    assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
pub(crate) async fn a_wrong_code_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let code =
        reqwest::Url::parse(&callback).unwrap().query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let wrong = callback.replace(&code, "00000000-0000-4000-8000-000000000000");
    assert_eq!(browser.get(&wrong).await.failure().as_deref(), Some("sign_in_failed"));
    assert!(browser.session().await.is_null());
}

#[tokio::test]
async fn a_false_id_token_is_refused() {
    let app = TestApp::start().await;
    for tamper in [
        Tamper::Signature,
        Tamper::AlgNone,
        Tamper::AlgHs256,
        Tamper::Issuer,
        Tamper::Audience,
        Tamper::Nonce,
        Tamper::NoNonce,
        Tamper::TokenUse,
        Tamper::Expired,
        Tamper::NotYetValid,
        Tamper::AtHash,
        Tamper::UnknownKid,
    ] {
        let browser = Browser::new(&app);
        let shown = format!("{tamper:?}");
        app.cognito.tamper_next_id_token(tamper);
        let answer = browser.sign_in("/account", DEMO).await;
        assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"), "{shown}");
        assert!(browser.session().await.is_null(), "{shown}");
        assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"), "after {shown}");
    }
}

#[tokio::test]
async fn new_signing_keys_are_fetched_once() {
    let app = TestApp::start().await;
    Browser::signed_in(&app, DEMO).await;
    assert_eq!(app.cognito.count("jwks"), 1);
    Browser::signed_in(&app, DEMO).await;
    assert_eq!(app.cognito.count("jwks"), 1, "the keys are kept");
    let cognito = app.cognito.clone();
    tokio::task::spawn_blocking(move || cognito.rotate_signing_keys()).await.unwrap();
    app.advance(31);
    Browser::signed_in(&app, DEMO).await;
    assert_eq!(app.cognito.count("jwks"), 2);
}

#[tokio::test]
async fn a_token_endpoint_that_fails_or_hangs_up_is_said_to_be_away() {
    let app = TestApp::start().await;
    for fault in [Fault::InternalError, Fault::Throttle, Fault::Drop, Fault::Status(503)] {
        let browser = Browser::new(&app);
        let callback = browser.go_to_callback("/account", DEMO).await;
        let shown = format!("{fault:?}");
        app.cognito.fail_next("token:authorization_code", 1, fault);
        assert_eq!(browser.get(&callback).await.failure().as_deref(), Some("provider_unavailable"), "{shown}");
    }
}
