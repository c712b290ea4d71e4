//! The program: user pools on this machine, for apps and tests in any language.

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use local_cognito::{ClientIdentity, LocalCognito, Options, Settings};
use tokio::signal;
use tracing_subscriber::EnvFilter;

/// The app that a pool without a settings file is made for.
const DEFAULT_APP_URL: &str = "http://localhost:3000";

/// A stand-in for Amazon Cognito user pools on this machine, for apps and tests in any language
///
/// Prints what an app needs to sign people in: issuer, client ids and secrets, users. The console at /_console shows what
/// happens and makes it go wrong on purpose; the same by HTTP at /_control.
///
/// Without a settings file there is one pool with one confidential client, for the app at APP_URL [http://localhost:3000],
/// and two users. LOCAL_COGNITO_ACCESS_TOKEN_SECS, LOCAL_COGNITO_REFRESH_TOKEN_SECS and LOCAL_COGNITO_ROTATION_GRACE_SECS
/// then say how long tokens live, and turn rotation on. RUST_LOG says what the log tells.
#[derive(Parser)]
#[command(version, name = "local-cognito")]
struct Cli {
    /// Where to listen; loopback only. Port 0 takes any free one [default: LOCAL_COGNITO_ADDR, or 127.0.0.1:9400]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse_addr)]
    addr: Option<SocketAddr>,
    /// Pools, clients and users, as in local-cognito.example.toml [default: LOCAL_COGNITO_CONFIG, or local-cognito.toml
    /// if there is one]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where state and keys outlive a restart [default: LOCAL_COGNITO_DIR, or .local-cognito]
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,
    /// Keep state and keys in memory: every start is a fresh one
    #[arg(long, conflicts_with = "dir")]
    in_memory: bool,
}

/// An address and a port, a port alone, or `localhost` with one.
fn parse_addr(text: &str) -> Result<SocketAddr, String> {
    let port = text.strip_prefix("localhost:").unwrap_or(text);
    let alone = port.parse().map(|port: u16| SocketAddr::from(([127, 0, 0, 1], port)));
    alone.or_else(|_| text.parse()).map_err(|_| "write an address and a port, such as 127.0.0.1:9400".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let Cli { addr, config, dir, in_memory } = Cli::parse();
    start_log();
    let mut options = Options::default();
    options.addr = addr;
    options.file = config;
    options.dir = dir.or_else(|| in_memory.then(PathBuf::new));
    match serve(options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(io::stderr(), "local-cognito: {why}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until the process is told to end.
async fn serve(options: Options) -> Result<(), String> {
    let find = |name: &str| std::env::var(name).ok();
    let app_url = find("APP_URL").filter(|url| !url.trim().is_empty()).unwrap_or_else(|| DEFAULT_APP_URL.to_owned());
    let settings = Settings::from_lookup(options, app_url.trim_end_matches('/'), find);
    let settings = settings.map_err(|problems| problems.join("\n               "))?;
    let cognito = LocalCognito::start(settings).await.map_err(|error| format!("{error} (--addr, --dir)"))?;
    // Nobody may be listening to standard output; that is no reason not to serve.
    let _ = writeln!(io::stdout(), "{}", describe(&cognito));
    end_of_process().await;
    cognito.stop();
    Ok(())
}

fn start_log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    log.with_ansi(io::stderr().is_terminal()).init();
}

/// All that a client needs, in lines that can be copied.
fn describe(cognito: &LocalCognito) -> String {
    let base_url = cognito.base_url();
    let mut text = format!(
        "\n  Local Cognito on {base_url}, console {base_url}/_console\n\n  For the AWS SDKs and command line (any credentials \
         do)\n    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER={base_url}\n    AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x \
         AWS_DEFAULT_REGION=us-east-1\n"
    );
    let mut issuers = Vec::new();
    for client in cognito.clients() {
        let ClientIdentity { issuer, name, id, secret, callback_urls } = client;
        if !issuers.contains(&issuer) {
            let users = cognito.seeded_users(&issuer);
            let users: String = users.iter().map(|(email, password)| format!("\n    {email}  {password}")).collect();
            text.push_str(&format!("\n  Pool {issuer}{users}\n"));
        }
        let secret = secret.map(|secret| format!("\n    COGNITO_CLIENT_SECRET={secret}")).unwrap_or_default();
        text.push_str(&format!(
            "\n  Client {name}, called back at {}\n    COGNITO_ISSUER={issuer}\n    COGNITO_CLIENT_ID={id}{secret}\n",
            callback_urls.join(", ")
        ));
        issuers.push(issuer);
    }
    text + "\n  Ctrl-C ends.\n"
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
