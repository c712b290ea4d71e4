//! Everything that needs somebody, by the app's own table: nobody sees a byte of it, each server function says so for
//! itself, roles are Cognito's, and every page has the way out.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, routing::any};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_cognito::server::{Access, Auth};
use leptos_cognito_app::server;
use leptos_router::{
    Method, SsrMode,
    components::{Route, Router as LeptosRouter, Routes},
    path,
};
use serde_json::json;
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{ADMIN, Browser, DEMO, Page},
    form::Form,
    routes::{Protected, protected, protected_pages},
};

/// Nothing but the refusal itself.
fn assert_refused(route: &Protected, answer: &Page, (code, status): (&str, u16)) {
    let path = &route.path;
    if route.call.is_some() {
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{path}");
    } else if status == 403 {
        assert_eq!((answer.status, answer.location.as_deref()), (403, None), "{path}");
        assert!(
            ["This page is not for your account", "This page isn't for your account"]
                .iter()
                .any(|words| answer.body.contains(words)),
            "{path}: {}",
            answer.body
        );
    } else {
        assert_eq!((answer.status, answer.body.as_str()), (302, ""), "{path}");
        let location = answer.location.as_deref().unwrap_or_default();
        assert!(location.starts_with("/api/auth/signin?return_to="), "{path}: {location}");
    }
}

const SIGNED_OUT: (&str, u16) = ("signed_out", 401);
const NOT_ALLOWED: (&str, u16) = ("not_allowed", 403);

async fn listen(router: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

#[tokio::test]
async fn b43_nobody_gets_a_byte_of_any_page_or_server_function() {
    let app = TestApp::start().await;
    let gone = Browser::signed_in(&app, ADMIN).await;
    gone.post("/api/auth/signout", &[]).await;
    let forger = Browser::new(&app);
    let sealed = "eyJhbGciOiJkaXIifQ..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
    forger.plant(&format!("{}={sealed}", app.cookie("session")));
    for browser in [Browser::new(&app), gone, forger] {
        for route in protected() {
            assert_refused(&route, &browser.request(&route).await, SIGNED_OUT);
            for accept in ["text/html", "application/json", "*/*", "image/png"] {
                let method = route.call.clone().unwrap_or_default();
                let asked = browser.client.request(method, format!("{}{}", app.url, route.path));
                let answer = Page::read(asked.header("Accept", accept).send().await.unwrap()).await;
                let (status, refused) = if route.call.is_some() { (401, "signed_out") } else { (302, "") };
                assert_eq!(answer.refusal(), (status, refused.to_owned()), "{} for {accept}", route.path);
            }
        }
    }
}

/// WebKit finishes no Back that is answered by a redirect to another site: it gets an empty page that goes on by itself.
#[tokio::test]
async fn b40_b43_webkit_is_sent_on_by_a_page_with_nothing_in_it() {
    let app = TestApp::start().await;
    let agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";
    for Protected { path: page, .. } in protected_pages() {
        let browser = Browser::new(&app);
        let asked = browser.client.get(format!("{}{page}?a=b", app.url)).header("User-Agent", agent);
        let answer = Page::read(asked.header("Accept", "text/html").send().await.unwrap()).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.location.as_deref()), (200, "", None), "{page}");
        let to = format!("0;url=/api/auth/signin?return_to=%2F{}%3Fa%3Db", &page[1..]);
        assert_eq!((answer.header("refresh"), answer.header("cache-control")), (to.as_str(), "private, no-store"));
    }
}

#[tokio::test]
async fn b43_a_group_of_the_table_lets_in_its_people_alone() {
    let app = TestApp::start().await;
    let (demo, admin) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, ADMIN).await);
    let (demos, admins) = (demo.person().await, admin.person().await);
    for route in protected() {
        let answer = demo.request(&route.sent_by(&demos)).await;
        if route.group.is_some() {
            assert_refused(&route, &answer, NOT_ALLOWED);
        } else {
            assert_eq!(answer.status, 200, "{}", route.path);
        }
        let answer = admin.request(&route.sent_by(&admins)).await;
        assert!(answer.status == 200 && !answer.body.is_empty(), "{}: {answer:?}", route.path);
    }
}

#[tokio::test]
async fn b43_each_server_function_checks_for_itself_where_the_table_lets_everybody_in() {
    let app = TestApp::start().await;
    let mut open = Access::new().public("/");
    for route in protected() {
        open = open.public(&route.path);
    }
    let auth = Auth::new(auth_config(&app.cognito, &app.url, &[]), open, clock_of(&app.cognito)).await.unwrap();
    let options = LeptosOptions::builder().output_name("leptos-cognito").site_root("public").build();
    let url = listen(server::build(options, &auth, server::Limits::default(), None)).await;
    let demo = Browser::signed_in(&app, DEMO).await;
    let demos = demo.person().await;
    for route in protected() {
        let at_open = Protected { path: format!("{url}{}", route.path), ..route.sent_by(&demos) };
        let (nobody, somebody) = (Browser::new(&app).request(&at_open).await, demo.request(&at_open).await);
        if route.call.is_some() {
            assert_refused(&at_open, &nobody, SIGNED_OUT);
            match &route.group {
                Some(_) => assert_refused(&at_open, &somebody, NOT_ALLOWED),
                None => assert_eq!(somebody.status, 200, "{}", route.path),
            }
        } else {
            assert_eq!(nobody.status, 200, "the table lets everybody in: {}", route.path);
            let said = ["You are signed out. Sign in to see this page.", "Your session has ended."];
            assert!(said.iter().any(|text| nobody.body.contains(text)), "{}", route.path);
        }
    }
}

#[tokio::test]
async fn b43_a_group_that_was_taken_away_is_gone_with_the_next_renewal() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, ADMIN).await;
    let pool_id = app.cognito.issuer().rsplit('/').next().unwrap().to_owned();
    let membership = json!({ "UserPoolId": pool_id, "Username": ADMIN.0, "GroupName": "admin" });
    app.cognito.administer("AdminRemoveUserFromGroup", &membership).await;
    app.advance(3700);
    for route in protected().iter().filter(|route| route.group.as_deref() == Some("admin")) {
        assert_refused(route, &browser.request(route).await, NOT_ALLOWED);
    }
    app.cognito.administer("AdminAddUserToGroup", &membership).await;
    app.advance(3700);
    assert_eq!(browser.get("/admin").await.status, 200);
}

/// How often the page below was made.
static RENDERED: AtomicUsize = AtomicUsize::new(0);

#[component]
fn Watched() -> impl IntoView {
    RENDERED.fetch_add(1, Ordering::SeqCst);
    view! { <p>"a protected byte"</p> }
}

fn shell(_: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <body>
                <LeptosRouter>
                    <Routes fallback=|| "none">
                        <Route path=path!("/watched") view=Watched />
                    </Routes>
                </LeptosRouter>
            </body>
        </html>
    }
}

#[tokio::test]
async fn b43_the_decision_comes_before_rendering_and_before_any_handler() {
    let app = TestApp::start().await;
    let access = Access::new();
    let auth = Auth::new(auth_config(&app.cognito, &app.url, &[]), access, clock_of(&app.cognito)).await.unwrap();
    let options = LeptosOptions::builder().output_name("test").build();
    let shell_options = options.clone();
    let listing = AxumRouteListing::new("/watched".to_owned(), SsrMode::OutOfOrder, [Method::Get], Vec::new());
    let handled = Arc::new(AtomicUsize::new(0));
    let count = handled.clone();
    let router = Router::new()
        .leptos_routes(&options, vec![listing], move || shell(shell_options.clone()))
        .route("/handler", any(async move || count.fetch_add(1, Ordering::SeqCst).to_string()))
        .with_state(options);
    let url = listen(auth.mount(router)).await;
    let nobody = Browser::new(&app);
    for path in ["/watched", "/handler"] {
        let answer = nobody.get(&format!("{url}{path}")).await;
        assert_eq!((answer.status, answer.body.as_str()), (302, ""), "{path}");
    }
    let call = nobody.post(&format!("{url}/handler"), &[]).await;
    assert_eq!(call.refusal(), (401, "signed_out".to_owned()), "what is no page gets a typed error");
    assert_eq!((RENDERED.load(Ordering::SeqCst), handled.load(Ordering::SeqCst)), (0, 0));
    let browser = Browser::signed_in(&app, DEMO).await;
    assert!(browser.get(&format!("{url}/watched")).await.body.contains("a protected byte"));
    browser.get(&format!("{url}/handler")).await;
    assert_eq!((RENDERED.load(Ordering::SeqCst), handled.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn b39_every_protected_page_has_a_form_that_signs_out() {
    let app = TestApp::start().await;
    for route in protected_pages() {
        let browser = Browser::signed_in(&app, ADMIN).await;
        let page = browser.get(&route.path).await;
        assert_eq!(page.status, 200, "{}", route.path);
        let form = page.body.split("<form").skip(1).find(|form| form.contains("action=\"/api/auth/signout\""));
        let form =
            form.and_then(|form| form.split("</form>").next()).unwrap_or_else(|| panic!("none on {}", route.path));
        assert!(form.split('>').next().unwrap().contains("method=\"post\""), "{}: {form}", route.path);
        assert!(form.contains("type=\"submit\"") && form.contains("Sign out"), "{}: {form}", route.path);
        let action = Form::of(&format!("<form{form}</form>")).unwrap().action;
        let answer = browser.post(&action, &[]).await;
        assert_eq!(answer.status, 303, "{}", route.path);
        assert!(browser.session().await.is_null(), "{}", route.path);
    }
}
