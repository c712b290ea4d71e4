//! Who sees what: decided before rendering, closed by default, and nothing secret in what is rendered.

use crate::{
    app::TestApp,
    browser::{ADMIN, Browser, DEMO},
};

#[tokio::test]
pub(crate) async fn b43_without_a_session_pages_redirect_with_an_empty_body_and_calls_get_a_typed_error() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for (path, return_to) in [("/account", "%2Faccount"), ("/admin?x=1", "%2Fadmin%3Fx%3D1")] {
        let page = browser.get(path).await;
        assert_eq!((page.status, page.body.as_str()), (302, ""), "{path}");
        assert_eq!(page.location.unwrap(), format!("/api/auth/signin?return_to={return_to}"));
    }
    for path in ["/api/account/profile", "/api/admin/overview"] {
        for call in [browser.get(path).await, browser.get_json(path).await] {
            assert_eq!((call.status, call.error().0.as_str()), (401, "signed_out"), "{path}");
        }
    }
}

#[tokio::test]
async fn public_pages_render_for_everybody() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for path in ["/", "/sign-in-failed", "/sign-in-failed?error=access_denied&ref=abc"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.body.contains("</html>"), "{path}");
    }
}

#[tokio::test]
pub(crate) async fn b43_the_admin_page_is_for_the_group() {
    let app = TestApp::start().await;
    let demo = Browser::signed_in(&app, DEMO).await;
    let refused = demo.get("/admin").await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("This page is not for your account") && !refused.body.contains("Overview"));
    let call = demo.get_json("/api/admin/overview").await;
    assert_eq!((call.status, call.error().0.as_str()), (403, "not_allowed"));
    let admin = Browser::signed_in(&app, ADMIN).await;
    assert_eq!(admin.get("/admin").await.status, 200);
    assert_eq!(admin.get_json("/api/admin/overview").await.status, 200);
}

#[tokio::test]
async fn b43_other_spellings_of_a_protected_path_show_nothing() {
    let app = TestApp::start().await;
    let anybody = Browser::new(&app);
    let demo = Browser::signed_in(&app, DEMO).await;
    for path in
        ["/account/", "//account", "/%61ccount", "/Account", "/admin/", "/%61dmin", "/account%2f", "/./account/."]
    {
        let page = anybody.get(path).await;
        let is_sent_on = matches!(page.status, 302 | 308) && page.body.is_empty();
        assert!(page.status == 404 || is_sent_on, "{path}: {page:?}");
        let page = demo.get(path).await;
        let is_refused = matches!(page.status, 302 | 308 | 403 | 404);
        assert!(is_refused || path == "/./account/.", "{path}: {}", page.status);
        assert!(!page.body.contains("Your profile"), "{path}");
    }
}

#[tokio::test]
async fn unknown_paths_are_404_with_a_page_for_browsers() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let page = browser.get("/no-such-page").await;
    assert_eq!(page.status, 404);
    assert!(page.body.contains("</html>"));
    assert_eq!(browser.get_json("/pkg/missing.js").await.body, "");
    assert_eq!(browser.post("/no-such-page", &[]).await.status, 404);
}

#[tokio::test]
pub(crate) async fn b28_b29_no_token_is_in_a_page_or_an_answer_and_no_cache_may_keep_either() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in ["/", "/account", "/api/auth/session", "/api/account/profile", "/no-such-page"] {
        let page = browser.get(path).await;
        assert!(!page.body.contains("eyJ"), "a token is in {path}");
        assert_eq!(page.header("cache-control"), "private, no-store", "{path}");
        assert!(page.header("vary").contains("Cookie"), "{path}");
    }
}

#[tokio::test]
async fn nobody_is_sent_to_a_foreign_referrer() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    let own = format!("{}/account", app.url);
    for (referer, goes_to) in [("https://evil.example/", "/"), ("http://localhost.evil.example/", "/"), (&own, &own)] {
        let request = browser.client.get(format!("{}/api/account/profile", app.url)).header("Accept", "text/html");
        let answer = request.header("Referer", referer).send().await.unwrap();
        let location = answer.headers()["location"].to_str().unwrap();
        assert_eq!(location.trim_end_matches('?'), goes_to, "{referer}");
    }
}

#[tokio::test]
async fn a_cookie_of_another_program_takes_nobodys_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let header = [b"x=\xc3\xa9; ", browser.cookies()[0].as_bytes()].concat();
    let client = reqwest::Client::new();
    let request = client.get(format!("{}/api/auth/session", app.url)).header("Cookie", &header[..]);
    assert!(request.send().await.unwrap().text().await.unwrap().contains("demo@example.com"));
}
