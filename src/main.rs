//! The program: the app.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use leptos_cognito_app::server;

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
}

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => server::run().await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            server::tell_end(&error);
            ExitCode::FAILURE
        }
    }
}
