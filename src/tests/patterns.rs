//! Routes with parameters: Leptos' router takes more spellings of a path for the same page than the server's does, and a
//! spelling that an open pattern matches shows no page that needs somebody.

use axum::Router;
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_cognito::server::{Access, Auth};
use leptos_router::{
    Method, SsrMode,
    components::{Route, Router as LeptosRouter, Routes},
    path,
};
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{ADMIN, Browser, DEMO},
};

fn shell(_: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <body>
                <LeptosRouter>
                    <Routes fallback=|| "no such page">
                        <Route path=path!("/account") view=|| "an account" />
                        <Route path=path!("/reports/:year/staff") view=|| "a report for admins" />
                        <Route path=path!("/docs/*rest") view=|| "open docs" />
                        <Route path=path!("/reports/:year/:part") view=|| "an open report" />
                        <Route path=path!("/:page") view=|| "an open page" />
                    </Routes>
                </LeptosRouter>
            </body>
        </html>
    }
}

async fn serve(app: &TestApp) -> String {
    let access = Access::new()
        .signed_in("/account")
        .group("/reports/{year}/staff", "admin")
        .public("/docs/{*rest}")
        .public("/reports/{year}/{part}")
        .public("/{page}");
    let auth = Auth::new(auth_config(&app.cognito, &app.url, &[]), access, clock_of(&app.cognito)).await.unwrap();
    let options = LeptosOptions::builder().output_name("test").build();
    let shell_options = options.clone();
    let paths = ["/account", "/reports/{year}/staff", "/docs/{*rest}", "/reports/{year}/{part}", "/{page}"];
    let listing =
        paths.map(|path| AxumRouteListing::new(path.to_owned(), SsrMode::OutOfOrder, [Method::Get], Vec::new()));
    let router = Router::new()
        .leptos_routes(&options, listing.to_vec(), move || shell(shell_options.clone()))
        .with_state(options);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, auth.mount(router)).await.unwrap() });
    url
}

/// The answer to exactly these bytes as a target; the client library would tidy them up.
async fn ask(url: &str, target: &str, cookies: &[String]) -> (u16, String) {
    let cookies = cookies.join("; ");
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n"
    );
    let answer = crate::raw::RawClient::sending(url, request).await.answer().await;
    (answer.status, answer.body)
}

#[tokio::test]
async fn b43_no_spelling_of_a_path_shows_a_protected_page_by_an_open_patterns_rule() {
    let app = TestApp::start().await;
    let url = serve(&app).await;
    let (nobody, demo) = (Vec::new(), Browser::signed_in(&app, DEMO).await.cookies());
    let admin = Browser::signed_in(&app, ADMIN).await.cookies();
    for (target, shows) in [
        ("/docs/../account", "an account"),
        ("/docs/%2e%2e/account", "an account"),
        ("/docs/x/../.././account/", "an account"),
        ("/docs\\..\\account", "an account"),
        ("/account\\", "an account"),
        ("/account\\.", "an account"),
        ("/reports/2026/staff\\", "a report for admins"),
        ("/docs/../reports/2026/./staff", "a report for admins"),
        ("/docs/..\\reports\\1\\staff", "a report for admins"),
    ] {
        let (status, body) = ask(&url, target, &nobody).await;
        assert_eq!((status, body.as_str()), (302, ""), "{target}");
        let (status, body) = ask(&url, target, &demo).await;
        let is_refused = status == 403 && !body.contains("a report");
        assert!(is_refused || (shows == "an account" && body.contains(shows)), "{target} for demo: {status} {body}");
        let (status, body) = ask(&url, target, &admin).await;
        assert!(status == 200 && body.contains(shows), "{target} for an admin: {status} {body}");
    }
    for target in ["/%61ccount", "/docs/%2e%2e%2faccount", "/docs/..%5caccount", "//account", "/account/"] {
        let (status, body) = ask(&url, target, &nobody).await;
        assert!(matches!(status, 302 | 308 | 404) && !body.contains("an account"), "{target}: {status} {body}");
    }
}

#[tokio::test]
async fn b43_what_is_open_stays_open() {
    let app = TestApp::start().await;
    let url = serve(&app).await;
    for (target, shows) in [
        ("/hello", "an open page"),
        ("/caf%C3%A9", "an open page"),
        ("/docs/a/b", "open docs"),
        ("/docs/a/../b/", "open docs"),
        ("/docs/account", "open docs"),
        ("/reports/2026/x", "an open report"),
    ] {
        let (status, body) = ask(&url, target, &[]).await;
        assert!(status == 200 && body.contains(shows), "{target}: {status} {body}");
    }
}
