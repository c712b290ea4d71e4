//! This app's assembly: configuration, router, listener. The only place where the app, the auth folder and Local
//! Cognito meet.

pub(crate) mod config;
mod files;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod limits;
mod line;
mod listener;
mod router;
mod security_headers;
pub(crate) mod start;
mod theme;

pub use crate::local::LocalConfig;
pub use config::{AppConfig, Provider};
pub use limits::{Limits, bound};
pub use listener::listen;
pub use router::{access, build};
pub use start::{StartError, run, serve, serve_until, tell_end};
