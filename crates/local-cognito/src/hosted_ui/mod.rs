//! The hosted UI: what a person's browser sees of Cognito. Its paths are those that the AWS developer guide lists under
//! "User-interactive managed login and classic hosted UI endpoints"; all take the parameters of `/oauth2/authorize`, and
//! every link and form keeps them.
//!
//! ```text
//! authorize ── no session ──> login ──> back to the app with a code
//!                              ├ sign_up ──> confirm ──> to the app, signed in
//!                              ├ forgot_password ──> back to login
//!                              └ new_password (made by an administrator) ──> to the app, signed in
//! logout ──> the app, or login
//! ```
//!
//! `authorize_request` checks what the app asks for (`authorize_checks`), `visit` adds what the browser brings: the
//! cookies, the form's proof, and the `step` between two pages. `page`, `parts`, `texts` and `error_page` make the HTML;
//! `problem` is what can be wrong with a form. No page has a script, and none needs one.

mod authorize;
mod authorize_checks;
mod authorize_request;
mod code;
mod confirm;
mod cookies;
mod error_page;
mod forgot_password;
mod frame;
mod login;
mod logout;
mod new_password;
mod page;
mod parts;
mod problem;
mod redirect;
mod refusal;
mod sign_up;
mod step;
mod texts;
mod visit;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::service::Service;

/// The pages, and the way to them and away.
pub(super) fn routes() -> Router<Arc<Service>> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::get_authorize))
        .route("/login", get(login::get_login).post(login::post_login))
        .route("/signup", get(sign_up::get_sign_up).post(sign_up::post_sign_up))
        .route("/confirm", get(confirm::get_confirm).post(confirm::post_confirm))
        .route("/resendcode", post(confirm::post_resend))
        .route("/forgotPassword", get(forgot_password::get_request).post(forgot_password::post_request))
        .route("/confirmforgotPassword", get(forgot_password::get_code).post(forgot_password::post_code))
        .route("/newPassword", get(new_password::get_new_password).post(new_password::post_new_password))
        .route("/logout", get(logout::get_logout))
}
