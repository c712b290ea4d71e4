//! All routes in one view, and the task that serves them. Called by `LocalCognito::start`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};

use super::connection::{Cutter, StoppableListener, wait_for_stop};
use super::gate::refuse_foreign_hosts;
use super::observe::{MAX_BODY_BYTES, observe};
use super::service::Service;
use super::{authorize, control, discovery, json_api, login, logout, revoke, token_endpoint, user_info};

fn routes(service: &Arc<Service>) -> Router {
    Router::new()
        // Issuer host.
        .route("/{pool_id}/.well-known/openid-configuration", get(discovery::get_configuration))
        .route("/{pool_id}/.well-known/jwks.json", get(discovery::get_jwks))
        .route("/", post(json_api::post_root).options(json_api::answer_preflight))
        // Domain host.
        .route("/oauth2/authorize", get(authorize::get_authorize))
        .route("/oauth2/token", post(token_endpoint::post_token))
        .route("/oauth2/userInfo", get(user_info::get_user_info))
        .route("/oauth2/revoke", post(revoke::post_revoke))
        .route("/login", get(login::get_login).post(login::post_login))
        .route("/logout", get(logout::get_logout))
        .layer(from_fn_with_state(Arc::clone(service), observe))
        .layer(from_fn(json_api::open_to_pages))
        // Not Cognito's, and not observed.
        .nest("/_control", control::routes(Arc::clone(service)))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn(refuse_foreign_hosts))
        .with_state(Arc::clone(service))
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
