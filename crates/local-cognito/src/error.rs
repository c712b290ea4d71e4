//! What can go wrong: while starting (shown to the person who starts it), and inside (cryptography).

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Why Local Cognito did not start. Every message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is reachable from other machines. The demo users' passwords are public.
    #[error("Local Cognito serves only this machine, and {0} is not a loopback address: use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// The port could not be had.
    #[error("Local Cognito cannot listen on {addr}: {source}. {}", advise_on_bind(source))]
    Bind {
        /// The address asked for.
        addr: SocketAddr,
        /// The operating system's reason.
        source: io::Error,
    },
    /// The settings hold something that Cognito would not take; all of it.
    #[error("Local Cognito's settings:\n  {}", .0.join("\n  "))]
    Settings(Vec<String>),
    /// The state file cannot be read or written. A *damaged* file is no error: it is set aside.
    #[error("Local Cognito cannot use its state file {}: {source}. Make it accessible, or choose another place", path.display())]
    State {
        /// The file, or the folder it is to be in.
        path: PathBuf,
        /// The operating system's reason.
        source: io::Error,
    },
    /// Another Local Cognito has the state file.
    #[error(
        "Local Cognito's state file {} is in use by another Local Cognito: end that one, choose another folder, or keep the \
         state in memory", .0.display()
    )]
    StateInUse(PathBuf),
    /// Keys or password hashes could not be made.
    #[error("Local Cognito could not prepare its keys: {0}")]
    Crypto(#[from] CryptoError),
}

fn advise_on_bind(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::AddrInUse => {
            "Another program has that port, perhaps a second copy of this one: stop it, or choose another port"
        }
        io::ErrorKind::PermissionDenied => "Choose a port above 1023",
        _ => "Choose another address",
    }
}

/// A cryptographic operation failed that does not fail on sound keys.
#[derive(Debug, thiserror::Error)]
#[error("{0} failed")]
pub struct CryptoError(pub(super) &'static str);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_what_to_do() {
        let addr = SocketAddr::from(([127, 0, 0, 1], 9400));
        let message = StartError::Bind { addr, source: io::ErrorKind::AddrInUse.into() }.to_string();
        assert!(message.contains("127.0.0.1:9400"), "{message}");
        assert!(message.contains("choose another port"), "{message}");
    }
}
