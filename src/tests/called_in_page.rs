//! Server functions that a page calls while it renders, by their Rust names: no request, so no guard. Each one that needs
//! somebody has to refuse by itself (B43).

use std::sync::{Arc, Mutex};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, header::CONTENT_TYPE};
use leptos::{config::LeptosOptions, prelude::*, server_fn::axum::get_server_fn_service};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_cognito::server::{Access, Auth};
use leptos_router::{
    Method, SsrMode,
    components::{Route, Router as LeptosRouter, Routes},
    path,
};
use tokio::net::TcpListener;
use url::form_urlencoded;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{ADMIN, Browser, DEMO},
    routes::{Protected, protected},
};

/// What each call brought: its path, and its answer's body.
type Answers = Arc<Mutex<Vec<(String, String)>>>;

/// What the page calls, in whose name, and what came of it.
#[derive(Clone)]
struct Calls {
    sub: String,
    answers: Answers,
}

/// Calls a server function as the page's own code would, with the page's context around it.
async fn call(route: &Protected) -> String {
    let method = route.call.clone().unwrap();
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&route.arguments).finish();
    let request = Request::builder().method(method.clone()).uri(&route.path);
    let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(form)).unwrap();
    let response = get_server_fn_service(&route.path, method).unwrap().run(request).await;
    String::from_utf8(to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

#[component]
fn Page() -> impl IntoView {
    let calls = Resource::new(
        || (),
        |()| async {
            let Calls { sub, answers } = use_context::<Calls>().unwrap();
            for route in protected().into_iter().filter(|route| route.call.is_some()) {
                let answer = call(&route.sent_by(&sub)).await;
                answers.lock().unwrap().push((route.path, answer));
            }
        },
    );
    view! { <Suspense>{move || Suspend::new(async move { calls.await; "all called" })}</Suspense> }
}

fn shell() -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <body>
                <LeptosRouter>
                    <Routes fallback=|| "none">
                        <Route path=path!("/open") view=Page ssr=SsrMode::Async />
                    </Routes>
                </LeptosRouter>
            </body>
        </html>
    }
}

/// Renders the open page for this browser, and gives what its calls brought.
async fn render(app: &TestApp, browser: &Browser) -> Vec<(String, String)> {
    let auth =
        Auth::new(auth_config(&app.cognito, &app.url, &[]), Access::new().public("/open"), clock_of(&app.cognito));
    let auth = auth.await.unwrap();
    let calls = Calls { sub: browser.person().await, answers: Answers::default() };
    let (options, context) = (LeptosOptions::builder().output_name("test").build(), calls.clone());
    let listing = AxumRouteListing::new("/open".to_owned(), SsrMode::Async, [Method::Get], Vec::new());
    let router = Router::new()
        .leptos_routes_with_context(&options, vec![listing], move || provide_context(context.clone()), shell)
        .with_state(options);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}/open", listener.local_addr().unwrap().port());
    tokio::spawn(async move { axum::serve(listener, auth.mount(router)).await.unwrap() });
    // Not as a document: one of the functions sends a form's submitter on.
    let page = browser.get_json(&url).await;
    assert!(page.status == 200 && page.body.contains("all called"), "{page:?}");
    calls.answers.lock().unwrap().clone()
}

#[tokio::test]
async fn b43_each_server_function_refuses_by_itself_while_an_open_page_renders() {
    let app = TestApp::start().await;
    let restricted: Vec<_> = protected().into_iter().filter(|route| route.call.is_some()).collect();
    let (nobody, demo) = (Browser::new(&app), Browser::signed_in(&app, DEMO).await);
    let admin = Browser::signed_in(&app, ADMIN).await;
    for (browser, who) in [(nobody, "nobody"), (demo, "demo"), (admin, "admin")] {
        let answers = render(&app, &browser).await;
        assert_eq!(answers.len(), restricted.len());
        for ((path, answer), route) in answers.iter().zip(&restricted) {
            let refused = match (who, &route.group) {
                ("nobody", _) => Some("signed_out"),
                ("demo", Some(_)) => Some("not_allowed"),
                _ => None,
            };
            let told =
                ["signed_out", "not_allowed"].into_iter().find(|code| answer.contains(&format!("\"code\":\"{code}\"")));
            assert_eq!(told, refused, "{path} for {who}: {answer}");
        }
    }
}
