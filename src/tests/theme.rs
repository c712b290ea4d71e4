//! Light or dark: a form's choice is a cookie, and every page is rendered by it.

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
};

#[tokio::test]
async fn a_choice_is_kept_and_every_page_is_rendered_by_it() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    assert!(browser.get("/").await.body.contains("data-theme=\"system\""));

    let answer = browser.post("/api/theme", &[("theme", "dark")]).await;
    assert_eq!((answer.status, answer.location.as_deref()), (302, Some("/")), "{answer:?}");
    assert_eq!(answer.sets(), ["theme"]);
    let cookie = answer.header("set-cookie");
    for part in ["theme=dark", "Path=/", "Max-Age=31536000", "SameSite=Lax", "HttpOnly"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "it would be refused over http: {cookie}");
    for path in ["/", "/account", "/no-such-page", "/not-allowed", "/sign-in-failed?error=internal"] {
        let page = browser.get(path).await;
        assert!(page.body.contains("data-theme=\"dark\"") && page.body.contains("content=\"dark\""), "{path}");
    }

    let page = format!("{}/account?call=user-info", app.url);
    for (referer, back) in [(page.as_str(), page.as_str()), ("https://evil.example/", "/")] {
        let form = browser.client.post(format!("{}/api/theme", app.url)).form(&[("theme", "system")]);
        let form =
            form.header("Accept", "text/html").header("Sec-Fetch-Site", "same-origin").header("Referer", referer);
        let answer = form.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, back));
    }
    assert!(browser.get("/account").await.body.contains("data-theme=\"system\""));
}

#[tokio::test]
async fn nothing_but_a_theme_is_kept_or_reflected() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for fields in [&[("theme", "\"><script>")][..], &[("theme", "")], &[]] {
        assert!(browser.post("/api/theme", fields).await.sets().is_empty(), "{fields:?}");
    }
    browser.plant("theme=\"><b>dark");
    assert!(browser.get("/").await.body.contains("data-theme=\"system\""));
}

#[tokio::test]
async fn over_https_the_cookie_stays_there() {
    let https = ("APP_URL", "https://app.example.com".to_owned());
    let app = TestApp::start_with(Wishes { settings: vec![https], ..Wishes::default() }).await;
    let answer = Browser::new(&app).post("/api/theme", &[("theme", "light")]).await;
    assert!(answer.header("set-cookie").contains("; Secure"), "{answer:?}");
}
