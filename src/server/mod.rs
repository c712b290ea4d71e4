//! This app's assembly: configuration, router, listener. The only place where the app, the auth folder and Local
//! Cognito meet.

mod config;
mod local;
mod local_config;
mod router;
mod start;

pub use config::{AppConfig, Provider};
pub use local_config::LocalConfig;
pub use router::build;
pub use start::{StartError, run, serve};
