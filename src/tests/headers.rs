//! What every answer tells the browser not to do (B45).

use crate::{
    app::{SECRET, TestApp},
    browser::{ADMIN, Browser, DEMO, Page},
    routes::protected_pages,
    sealed::{claims, seal},
};

/// RFC 6797 §6.1.1, in seconds.
const YEAR_SECS: u64 = 365 * 24 * 60 * 60;

/// Every page of the app, for somebody who may see all of them.
fn pages() -> Vec<String> {
    let public = ["/", "/no-such-page", "/sign-in-failed?error=access_denied"].map(str::to_owned);
    public.into_iter().chain(protected_pages().into_iter().map(|route| route.path)).collect()
}

/// What the policy says of one kind of thing.
fn directive<'p>(policy: &'p str, name: &str) -> Option<&'p str> {
    policy.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' '))
}

fn value<'p>(page: &'p Page, name: &str) -> &'p str {
    page.headers.get(name).unwrap_or_else(|| panic!("no {name} in {:?}", page.headers)).to_str().unwrap()
}

/// The nonce of the page's content policy.
fn nonce(page: &Page) -> String {
    let policy = value(page, "content-security-policy");
    policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect(policy).to_owned()
}

#[tokio::test]
async fn b45_pages_run_only_their_own_scripts() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    for path in pages() {
        let page = browser.get(&path).await;
        assert_eq!(page.headers.get_all("content-security-policy").iter().count(), 1, "{path}");
        let (policy, nonce) = (value(&page, "content-security-policy"), nonce(&page));
        for name in ["default-src", "object-src", "base-uri", "frame-ancestors"] {
            assert_eq!(directive(policy, name), Some("'none'"), "{name} of {path}: {policy}");
        }
        let scripts = format!("'self' 'nonce-{nonce}' 'wasm-unsafe-eval'");
        assert_eq!(directive(policy, "script-src"), Some(scripts.as_str()), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains('*'), "{path}: {policy}");
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
async fn b45_no_two_answers_have_the_same_nonce() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let (first, second) = (nonce(&browser.get("/").await), nonce(&browser.get("/").await));
    assert_ne!(first, second);
}

#[tokio::test]
async fn b45_every_answer_has_the_other_headers_too() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let others = ["/favicon.svg", "/api/auth/session", "/api/auth/signin", "/pkg/no.js"].map(str::to_owned);
    for path in pages().into_iter().chain(others) {
        let page = browser.get(&path).await;
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
async fn b45_on_https_every_page_says_so_for_a_year_and_more() {
    let app = TestApp::start().await;
    let session = claims(&Browser::signed_in(&app, ADMIN).await);
    let https = app.start_another_with(&[("APP_URL", "https://app.example.com".to_owned())]).await;
    let session = seal(&https, &session, SECRET);
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    for path in pages() {
        let request = client.get(format!("{}{path}", https.url)).header("host", "app.example.com");
        let request = request.header("accept", "text/html").header("cookie", &session);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), if path == "/no-such-page" { 404 } else { 200 }, "{path}");
        let hsts = answer.headers()["strict-transport-security"].to_str().unwrap();
        let max_age: u64 =
            hsts.split(';').find_map(|part| part.trim().strip_prefix("max-age=")).unwrap().parse().unwrap();
        assert!(max_age >= YEAR_SECS, "{path}: {hsts}");
    }
}
