//! The program: the app, or Local Cognito alone.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use leptos_cognito::server::{self, LocalOptions};

/// Sign in with Amazon Cognito in a full-stack Leptos app, and stay signed in.
///
/// Settings come from the environment and from a file .env; .env.example explains each. With no COGNITO_* set, the app
/// runs against Local Cognito, a stand-in for a user pool that starts with it.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the app; what happens without a command, too
    Serve,
    /// Run Local Cognito alone: user pools on this machine, for apps and tests in any language
    ///
    /// Prints what an app needs to sign people in: issuer, client ids and secrets, users. The console at /_console shows
    /// what happens and makes it go wrong on purpose; the same by HTTP at /_control. docs/local-cognito.md tells more.
    LocalCognito(LocalArguments),
}

#[derive(Args)]
struct LocalArguments {
    /// Where to listen; loopback only. Port 0 takes any free one [default: LOCAL_COGNITO_ADDR, or 127.0.0.1:9400]
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse_addr)]
    addr: Option<SocketAddr>,
    /// Pools, clients and users, as in local-cognito.example.toml [default: LOCAL_COGNITO_CONFIG, or local-cognito.toml
    /// where there is one]
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
    let outcome = match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => server::run().await,
        Command::LocalCognito(LocalArguments { addr, config, dir, in_memory }) => {
            let dir = dir.or_else(|| in_memory.then(PathBuf::new));
            server::run_local_cognito(LocalOptions { addr, file: config, dir }).await
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            server::tell_end(&error);
            ExitCode::FAILURE
        }
    }
}
