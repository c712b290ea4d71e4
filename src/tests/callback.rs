//! What the callback refuses: each with the sign-in failed page, before a token request where that is possible, and
//! with nothing lost (B4, B8, B9).

use leptos_cognito::AuthErrorCode;
use local_cognito::Fault;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, query},
};

const CALLBACK: &str = "/api/auth/callback/cognito";

/// The fixed sentence for a code.
fn sentence(code: &str) -> String {
    AuthErrorCode::parse(code).to_string()
}

/// Token requests that reached Cognito.
fn exchanges(app: &TestApp) -> usize {
    app.cognito.count("token:authorization_code")
}

fn with_state(callback: &str, state: &str) -> String {
    let mut url = reqwest::Url::parse(callback).unwrap();
    url.query_pairs_mut().clear().append_pair("code", &query(callback)["code"]).append_pair("state", state);
    url.into()
}

#[tokio::test]
pub(crate) async fn b04_a_wrong_missing_or_foreign_state_is_refused_before_any_token_request() {
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
        assert_eq!((answer.status, answer.failure().as_deref()), (302, Some("starts_over")), "{url}");
        assert!(who.session().await.is_null());
    }
    assert_eq!(exchanges(&app), 0);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"), "the sign-in itself still works");
}

#[tokio::test]
pub(crate) async fn b04_a_state_is_used_once_even_if_its_cookie_was_copied() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let copies = browser.cookies();
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
    let thief = Browser::new(&app);
    copies.iter().for_each(|cookie| thief.plant(cookie));
    assert_eq!(thief.get(&callback).await.failure().as_deref(), Some("starts_over"));
    assert_eq!(exchanges(&app), 1);
}

#[tokio::test]
pub(crate) async fn b04_a_sign_in_older_than_ten_minutes_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    app.advance(601);
    assert_eq!(browser.get(&callback).await.failure().as_deref(), Some("starts_over"));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn b04_ten_minutes_are_counted_to_the_second() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    for (secs, is_in_time) in [(600, true), (601, false)] {
        let browser = Browser::new(&app);
        let callback = browser.go_to_callback("/account", DEMO).await;
        let hosted_ui = browser.get("/api/auth/signin").await.location.unwrap();
        app.advance(secs);
        // Cognito's code has run out long before; whether the app asks is what counts.
        let before = exchanges(&app);
        let answer = browser.get(&callback).await;
        assert_eq!(answer.failure().as_deref(), Some(if is_in_time { "sign_in_failed" } else { "starts_over" }));
        assert_eq!(exchanges(&app) - before, usize::from(is_in_time), "after {secs} s");
        let answer = browser.get(&format!("{CALLBACK}?error=server_error&state={}", query(&hosted_ui)["state"])).await;
        assert_eq!(answer.failure().as_deref(), Some(if is_in_time { "provider_unavailable" } else { "starts_over" }));
    }
}

#[tokio::test]
async fn b04_a_state_that_was_used_for_an_error_is_used_up() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let copies = browser.cookies();
    let refused = format!("{CALLBACK}?error=access_denied&state={}", query(&callback)["state"]);
    assert_eq!(browser.get(&refused).await.failure().as_deref(), Some("access_denied"));
    copies.iter().for_each(|cookie| browser.plant(cookie));
    assert_eq!(browser.get(&callback).await.failure().as_deref(), Some("starts_over"));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
pub(crate) async fn b08_errors_of_cognito_show_a_page_with_a_retry_and_reflect_nothing() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for (error, code) in [
        ("access_denied", "access_denied"),
        ("server_error", "provider_unavailable"),
        ("temporarily_unavailable", "provider_unavailable"),
        ("invalid_scope", "configuration"),
        ("unauthorized_client", "configuration"),
        ("unsupported_response_type", "configuration"),
        ("invalid_request", "sign_in_failed"),
        ("login_required", "sign_in_failed"),
        ("", "sign_in_failed"),
        ("<script>alert(1)</script>", "sign_in_failed"),
        ("evil\r\nSet-Cookie: evil=1", "sign_in_failed"),
    ] {
        let state = query(&browser.begin("/account?tab=1").await)["state"].clone();
        let mut url = reqwest::Url::parse(&format!("{}{CALLBACK}", app.url)).unwrap();
        url.query_pairs_mut()
            .append_pair("error", error)
            .append_pair("error_description", "<b>evil</b>")
            .append_pair("error_uri", "https://evil.example")
            .append_pair("state", &state);
        let answer = browser.get(url.as_str()).await;
        assert_eq!((answer.status, answer.failure().as_deref()), (302, Some(code)), "{error}");
        assert!(!format!("{answer:?}").contains("evil"), "{answer:?}");
        let page = browser.get(&answer.location.unwrap()).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("evil") && !page.body.contains("alert(1)"), "{}", page.body);
        assert!(page.body.contains(&sentence(code)), "{code}: {}", page.body);
        assert!(page.body.contains("/api/auth/signin?return_to=%2Faccount%3Ftab%3D1"), "the page asked for is kept");
    }
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn b08_the_page_for_a_failure_shows_nothing_of_its_address() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for evil in ["<script>evil()</script>", "\"><img src=x onerror=evil()>", "evil", "access_denied evil", "{{evil}}"] {
        let mut url = reqwest::Url::parse(&format!("{}/sign-in-failed", app.url)).unwrap();
        for name in ["error", "error_description", "message"] {
            url.query_pairs_mut().append_pair(name, evil);
        }
        url.query_pairs_mut().append_pair("ref", &format!("{evil} ")).append_pair("return_to", "/account");
        let page = browser.get(url.as_str()).await;
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("evil") && page.body.contains(&sentence("internal")), "{}", page.body);
        assert!(page.body.contains("/api/auth/signin?return_to=%2Faccount"), "a way to try again");
    }
}

#[tokio::test]
async fn b08_a_malformed_query_is_no_server_error() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for query in
        ["?state=a&state=b", "?state[x]=1", "?code[]=1&code[]=2", "?%ff=%00", "?state[]=%", "?a[b[c[d[e[f[g]]]]]]]=1"]
    {
        for path in [CALLBACK, "/api/auth/signin"] {
            let answer = browser.get(&format!("{path}{query}")).await;
            let begins = answer.location.as_deref().is_some_and(|url| url.starts_with(&app.cognito.base_url()));
            assert_eq!(answer.status, 302, "{path}{query}: {answer:?}");
            assert!(answer.failure().is_some() || (path != CALLBACK && begins), "{path}{query}: {answer:?}");
            if !begins {
                let page = browser.get(&answer.location.unwrap()).await;
                assert_eq!((page.status, page.body.contains("Try again")), (200, true), "{path}{query}");
            }
            let from_afar = browser.client.get(format!("{}{path}{query}", app.url)).header("Accept", "text/html");
            let answer = from_afar.header("Referer", "https://evil.example/").send().await.unwrap();
            let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            assert!(!location.clone().unwrap_or_default().contains("evil"), "{path}{query}: {location:?}");
        }
    }
}

#[tokio::test]
pub(crate) async fn b09_another_issuers_answer_is_refused() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let answer = browser.get(&format!("{callback}&iss=https%3A%2F%2Fevil.example")).await;
    assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"));
    assert_eq!(exchanges(&app), 0);
}

#[tokio::test]
async fn b09_an_issuer_that_answers_has_to_be_ours_to_the_byte() {
    let app = TestApp::start().await;
    let own = app.cognito.issuer();
    let browser = Browser::new(&app);
    for iss in
        [format!("{own}/"), own.to_uppercase(), own[..own.len() - 1].to_owned(), app.cognito.base_url(), String::new()]
    {
        for answer in ["code=abc", "error=access_denied"] {
            let state = query(&browser.begin("/account").await)["state"].clone();
            let mut url = reqwest::Url::parse(&format!("{}{CALLBACK}?{answer}&state={state}", app.url)).unwrap();
            url.query_pairs_mut().append_pair("iss", &iss);
            assert_eq!(
                browser.get(url.as_str()).await.failure().as_deref(),
                Some("sign_in_failed"),
                "{iss:?} {answer}"
            );
        }
    }
    assert_eq!(exchanges(&app), 0);
    let mut callback = reqwest::Url::parse(&browser.go_to_callback("/account", DEMO).await).unwrap();
    callback.query_pairs_mut().append_pair("iss", &own);
    assert_eq!(browser.get(callback.as_str()).await.location.as_deref(), Some("/account"));
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
