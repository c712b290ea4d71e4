//! All routes in one view, and the task that serves them. Called by `LocalCognito::start`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::connection::{Cutter, StoppableListener, wait_for_stop};
use super::gate::refuse_foreign_hosts;
use super::observe::{MAX_BODY_BYTES, observe};
use super::service::Service;
use super::{console, control, discovery, hosted_ui, json_api, revoke, token_endpoint, user_info};

fn routes(service: &Arc<Service>) -> Router {
    Router::new()
        .merge(cross_origin_routes())
        // Issuer host.
        .route("/", get(lead_to_console).post(json_api::post_root).options(json_api::answer_preflight))
        // Domain host.
        .merge(hosted_ui::routes())
        .layer(from_fn_with_state(Arc::clone(service), observe))
        .layer(from_fn(json_api::open_to_pages))
        // Not Cognito's, and not observed.
        .nest("/_control", control::routes(Arc::clone(service)))
        .nest("/_console", console::routes(Arc::clone(service)))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(refuse_foreign_hosts))
        .with_state(Arc::clone(service))
}

/// Whoever opens the address in a browser is looking for the console. Programs post here.
async fn lead_to_console(headers: HeaderMap) -> Response {
    let is_browser = headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/html"));
    if is_browser { Redirect::to("/_console").into_response() } else { StatusCode::METHOD_NOT_ALLOWED.into_response() }
}

/// What apps in a browser call from their own origin. Cognito allows every one (AWS developer guide, "Managed login",
/// CORS policy); for the issuer host that is known from the apps that depend on it.
fn cross_origin_routes() -> Router<Arc<Service>> {
    let any_origin = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request());
    Router::new()
        // Issuer host.
        .route("/{pool_id}/.well-known/openid-configuration", get(discovery::get_configuration))
        .route("/{pool_id}/.well-known/jwks.json", get(discovery::get_jwks))
        // Domain host.
        .route("/oauth2/token", post(token_endpoint::post_token))
        .route("/oauth2/userInfo", get(user_info::get_user_info))
        .route("/oauth2/revoke", post(revoke::post_revoke))
        .layer(any_origin)
}

/// Serves, and saves what changes, until the service is stopped.
pub(super) fn spawn(service: &Arc<Service>, listener: StoppableListener) {
    tokio::spawn(Arc::clone(service).save_changes());
    let router = routes(service).into_make_service_with_connect_info::<Cutter>();
    let stopped = wait_for_stop(service.stop_signal());
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, router).with_graceful_shutdown(stopped).await {
            tracing::error!(%error, "Local Cognito stopped serving");
        }
    });
}
