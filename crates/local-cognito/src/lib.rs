#![doc = include_str!("../README.md")]
//!
//! # How it is built
//!
//! One listener is everything that Cognito spreads over two hosts: the issuer (discovery, JWKS), the JSON API and the
//! hosted UI's domain. It is meant to be exact: claims, sizes, error bodies and messages follow what is documented or
//! was measured on real pools, so that an app which works here works there. Where nothing is known it errs on the
//! strict side.
//!
//! ```text
//! LocalCognito::start(settings) ─ Service::open ─ Pool::open: state file or fresh keys, clients, users
//!                               └ server::spawn ── gate ── observe (name · fault · record) ── one of:
//!
//!   discovery                         openid-configuration, JWKS
//!   hosted_ui                         the browser's part: authorize, sign-in and its sister pages, logout
//!   token_endpoint ─ revoke           the app's part: client_auth first, then what it brings
//!   user_info
//!   json_api                          InitiateAuth and all else that is asked with X-Amz-Target
//!
//!   control ─ console                 not Cognito's: what happened, and orders (torment) to make bad days, for tests
//!                                     in any language and for people
//! ```
//!
//! Behind them: `state` is what the pool remembers, `issue` makes tokens of it (`jwt`, `refresh_token`, `keys`) and
//! judges access tokens that come back (`access_token`), `refresh` does so with refresh tokens (`rotation`), and `pool`
//! holds all of it behind one lock that is never kept across an await.
//!
//! `observe` writes down every request (`record`), with what was in it (`exchange`, `redact`) and whom it was about
//! (`involved`); `view` tells what there is.
//!
//! Nothing here reads the system's time but [`Settings::new`]'s default clock (`observe` has a stopwatch), and nothing
//! logs a token, code, password, secret or e-mail address. It knows nothing of the app it serves.

mod access_token;
mod accounts;
mod api_fault;
mod auth_session;
mod client;
mod client_auth;
mod clock;
mod code_grant;
mod connection;
mod console;
mod constraints;
mod control;
mod discovery;
mod error;
mod error_type;
mod exchange;
mod family;
mod faults;
mod gate;
mod handle;
mod history;
mod hosted_ui;
mod involved;
mod issue;
mod json_api;
mod jwt;
mod keys;
mod oauth_error;
mod observe;
mod params;
mod password;
mod pool;
mod random;
mod record;
mod redact;
mod refresh;
mod refresh_token;
mod refresh_verdict;
mod revoke;
mod rotation;
mod server;
mod service;
mod settings;
mod state;
mod state_file;
mod steps;
mod subject;
mod tamper;
#[cfg(test)]
mod tests;
mod token_endpoint;
mod torment;
mod user;
mod user_admin;
mod user_info;
mod verification;
mod view;

pub use api_fault::ApiFault;
pub use error::{CryptoError, StartError};
pub use faults::Fault;
pub use handle::{ClientIdentity, LocalCognito};
pub use record::RequestRecord;
pub use rotation::MAX_GRACE_SECS;
pub use settings::{ClientSettings, Clock, Options, PoolSettings, SecretSetting, Settings, UserSettings};
pub use tamper::Tamper;
