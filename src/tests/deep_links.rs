//! Where people wanted to go: every way to sign in leads there (B7 says where it may lead).

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO, query},
};

/// A path with a query, so many bytes in all.
fn page_of(bytes: usize) -> String {
    let head = "/account?filter=";
    format!("{head}{}", "a".repeat(bytes - head.len()))
}

#[tokio::test]
async fn deep_links_up_to_2_kb_are_kept() {
    let app = TestApp::start().await;
    for page in [
        page_of(1500),
        page_of(2048),
        "/account?q=a%2Fb%25c".to_owned(),
        "/account?file=reports%2F2026%2Fq3.pdf&next=/notes".to_owned(),
    ] {
        let browser = Browser::new(&app);
        assert_eq!(browser.sign_in(&page, DEMO).await.location.as_deref(), Some(page.as_str()));
        assert!(browser.cookies().iter().map(String::len).sum::<usize>() < 8 * 1024, "what every proxy takes");
    }
}

#[tokio::test]
async fn a_longer_link_says_so_instead_of_landing_on_the_home_page() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let long = page_of(2049);
    let answer = browser.get(&long).await;
    assert_eq!((answer.status, answer.body.as_str()), (302, ""));
    let by_guard = answer.location.unwrap();
    let by_link =
        browser.get(&format!("/api/auth/signin?return_to={}", long.replace('?', "%3F"))).await.location.unwrap();
    for location in [by_guard, by_link] {
        assert!(location.starts_with("/sign-in-failed?error=link_too_long"), "{location}");
        let page = browser.get(&location).await;
        assert!(page.body.contains("too long"), "{}", page.body);
        assert!(page.body.contains("/api/auth/signin?return_to=%2F\""), "there is a way in: {}", page.body);
    }
    browser.sign_in("/account", DEMO).await;
    assert_eq!(browser.get(&long).await.status, 200, "signed in, it opens");
}

#[tokio::test]
async fn a_sign_in_on_another_host_goes_to_the_apps_own_first() {
    let app = TestApp::start().await;
    let own = &app.url;
    let client = Browser::new(&app).client;
    for (host, path, leads_to) in [
        ("127.0.0.1:1", "/api/auth/signin?return_to=/account", "/account"),
        ("www.example.com", "/api/auth/signin?return_to=//evil.example", "/"),
        ("evil.example", "/api/auth/signin", "/"),
    ] {
        let answer = client.get(format!("{own}{path}")).header("Host", host).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap().to_owned();
        assert!(location.starts_with(&format!("{own}/api/auth/signin?")), "{host}: {location}");
        assert_eq!(query(&location)["return_to"], leads_to);
        assert!(!answer.headers().contains_key("set-cookie"), "not on that host");
        // A proxy that writes another host into every request makes no loop of it.
        let answer = client.get(location).header("Host", host).send().await.unwrap();
        assert!(answer.headers()["location"].to_str().unwrap().starts_with(&app.cognito.base_url()), "{host}");
    }
    // Written otherwise, the same.
    let port = own.rsplit(':').next().unwrap();
    for host in [format!("localhost:{port}"), format!("LOCALHOST:{port}")] {
        let answer = client.get(format!("{own}/api/auth/signin")).header("Host", &host).send().await.unwrap();
        assert!(answer.headers()["location"].to_str().unwrap().starts_with(&app.cognito.base_url()), "{host}");
    }
}

#[tokio::test]
async fn denied_is_403_at_the_pages_own_address() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let refused = browser.get("/admin?tab=1").await;
    assert_eq!((refused.status, refused.location.as_deref()), (403, None));
    assert!(refused.body.contains("This page is not for your account"), "{}", refused.body);
    assert_eq!(refused.header("cache-control"), "private, no-store");
    assert!(refused.body.contains("Reference: <code>"), "what to tell the people who run the site: {}", refused.body);
}

#[tokio::test]
async fn another_account_comes_back_to_the_refused_page() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let refused = browser.get("/admin?tab=1").await;
    let form = refused.body.split("<form").find(|form| form.contains("Sign out to use another account")).unwrap();
    assert!(form.contains("name=\"return_to\"") && form.contains("value=\"/admin?tab=1\""), "{form}");
    let out = browser.post("/api/auth/signout", &[("return_to", "/admin?tab=1")]).await;
    assert_eq!(out.status, 303);
    let (url, page) = browser.follow(&out.location.unwrap()).await;
    assert!(url.contains("/login?"), "asks who it is: {url}");
    assert!(page.body.contains("<form"), "{}", page.body);
    let callback = browser.log_in(&url, ADMIN).await.location.unwrap();
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/admin?tab=1"));
    assert_eq!(browser.get("/admin?tab=1").await.status, 200);
    assert_eq!(browser.get("/").await.status, 200, "the home page is the home page again");
}

#[tokio::test]
async fn signing_out_leads_to_a_page_of_this_site_and_nowhere_else() {
    let app = TestApp::start().await;
    for (return_to, lands_at) in
        [("/no-such-page", "/no-such-page"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/", "/")]
    {
        let browser = Browser::signed_in(&app, DEMO).await;
        let out = browser.post("/api/auth/signout", &[("return_to", return_to)]).await;
        let (url, page) = browser.follow(&out.location.unwrap()).await;
        assert_eq!(url, format!("{}{lands_at}", app.url), "{return_to}");
        assert!(page.body.contains("Sign in"));
        assert_eq!(browser.get("/").await.status, 200, "once");
    }
}

#[tokio::test]
async fn a_trailing_slash_leads_to_the_right_place() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for (path, leads_to) in [
        ("/account/", "/account"),
        ("/account/?tab=1", "/account?tab=1"),
        ("/account//", "/account"),
        ("/sign-in-failed/?error=access_denied", "/sign-in-failed?error=access_denied"),
        ("/no-such-page/", "/no-such-page"),
    ] {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.location.as_deref()), (308, Some(leads_to)), "{path}");
        assert_eq!(answer.header("cache-control"), "private, no-store", "a browser would keep it for ever");
    }
    for path in ["//evil.example/", "/\\evil.example/", "/%2F/evil.example/", "///", "//"] {
        let answer =
            browser.client.get(format!("{}{path}", app.url)).header("Accept", "text/html").send().await.unwrap();
        let location = answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
        assert!(
            location.as_ref().is_none_or(|location| location.starts_with('/')
                && !location.starts_with("//")
                && !location.contains('\\')
                && !location.contains("%2F")),
            "{path}: {location:?}"
        );
    }
    let callback = browser.go_to_callback("/account?tab=2", DEMO).await;
    let with_slash = callback.replace("/callback/cognito?", "/callback/cognito/?");
    let (url, page) = browser.follow(&with_slash).await;
    assert_eq!((url, page.status), (format!("{}/account?tab=2", app.url), 200));
}

#[tokio::test]
async fn the_session_in_the_address_bar_is_json() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for (who, is_signed_in) in [(&browser, true), (&Browser::new(&app), false)] {
        let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        let page =
            who.client.get(format!("{}/api/auth/session", app.url)).header("Accept", accept).send().await.unwrap();
        assert_eq!(page.status().as_u16(), 200);
        assert!(page.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
        let session: serde_json::Value = page.json().await.unwrap();
        assert_eq!(session["user"]["email"] == DEMO.0, is_signed_in, "{session}");
    }
}

#[tokio::test]
async fn b07_an_escaped_slash_or_percent_in_a_segment_survives() {
    let settings = Vec::new();
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    for page in ["/files/a%2Fb", "/files/100%25", "/files/a%2fb%252Fc?x=1", "/caf%C3%A9/%E2%82%AC%2F1"] {
        let browser = Browser::new(&app);
        let hosted_ui = browser.get(&format!("/api/auth/signin?return_to={}", page.replace('%', "%25"))).await.location;
        let callback = browser.log_in(&hosted_ui.unwrap(), DEMO).await.location.unwrap();
        assert_eq!(browser.get(&callback).await.location.as_deref(), Some(page));
    }
}
