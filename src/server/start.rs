//! Starts the app: logging, configuration, user pool, listener.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use leptos::config::LeptosOptions;
use tokio::{net::TcpListener, signal};
use tracing_subscriber::EnvFilter;

use super::{
    config::{AppConfig, Environment, Provider, log_filter},
    limits::Limits,
    listener::listen,
    router::{access, build},
};
use leptos_cognito::server::{Auth, AuthConfig, Cause, Clock, ConfigProblems};

use crate::{local, pages::Rehearsal};

/// Why the app did not start; each text says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigProblems),
    /// Local Cognito did not start.
    #[error("{0}")]
    LocalCognito(String),
    /// The auth folder could not be set up.
    #[error(transparent)]
    Auth(#[from] Cause),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {addr}: {error}; end what listens there, or set LEPTOS_SITE_ADDR to another address")]
    Listen {
        /// The address.
        addr: std::net::SocketAddr,
        /// The system's word.
        error: io::Error,
    },
}

/// Reads the configuration and serves until the process is told to end.
///
/// # Errors
/// Everything that keeps the app from starting.
pub async fn run() -> Result<(), StartError> {
    let environment = Environment::read();
    start_log(&environment);
    let config = AppConfig::read(environment)?;
    let (leptos, app, limits) = (config.leptos, config.provider, config.limits);
    warn_without_site(&leptos);
    // The port first: an app that cannot listen must not leave a Local Cognito behind in a restart loop.
    let addr = leptos.site_addr;
    let listener = TcpListener::bind(addr).await.map_err(|error| StartError::Listen { addr, error })?;
    match app {
        Provider::Cognito(auth) => {
            say(&format!(
                "Serving {} on http://{addr}, with the user pool {}",
                auth.app_url.origin(),
                auth.cognito.issuer
            ));
            serve_until(listener, leptos, *auth, Clock::system(), limits, end_of_process()).await
        }
        Provider::LocalCognito(settings) => {
            let local = local::start(settings).await?;
            say(&local.banner());
            let (auth, clock) = (local.auth.clone(), local.clock.clone());
            let rehearsal = Some(Rehearsal { console: local.console() });
            let served = serve_pages(listener, leptos, auth, clock, limits, rehearsal, end_of_process()).await;
            local.stop();
            served
        }
    }
}

/// At its most talkative this one logs each request's path as it came, and not masked.
const NEVER_TRACED: &str = "tower_http::csrf=debug";

/// With a filter that cannot be read the log tells of that, and no more than usual.
fn start_log(environment: &Environment) {
    let asked = (environment.lookup)("RUST_LOG");
    let filter = log_filter(asked.as_deref()).unwrap_or_else(|_| EnvFilter::new("info"));
    let filter = EnvFilter::new(format!("{filter},{NEVER_TRACED}"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    log.with_ansi(io::stderr().is_terminal()).init();
}

/// Pages work without their style and script, but nobody wants that; the two usual mistakes are named.
fn warn_without_site(leptos: &LeptosOptions) {
    let pkg = Path::new(leptos.site_root.as_ref()).join(leptos.site_pkg_dir.as_ref());
    let style = pkg.join(format!("{}.css", leptos.output_name));
    if !pkg.is_dir() || (!leptos.hash_files && !style.is_file()) {
        tracing::error!(
            site = %pkg.display(),
            "the site's files are not there: build them with make run or make release, set LEPTOS_SITE_ROOT to where they \
             are, and LEPTOS_HASH_FILES=true if make release made them"
        );
    }
}

/// Serves on a listener that is bound already, until the process is told to end.
///
/// # Errors
/// Where the auth folder cannot be set up.
pub async fn serve(
    listener: TcpListener,
    leptos: LeptosOptions,
    auth: AuthConfig,
    clock: Clock,
) -> Result<(), StartError> {
    serve_until(listener, leptos, auth, clock, Limits::default(), end_of_process()).await
}

/// As [`serve`], within limits of one's own and until `end`.
///
/// # Errors
/// Where the auth folder cannot be set up.
pub async fn serve_until(
    listener: TcpListener,
    leptos: LeptosOptions,
    auth: AuthConfig,
    clock: Clock,
    limits: Limits,
    end: impl Future<Output = ()>,
) -> Result<(), StartError> {
    serve_pages(listener, leptos, auth, clock, limits, None, end).await
}

async fn serve_pages(
    listener: TcpListener,
    leptos: LeptosOptions,
    auth: AuthConfig,
    clock: Clock,
    limits: Limits,
    rehearsal: Option<Rehearsal>,
    end: impl Future<Output = ()>,
) -> Result<(), StartError> {
    let auth = Auth::new(auth, access()?, clock).await?;
    listen(listener, build(leptos, &auth, limits, rehearsal), limits, end).await;
    Ok(())
}

/// Tells why the program ends: in the log, or past a filter that would keep it silent.
pub fn tell_end(error: &StartError) {
    if tracing::enabled!(tracing::Level::ERROR) {
        tracing::error!("{error}");
    } else {
        let _ = writeln!(io::stderr(), "{error}");
    }
}

fn say(text: &str) {
    // Nobody may be listening to standard output; that is no reason not to serve.
    let _ = writeln!(io::stdout(), "{text}");
}

async fn end_of_process() {
    let interrupted = async { drop(signal::ctrl_c().await) };
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! { () = interrupted => {}, () = terminated => {} }
}
