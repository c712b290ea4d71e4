//! What every answer tells the browser not to do (B45).

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, Page},
};

fn value<'p>(page: &'p Page, name: &str) -> &'p str {
    page.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", page.headers)).to_str().unwrap()
}

/// The nonce of the page's content policy.
fn nonce(page: &Page) -> String {
    let policy = value(page, "content-security-policy");
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect(policy).to_owned()
}

#[tokio::test]
async fn pages_run_only_their_own_scripts() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in ["/", "/account", "/no-such-page", "/not-allowed", "/sign-in-failed?error=access_denied"] {
        let page = browser.get(path).await;
        let policy = value(&page, "content-security-policy");
        for part in ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "'wasm-unsafe-eval'"] {
            assert!(policy.contains(part), "{part} is not in the policy of {path}: {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        let nonce = nonce(&page);
        assert!(nonce.len() >= 22, "128 bits at least: {nonce}");
        let scripts: Vec<_> = page.body.split("<script").skip(1).collect();
        assert!(!scripts.is_empty(), "{path}");
        for script in scripts {
            let tag = script.split('>').next().unwrap_or_default();
            assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "a script of {path} without the nonce: {tag}");
        }
        for attribute in [" style=\"", " onclick=", " onload=", "javascript:"] {
            assert!(!page.body.contains(attribute), "{attribute} is in {path}");
        }
    }
}

#[tokio::test]
async fn no_two_answers_have_the_same_nonce() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let (first, second) = (nonce(&browser.get("/").await), nonce(&browser.get("/").await));
    assert_ne!(first, second);
}

#[tokio::test]
async fn every_answer_has_the_other_headers_too() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in
        ["/", "/account", "/favicon.svg", "/api/auth/session", "/api/auth/signin", "/no-such-page", "/pkg/no.js"]
    {
        let page = browser.get(path).await;
        for (name, expected) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(value(&page, name), expected, "{path}");
        }
        assert!(value(&page, "content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!page.headers.contains_key("strict-transport-security"), "HSTS does not go over http: {path}");
    }
    let call = browser.get_json("/api/account/profile").await;
    assert!(value(&call, "content-security-policy").starts_with("default-src 'none'"), "no page: nothing may run");
}

#[tokio::test]
async fn an_app_on_https_says_so_for_two_years() {
    let https = ("APP_URL", "https://app.example.com".to_owned());
    let app = TestApp::start_with(Wishes { settings: vec![https], ..Wishes::default() }).await;
    let browser = Browser::new(&app);
    let client = browser.client.get(format!("{}/", app.url)).header("host", "app.example.com");
    let answer = client.send().await.unwrap();
    assert_eq!(answer.headers()["strict-transport-security"], "max-age=63072000");
}
