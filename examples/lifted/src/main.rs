//! The server: settings from the environment, the guard around the pages, files beside them.

use std::{error::Error, process::ExitCode};

use axum::{Json, Router, extract::Request, routing::get};
use http::{Method, StatusCode};
use leptos::prelude::*;
use leptos_axum::{AxumRouteListing, LeptosRoutes, generate_route_list, render_app_to_stream};
use leptos_cognito::{
    AuthError, KeptForm,
    server::{Access, Auth, ServerSession},
};
use lifted::app::{App, shell, still_page};
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt::init();
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let options = get_configuration(None)?.leptos_options;
    let routes = generate_route_list(App);
    let access = Access::new()
        .public("/")
        .signed_in("/me")
        .signed_in("/orders")
        .signed_in("/api/profile")
        .signed_in("/api/motto")
        .group("/staff", "admin");
    access.check(routes.iter().map(AxumRouteListing::path).chain(["/orders"]))?;
    let auth = Auth::from_env(access).await?;
    let listener = tokio::net::TcpListener::bind(options.site_addr).await?;
    axum::serve(listener, router(options, routes, &auth)).await?;
    Ok(())
}

fn router(options: LeptosOptions, routes: Vec<AxumRouteListing>, auth: &Auth) -> Router {
    let shell_options = options.clone();
    let pages = Router::new()
        .leptos_routes(&options, routes, move || shell(shell_options.clone()))
        .route("/orders", get(orders))
        .with_state(options.clone());
    // The guard goes around the pages and server functions; around it, what keeps a form that comes too late.
    let guarded = auth.keep_typed(auth.mount(pages), |form: KeptForm, request| async move {
        render_app_to_stream(move || still_page(Some(form.clone())))(request).await
    });
    let not_found = |request: Request| async move {
        let mut page = render_app_to_stream(|| still_page(None))(request).await;
        *page.status_mut() = StatusCode::NOT_FOUND;
        page
    };
    let files = ServeDir::new(options.site_root.as_ref()).append_index_html_on_directories(false);
    guarded.fallback_service(files.fallback(auth.mount_public(Router::new().fallback(not_found))))
}

/// A handler of axum's own: what an API answers to the person's access token. `UPSTREAM_ORIGINS` lists where that may go.
async fn orders(session: ServerSession) -> Result<Json<serde_json::Value>, (StatusCode, String)> {
    let url = std::env::var("ORDERS_URL").unwrap_or_else(|_| "https://api.example.com/orders".to_owned());
    let answer = async { session.upstream(Method::GET, &url).await?.send().await?.json() };
    answer.await.map(Json).map_err(|error: AuthError| (StatusCode::BAD_GATEWAY, error.to_string()))
}
