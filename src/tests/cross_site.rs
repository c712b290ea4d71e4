//! Requests that another site's page sends with this browser's cookies (B42): every server function there is, by every
//! sign that a browser gives of where it was.

use leptos::server_fn::axum::server_fn_paths;
use reqwest::{Method, Response};

use crate::{
    app::TestApp,
    browser::{Browser, DEMO, Page},
};

/// The round trip of the sign-in itself: links to it come from anywhere, and Cognito leads back to it.
const ROUND_TRIP: [&str; 2] = ["/api/auth/signin", "/api/auth/callback/cognito"];

/// What a browser, or a proxy that forwards what the client wrote, says of where the request was made.
const FOREIGN: [&[(&str, &str)]; 7] = [
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), ("origin", "http://other.localhost")],
    &[("sec-fetch-site", "cross-site"), ("origin", "null")],
    &[("origin", "https://evil.example")],
    &[("origin", "null")],
    &[("origin", "http://localhost")],
    // tower-http's layer takes an Origin that equals the Host.
    &[("origin", "http://evil.example"), ("host", "evil.example")],
];

async fn send(browser: &Browser, method: &Method, path: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = browser.client.request(method.clone(), format!("{}{path}", browser.app));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let is_form = *method == Method::POST;
    if is_form {
        request = request.header("content-type", "application/x-www-form-urlencoded").body("");
    }
    request.send().await.unwrap()
}

#[tokio::test]
async fn b42_no_server_function_is_called_from_another_site() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let all: Vec<_> = server_fn_paths().filter(|(path, _)| !ROUND_TRIP.contains(path)).collect();
    assert!(all.len() > 4 && all.contains(&("/api/auth/signout", Method::POST)), "{all:?}");
    for (path, method) in all {
        for headers in FOREIGN {
            let answer = Page::read(send(&browser, &method, path, headers).await).await;
            assert_eq!(answer.status, 403, "{method} {path} {headers:?}: {answer:?}");
            assert_eq!(answer.error().0, "invalid_request", "{method} {path}");
            assert_eq!(answer.header("cache-control"), "private, no-store");
            assert!(answer.sets().is_empty() && !answer.headers.contains_key("set-cookie"));
        }
    }
    assert_eq!(app.cognito.count("RevokeToken"), 0);
    assert_eq!(browser.session().await["user"]["email"], DEMO.0, "the session lives");
}

#[tokio::test]
async fn b42_a_form_of_another_site_reaches_no_page_either() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    for path in ["/", "/account", "/admin", "/api/auth/signin", "/api/auth/callback/cognito", "/no-such-page"] {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            for headers in FOREIGN {
                let status = send(&browser, &method, path, headers).await.status();
                assert_eq!(status, 403, "{method} {path} {headers:?}");
            }
        }
    }
    assert_eq!(browser.session().await["user"]["email"], DEMO.0);
}

#[tokio::test]
async fn b42_this_sites_own_pages_call_and_links_lead_to_pages_and_to_the_sign_in() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let own = app.url.clone();
    for headers in [
        vec![("sec-fetch-site", "same-origin"), ("origin", own.as_str())],
        vec![("sec-fetch-site", "same-origin")],
        vec![("sec-fetch-site", "none")],
        vec![("origin", own.as_str())],
        vec![],
    ] {
        let answer = send(&browser, &Method::GET, "/api/account/profile", &headers).await;
        assert_eq!(answer.status(), 200, "{headers:?}");
    }
    let elsewhere = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("accept", "text/html")];
    for (path, status) in [("/account", 200), ("/", 200), ("/api/auth/signin", 302)] {
        assert_eq!(send(&browser, &Method::GET, path, &elsewhere).await.status(), status, "a link to {path}");
    }
    // Behind a proxy that writes a Host of its own, from a browser that is too old for Sec-Fetch-Site.
    let own = [("origin", own.as_str()), ("host", "internal:8080")];
    assert_eq!(send(&browser, &Method::POST, "/api/auth/signout", &own).await.status(), 303);
    assert!(browser.session().await.is_null(), "a sign-out of this site's own is one");
}

#[tokio::test]
async fn b42_no_get_changes_anything() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let (session, cookies) = (browser.session().await, browser.cookies());
    let calls = app.cognito.requests().len();
    for (path, method) in server_fn_paths().filter(|(path, _)| !ROUND_TRIP.contains(path)) {
        let answer = browser.get_json(path).await;
        let expected: &[u16] = if method == Method::GET { &[200, 403] } else { &[404, 405] };
        assert!(expected.contains(&answer.status), "GET {path}: {answer:?}");
        assert!(!answer.headers.contains_key("set-cookie"), "GET {path}: {answer:?}");
    }
    // What is asked of Cognito reads.
    let asked: Vec<_> = app.cognito.requests().into_iter().skip(calls).map(|call| call.operation).collect();
    assert!(asked.iter().all(|operation| ["GetUser", "userInfo"].contains(&operation.as_str())), "{asked:?}");
    assert_eq!((browser.session().await["user"].clone(), browser.cookies()), (session["user"].clone(), cookies));
}
