//! The console, `/_console`: what there is and what happened, with a button for each order of `torment`. For people in
//! a browser on this machine; plain pages without a script, kept up to date where there is one. Its requests are not
//! in the record and meet no faults.
//!
//! A button must not be pressed by another site's page: `CsrfLayer` refuses what the browser says comes from elsewhere,
//! as the `Host` gate does with a name that was rebound.

mod clients;
mod forms;
mod lanes;
mod layout;
mod notices;
mod orders;
mod overview;
mod parts;
mod requests;
mod sign_ins;
mod timeline;
mod torments;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use tower_http::csrf::CsrfLayer;

use super::service::Service;
use layout::After;
use notices::{Notices, Reply};

/// What the pages read.
pub(super) struct Console {
    service: Arc<Service>,
    notices: Notices,
}

impl Console {
    /// What to say about the button pressed last.
    fn reply(&self, after: &After) -> Reply {
        Reply::new(after.done.parse().ok().and_then(|number| self.notices.find(number)))
    }
}

type Shared = State<Arc<Console>>;

/// To be nested at `/_console`.
pub(super) fn routes<S>(service: Arc<Service>) -> Router<S> {
    let console = Arc::new(Console { service, notices: Notices::default() });
    Router::new()
        .route("/", get(overview::show))
        .route("/sign-ins", get(sign_ins::list))
        .route("/sign-ins/{id}", get(sign_ins::show))
        .route("/users", get(users::list))
        .route("/users/{sub}", get(users::show))
        .route("/clients", get(clients::list))
        .route("/clients/{id}/secret", post(clients::reveal))
        .route("/requests", get(requests::list))
        .route("/faults", get(torments::show))
        .route("/orders/{endpoint}", post(orders::take))
        .route("/version", get(version))
        .fallback(nothing_here)
        .layer(CsrfLayer::new())
        .with_state(console)
}

/// Asked every second by open pages: another text means that there is something new.
async fn version(State(console): Shared) -> Response {
    layout::plain(console.service.version())
}

async fn nothing_here(State(console): Shared) -> Response {
    layout::not_found(&console, "There is no such page.")
}
