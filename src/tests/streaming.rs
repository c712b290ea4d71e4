//! The renewed cookie is in the same answer, however that is made: documents in every mode of rendering, server
//! functions, plain axum handlers.

use axum::{Router, routing::get};
use leptos::{config::LeptosOptions, prelude::*};
use leptos_axum::{AxumRouteListing, LeptosRoutes};
use leptos_cognito::{
    SessionProvider,
    server::{Access, Auth, ServerSession},
    use_session,
};
use leptos_router::{
    Method, SsrMode,
    components::{Route, Router as LeptosRouter, Routes},
    path,
};
use tokio::net::TcpListener;

use crate::{
    app::{TestApp, auth_config, clock_of},
    browser::{Browser, DEMO},
};

/// A page that streams: something of it is awaited.
#[component]
fn Slow() -> impl IntoView {
    let session = use_session();
    let resource = Resource::new(
        || (),
        |()| async {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            "the streamed end".to_owned()
        },
    );
    view! {
        <p>{move || session.session().map(|session| session.refresh_count)} " renewals"</p>
        <Suspense>{move || Suspend::new(async move { resource.await })}</Suspense>
    }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <SessionProvider>
            <LeptosRouter>
                <Routes fallback=|| "none">
                    <Route path=path!("/out-of-order") view=Slow ssr=SsrMode::OutOfOrder />
                    <Route path=path!("/partially-blocked") view=Slow ssr=SsrMode::PartiallyBlocked />
                    <Route path=path!("/in-order") view=Slow ssr=SsrMode::InOrder />
                    <Route path=path!("/async") view=Slow ssr=SsrMode::Async />
                </Routes>
            </LeptosRouter>
        </SessionProvider>
    }
}

/// By hand: while Leptos makes the list itself, no resource in the process loads, and a page that another test renders just
/// then would never end.
fn routes() -> Vec<AxumRouteListing> {
    let modes = [
        ("/out-of-order", SsrMode::OutOfOrder),
        ("/partially-blocked", SsrMode::PartiallyBlocked),
        ("/in-order", SsrMode::InOrder),
        ("/async", SsrMode::Async),
    ];
    modes.map(|(path, mode)| AxumRouteListing::new(path.to_owned(), mode, [Method::Get], Vec::new())).into()
}

fn shell(_: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html>
            <body>
                <App />
            </body>
        </html>
    }
}

#[tokio::test]
pub(crate) async fn b32_the_cookie_comes_with_every_kind_of_answer() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let auth =
        Auth::new(auth_config(&app.cognito, &app.url, &[]), Access::new(), clock_of(&app.cognito)).await.unwrap();
    let options = LeptosOptions::builder().output_name("test").build();
    let shell_options = options.clone();
    let router = Router::new()
        .leptos_routes(&options, routes(), move || shell(shell_options.clone()))
        .route(
            "/plain",
            get(async |session: ServerSession| {
                session.session().refresh_count.to_string() + " renewals, the streamed end"
            }),
        )
        .with_state(options);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let router = auth.mount(router);
    let before = auth.counters();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    for (index, path) in
        ["/out-of-order", "/partially-blocked", "/in-order", "/async", "/plain"].into_iter().enumerate()
    {
        app.advance(3600);
        let page = browser.get(&format!("{url}{path}")).await;
        assert_eq!((page.status, page.sets()), (200, vec!["session".to_owned()]), "{path}");
        let text = page.body.replace("<!>", "");
        assert!(
            text.contains(&format!("{} renewals", index + 1)) && text.contains("the streamed end"),
            "{path}: {text}"
        );
    }
    let after = auth.counters();
    assert_eq!((after.refreshed - before.refreshed, after.ended, after.degraded), (5, 0, 0), "each outcome is counted");
}
