//! The other emulators of Cognito: where they are installed (`make emulators`), how they start, and running a flow on
//! one. One server of each for all tests of the process; each test has a pool of its own there.

use std::{
    cell::Cell,
    env,
    io::Write,
    net::TcpListener,
    panic::{catch_unwind, resume_unwind},
    path::PathBuf,
    sync::{Arc, Once, OnceLock},
};

use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::{
    front::{self, Front},
    process::{Server, end_of},
};

/// An emulator that others made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Emulator {
    CognitoLocal,
    Moto,
}

/// A server and what stands before it. The front outlives the runtimes of the tests.
pub(super) struct Running {
    pub(super) front: Arc<Front>,
    pub(super) runtime: Runtime,
    server: Server,
}

static COGNITO_LOCAL: OnceLock<Result<Running, String>> = OnceLock::new();
static MOTO: OnceLock<Result<Running, String>> = OnceLock::new();

thread_local! {
    /// A flow runs on the thread of its test, all of it.
    static CHOSEN: Cell<Option<Emulator>> = const { Cell::new(None) };
}

impl Emulator {
    /// Where the flow that runs on this thread has its user pool; Local Cognito, if nothing is said.
    pub(super) fn chosen() -> Option<Self> {
        CHOSEN.get()
    }

    /// Runs a flow test with its pool here, or says that it was skipped.
    pub(crate) fn run(self, flow: fn()) {
        if self.program().is_none() {
            return self.skip();
        }
        CHOSEN.set(Some(self));
        let outcome = catch_unwind(flow);
        CHOSEN.set(None);
        if let Err(panic) = outcome {
            self.show_log();
            resume_unwind(panic);
        }
    }

    #[allow(clippy::print_stderr)]
    fn show_log(self) {
        if let Some(Ok(running)) = self.cell().get() {
            eprintln!("the end of {}'s log:\n{}", self.name(), end_of(&running.server.log));
        }
    }

    /// Past the test harness's capture, which shows nothing of a test that passes. Once for all tests.
    fn skip(self) {
        static SAID: [Once; 2] = [Once::new(), Once::new()];
        SAID[self as usize].call_once(|| {
            let line = format!("skipped: {} is not installed (make emulators says why)\n", self.name());
            drop(std::io::stderr().write_all(line.as_bytes()));
        });
    }

    pub(super) fn running(self) -> &'static Running {
        match self.cell().get_or_init(|| Running::start(self)) {
            Ok(running) => running,
            Err(why) => panic!("{why}"),
        }
    }

    fn cell(self) -> &'static OnceLock<Result<Running, String>> {
        match self {
            Self::CognitoLocal => &COGNITO_LOCAL,
            Self::Moto => &MOTO,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::CognitoLocal => "cognito-local",
            Self::Moto => "moto",
        }
    }

    /// The program that `COGNITO_LOCAL` or `MOTO_SERVER` names, or the one that `make emulators` installed, whole.
    pub(super) fn program(self) -> Option<PathBuf> {
        let (variable, version, program) = match self {
            Self::CognitoLocal => ("COGNITO_LOCAL", cognito_local_version(), "node_modules/.bin/cognito-local"),
            Self::Moto => ("MOTO_SERVER", moto_version(), "bin/moto_server"),
        };
        if let Some(named) = env::var_os(variable) {
            return Some(named.into());
        }
        let tools = PathBuf::from(env::var_os("HOME")?).join(".cache/leptos-cognito/tools");
        let folder = tools.join(format!("{}-{version}", self.name()));
        folder.join("installed").exists().then(|| folder.join(program))
    }
}

fn cognito_local_version() -> &'static str {
    let package = include_str!("../../../end2end/emulators/package.json");
    package.split("\"cognito-local\": \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}

fn moto_version() -> &'static str {
    let requirements = include_str!("../../../end2end/emulators/requirements.txt");
    requirements.lines().find_map(|line| line.strip_prefix("moto==")).unwrap()
}

impl Running {
    fn start(emulator: Emulator) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| {
            listener.set_nonblocking(true)?;
            Ok((listener.local_addr()?, listener))
        });
        let (addr, listener) = listener.map_err(|error| format!("no port for the front: {error}"))?;
        let front_url = format!("http://{addr}");
        let program = emulator.program().ok_or("it is not installed")?;
        let server = Server::start(emulator.name(), |folder, command| match emulator {
            // Its tokens' issuer is a setting of its own; the port it says in its discovery document is not.
            Emulator::CognitoLocal => {
                let config = json!({ "TokenConfig": { "IssuerDomain": front_url } });
                std::fs::create_dir_all(folder.join(".cognito")).unwrap();
                std::fs::write(folder.join(".cognito/config.json"), config.to_string()).unwrap();
                command.arg("node").arg(&program).env("HOST", "127.0.0.1").env("PORT", "0");
            }
            Emulator::Moto => {
                command.arg(&program).args(["-H", "127.0.0.1", "-p", "0"]);
            }
        })?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| format!("no runtime for the front: {error}"))?;
        let front = Arc::new(Front::new(emulator, front_url, server.url.clone()));
        let router = front::router(front.clone());
        runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, router).await.unwrap();
        });
        Ok(Self { front, runtime, server })
    }
}
