//! How the app marks its cookies, at every step of their life: set, renewed, cleared (B20, B21). What a browser makes of
//! it on https is in end2end/tests/https.spec.ts.

use reqwest::header::{COOKIE, HOST};

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, Page},
};

const APP: &str = "https://app.example.com";

/// Sign-in, refresh, and sign-out with another sign-in under way: every `Set-Cookie` line of it. The cookies are kept by
/// hand, as no jar sends a `Secure` one over http.
async fn lines_of_a_life(app: &TestApp, public_url: &str) -> Vec<String> {
    let browser = Browser::at(public_url);
    let (mut jar, mut lines) = (Vec::<(String, String)>::new(), Vec::new());
    let mut callback = None;
    for step in ["/api/auth/signin", "callback", "/api/auth/session", "/api/auth/signin", "/api/auth/signout"] {
        if step == "/api/auth/session" {
            app.advance(3700);
        }
        let path = if step == "callback" { callback.take().unwrap() } else { step.to_owned() };
        let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let method = if step.ends_with("signout") { reqwest::Method::POST } else { reqwest::Method::GET };
        let request = browser.client.request(method, format!("{}{path}", app.url)).header(COOKIE, cookies.join("; "));
        let request = request.header(HOST, app.host());
        let answer = Page::read(request.header("Sec-Fetch-Site", "same-origin").send().await.unwrap()).await;
        assert!(!answer.set_cookies().is_empty(), "{step}: {answer:?}");
        for line in answer.set_cookies() {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            jar.retain(|(own, _)| own != name);
            if !line.contains("Max-Age=0") {
                jar.push((name.to_owned(), value.to_owned()));
            }
            lines.push(line);
        }
        if step.ends_with("signin") {
            let landed = browser.log_in(&answer.location.unwrap(), DEMO).await.location.unwrap();
            callback = Some(format!("/api/auth/callback/cognito?{}", landed.split_once('?').unwrap().1));
        }
    }
    let left: Vec<_> = jar.into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, [app.cookie("signed-out")]);
    lines
}

async fn assert_attributes(app: &TestApp, public_url: &str, expected: &[&str]) {
    let lines = lines_of_a_life(app, public_url).await;
    // Set: two sign-ins, a session, the session renewed, the sign-out. Cleared: each sign-in, the session.
    assert_eq!(lines.len(), 8, "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains("Max-Age=0")).count(), 3);
    for line in &lines {
        let mut parts = line.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let of_sign_in = name.strip_prefix(&format!("{}.", app.cookie("sign-in")));
        let is_single = ["session", "signed-out"].iter().any(|plain| name == app.cookie(plain));
        assert!(is_single || of_sign_in.is_some_and(|id| id.len() == 12), "{line}");
        let (max_age, mut others): (Vec<_>, Vec<_>) = parts.partition(|part| part.starts_with("Max-Age="));
        others.sort_unstable();
        assert_eq!(others, expected, "{line}");
        assert_eq!((max_age.len(), max_age == ["Max-Age=0"]), (1, value.is_empty()), "{line}");
    }
}

#[tokio::test]
async fn b20_b21_on_https_every_cookie_is_host_bound_secure_http_only_and_lax() {
    let settings = vec![("APP_URL", APP.to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    assert_attributes(&app, APP, &["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]).await;
}

#[tokio::test]
async fn b20_b21_on_http_loopback_every_cookie_has_its_port_and_is_http_only_and_lax() {
    let app = TestApp::start().await;
    assert_attributes(&app, &app.url, &["HttpOnly", "Path=/", "SameSite=Lax"]).await;
}

#[tokio::test]
async fn b20_plain_names_are_for_http_loopback_alone() {
    let settings = vec![("APP_URL", APP.to_owned())];
    let https = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let browser = Browser::at(APP);
    let get = async |path: &str, cookie: String| {
        let request = browser.client.get(format!("{}{path}", https.url)).header(COOKIE, cookie);
        Page::read(request.header(HOST, https.host()).send().await.unwrap()).await
    };
    let begun = get("/api/auth/signin", String::new()).await;
    let pending = begun.set_cookies()[0].split(';').next().unwrap().to_owned();
    let landed = browser.log_in(&begun.location.unwrap(), DEMO).await.location.unwrap();
    assert!(landed.starts_with(APP), "{landed}");
    let callback = format!("/api/auth/callback/cognito?{}", landed.split_once('?').unwrap().1);
    let plain = |cookie: &str| cookie.strip_prefix("__Host-").unwrap().to_owned();
    assert_eq!(get(&callback, plain(&pending)).await.failure().as_deref(), Some("starts_over"));
    let signed_in = get(&callback, pending).await;
    let session = signed_in.set_cookies().into_iter().find(|line| line.starts_with("__Host-session=")).unwrap();
    let session = session.split(';').next().unwrap();
    assert_eq!(get("/api/auth/session", plain(session)).await.body, "null");
    assert!(get("/api/auth/session", session.to_owned()).await.body.contains(DEMO.0));
}

#[tokio::test]
async fn b21_no_cookie_is_strict_or_none() {
    let settings = vec![("APP_URL", APP.to_owned())];
    let https = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let http = TestApp::start().await;
    for (app, public_url) in [(&https, APP), (&http, &http.url)] {
        for line in lines_of_a_life(app, public_url).await {
            let lower = line.to_ascii_lowercase();
            assert_eq!(lower.matches("samesite").count(), 1, "{line}");
            assert!(lower.contains("; samesite=lax"), "{line}");
        }
    }
}
