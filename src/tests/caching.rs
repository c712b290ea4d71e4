//! No cache keeps what depends on the session: every kind of answer there is, with the status that shows that it is that
//! kind (B29). Files are the other way round.

use leptos::server_fn::axum::server_fn_paths;
use local_cognito::Fault;
use reqwest::{
    Method,
    header::{CACHE_CONTROL, HeaderMap, SET_COOKIE, VARY},
};

use crate::{
    app::TestApp,
    browser::{ADMIN, Browser, DEMO},
    routes::protected_pages,
};

/// Asks, and looks at the headers alone.
struct Asked<'b> {
    browser: &'b Browser,
    what: &'static str,
}

impl Asked<'_> {
    /// The answer's headers, if its status is the one expected.
    async fn answers(&self, method: Method, path: &str, status: u16, headers: &[(&str, &str)]) -> HeaderMap {
        let url = if path.starts_with('/') { format!("{}{path}", self.browser.app) } else { path.to_owned() };
        let mut request = self.browser.client.request(method, url);
        for (name, value) in [("Accept", "text/html"), ("Sec-Fetch-Site", "same-origin")] {
            if !headers.iter().any(|(own, _)| *own == name) {
                request = request.header(name, value);
            }
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{}: {path}", self.what);
        answer.headers().clone()
    }

    /// ... and if no cache may keep it.
    async fn is_private(&self, method: Method, path: &str, status: u16, headers: &[(&str, &str)]) -> HeaderMap {
        let answer = self.answers(method, path, status, headers).await;
        assert_private(&answer, &format!("{}: {path}", self.what));
        answer
    }
}

fn assert_private(headers: &HeaderMap, what: &str) {
    let values = |name| headers.get_all(name).into_iter().map(|value: &http::HeaderValue| value.to_str().unwrap());
    assert_eq!(values(CACHE_CONTROL).collect::<Vec<_>>(), ["private, no-store"], "{what}");
    let varies = values(VARY).flat_map(|value| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("cookie"));
    assert!(varies, "{what}: {headers:?}");
}

const JSON: (&str, &str) = ("Accept", "application/json");

#[tokio::test]
async fn b29_no_answer_that_depends_on_the_session_may_be_kept() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    for browser in [&nobody, &Browser::signed_in(&app, DEMO).await, &Browser::signed_in(&app, ADMIN).await] {
        let is_anybody = !browser.session().await.is_null();
        let is_admin = is_anybody && browser.session().await["user"]["groups"][0] == "admin";
        let asked = Asked {
            browser,
            what: if is_admin {
                "an admin"
            } else if is_anybody {
                "somebody"
            } else {
                "nobody"
            },
        };
        let page = if is_anybody { 200 } else { 302 };
        for method in [Method::GET, Method::HEAD] {
            asked.is_private(method.clone(), "/", 200, &[]).await;
            asked.is_private(method.clone(), "/account", page, &[]).await;
            let admin = match (is_anybody, is_admin) {
                (false, _) => 302,
                (true, false) => 403,
                (true, true) => 200,
            };
            asked.is_private(method, "/admin", admin, &[]).await;
        }
        let refused = if is_anybody { 403 } else { 401 };
        asked.is_private(Method::GET, "/api/admin/overview", if is_admin { 200 } else { refused }, &[JSON]).await;
        asked.is_private(Method::GET, "/api/account/profile", if is_anybody { 200 } else { 401 }, &[JSON]).await;
        asked.is_private(Method::GET, "/api/auth/session", 200, &[JSON]).await;
        for (path, headers) in [("/no-such-page", &[][..]), ("/no-such-page", &[JSON]), ("/pkg/no.js", &[JSON])] {
            asked.is_private(Method::GET, path, 404, headers).await;
        }
        asked.is_private(Method::POST, "/no-such-page", 404, &[]).await;
        asked.is_private(Method::PUT, "/account", if is_anybody { 405 } else { 401 }, &[]).await;
        asked.is_private(Method::GET, "/api/auth/signout", 405, &[]).await;
        let prefetch = ("Sec-Purpose", "prefetch");
        asked.is_private(Method::GET, "/api/auth/signin", 503, &[prefetch]).await;
        asked.is_private(Method::POST, "/api/auth/signout", 403, &[("Sec-Fetch-Site", "cross-site")]).await;
    }
}

#[tokio::test]
async fn b29_no_step_of_signing_in_and_out_may_be_kept() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let asked = Asked { browser: &browser, what: "a step" };
    let begun = asked.is_private(Method::GET, "/api/auth/signin?return_to=%2Faccount", 302, &[]).await;
    assert!(begun.contains_key(SET_COOKIE));
    let callback = browser.log_in(begun["location"].to_str().unwrap(), DEMO).await.location.unwrap();
    for failing in ["?code=x&state=y", "?error=access_denied&state=y", "?state=a&state=b", ""] {
        asked.is_private(Method::GET, &format!("/api/auth/callback/cognito{failing}"), 302, &[]).await;
    }
    let signed_in = asked.is_private(Method::GET, &callback, 302, &[]).await;
    assert!(signed_in["location"] == "/account" && signed_in.contains_key(SET_COOKIE), "{signed_in:?}");

    app.advance(3700);
    let renewed = asked.is_private(Method::GET, "/account", 200, &[]).await;
    assert!(renewed.contains_key(SET_COOKIE));
    app.advance(3700);
    let renewed = asked.is_private(Method::GET, "/api/account/profile", 200, &[JSON]).await;
    assert!(renewed.contains_key(SET_COOKIE));
    // A form's answer without JavaScript: back to the page it was on.
    let referer = format!("{}/account", app.url);
    asked.is_private(Method::GET, "/api/account/profile", 302, &[("Referer", &referer)]).await;
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 100, Fault::Throttle);
    asked.is_private(Method::GET, "/account", 200, &[]).await;
    asked.is_private(Method::GET, "/api/account/profile", 503, &[JSON]).await;

    let signed_out = asked.is_private(Method::POST, "/api/auth/signout", 303, &[]).await;
    assert!(signed_out.contains_key(SET_COOKIE));
    let asleep = Browser::signed_in(&app, ADMIN).await;
    app.cognito.revoke_all(ADMIN.0);
    app.advance(4000);
    // The orders for Cognito are used up or for somebody whose turn it is not: a verdict, sooner or later.
    let verdict = Asked { browser: &asleep, what: "after a verdict" };
    app.cognito.clear_faults();
    let ended = verdict.is_private(Method::GET, "/account", 302, &[]).await;
    assert!(ended[SET_COOKIE].to_str().unwrap().contains("Max-Age=0"), "{ended:?}");
}

/// Those that sign in and out among them, so each is asked by somebody new.
#[tokio::test]
async fn b29_every_page_and_server_function_there_is_says_so() {
    let app = TestApp::start().await;
    let pages = protected_pages().into_iter().map(|page| (page.path, Method::GET));
    let functions = server_fn_paths().map(|(path, method)| (path.to_owned(), method));
    for (path, method) in pages.chain(functions) {
        for browser in [Browser::new(&app), Browser::signed_in(&app, ADMIN).await] {
            let request = browser.client.request(method.clone(), format!("{}{path}", app.url));
            let request = request.header("Sec-Fetch-Site", "same-origin").header(JSON.0, JSON.1);
            let answer = request.send().await.unwrap();
            assert!(answer.status() != 404 && answer.status() != 405, "{path}: {}", answer.status());
            assert_private(answer.headers(), &path);
        }
    }
}

#[tokio::test]
async fn b29_a_file_sets_no_cookie_and_may_be_kept() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    browser.get("/api/auth/signin").await;
    app.advance(3700);
    let asked = Asked { browser: &browser, what: "a file" };
    for path in ["/favicon.svg", "/robots.txt"] {
        for method in [Method::GET, Method::HEAD] {
            let headers = asked.answers(method, path, 200, &[]).await;
            assert!(!headers.contains_key(SET_COOKIE) && !headers.contains_key(CACHE_CONTROL), "{path}: {headers:?}");
            let varies =
                headers.get_all(VARY).iter().any(|value| value.to_str().unwrap().to_lowercase().contains("cookie"));
            assert!(!varies, "{path}: {headers:?}");
        }
    }
    assert_eq!(app.refreshes(), 0, "and opens none");
}
