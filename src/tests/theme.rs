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
    assert!(cookie.starts_with(&format!("{}=dark;", app.cookie("theme"))), "{cookie}");
    for part in ["Path=/", "Max-Age=31536000", "SameSite=Lax", "HttpOnly"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "it would be refused over http: {cookie}");
    for path in ["/", "/account", "/no-such-page", "/sign-in-failed?error=internal"] {
        let page = browser.get(path).await;
        assert!(page.body.contains("data-theme=\"dark\"") && page.body.contains("content=\"dark\""), "{path}");
    }

    let own = ["/account?call=user-info", "/account"].map(|path| format!("{}{path}", app.url));
    // Of another port: what it begins with is this app's.
    let foreign = [format!("{}0/", app.url), "https://evil.example/".to_owned()];
    let own = own.iter().map(|page| (page.as_str(), page.as_str()));
    for (referer, back) in own.chain(foreign.iter().map(|page| (page.as_str(), "/"))) {
        let form = browser.client.post(format!("{}/api/theme", app.url)).form(&[("theme", "system")]);
        let form =
            form.header("Accept", "text/html").header("Sec-Fetch-Site", "same-origin").header("Referer", referer);
        let answer = form.send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, back));
    }
    assert!(browser.get("/account").await.body.contains("data-theme=\"system\""));
}

#[tokio::test]
async fn a_script_that_chooses_is_led_nowhere() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let call = browser.client.post(format!("{}/api/theme", app.url)).form(&[("theme", "dark")]);
    let call = call.header("Accept", "application/json").header("Sec-Fetch-Site", "same-origin");
    let answer = call.header("Referer", format!("{}/account", app.url)).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    for header in ["location", "serverfnredirect"] {
        assert!(!answer.headers().contains_key(header), "{answer:?}");
    }
}

#[tokio::test]
async fn nothing_but_a_theme_is_kept_or_reflected() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for fields in [&[("theme", "\"><script>")][..], &[("theme", "")], &[]] {
        assert!(browser.post("/api/theme", fields).await.sets().is_empty(), "{fields:?}");
    }
    browser.plant(&format!("{}=\"><b>dark", app.cookie("theme")));
    assert!(browser.get("/").await.body.contains("data-theme=\"system\""));
}

#[tokio::test]
async fn over_https_the_cookie_stays_there() {
    let https = ("APP_URL", "https://app.example.com".to_owned());
    let app = TestApp::start_with(Wishes { settings: vec![https], ..Wishes::default() }).await;
    let answer = Browser::new(&app).post("/api/theme", &[("theme", "light")]).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("theme=light;") && cookie.contains("; Secure"), "{answer:?}");
}
