//! `make hostile`: the program, as a child process, under a bounded load of hostile clients of every kind at once, more
//! of them than it takes connections, while a signed-in person goes on asking. Prints what became of the requests, the
//! person's waiting times and the program's memory. Then one user, whose renewals a trigger refuses, while ten others make
//! calls. Fails where a person was not served, an answer was a 5xx, memory grew beyond a bound, or the ten noticed the one.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

mod attacks;
mod one_user;
mod person;

use std::{
    env, fs,
    net::TcpListener,
    process::{Child, Command, ExitCode, Stdio},
    sync::{Arc, atomic::AtomicBool, atomic::Ordering},
    time::{Duration, Instant},
};

use local_cognito::{LocalCognito, Settings};
use person::Experience;
use tokio::{task::JoinSet, time::sleep};

const ATTACKERS: usize = 300;
/// Fewer than there are attackers.
const MAX_CONNECTIONS: usize = 128;
const DEFAULT_SECS: u64 = 20;
const QUIET: Duration = Duration::from_secs(3);
/// 128 connections with a head of 32 KB, a body of 64 KB and 64 KB of an answer each are 20 MB; the rest is room.
const MAX_GROWTH_KB: u64 = 128 * 1024;
const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

/// The program; it ends with this value.
pub(crate) struct Program(Child);

impl Program {
    pub(crate) fn start(port: u16, app: &str, cognito: &LocalCognito) -> Self {
        let log = env::temp_dir().join(format!("leptos-cognito-hostile-{}.log", std::process::id()));
        println!("the program's log: {}", log.display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_leptos-cognito-app"));
        command
            .arg("serve")
            .env("APP_URL", app)
            .env("LEPTOS_SITE_ADDR", format!("127.0.0.1:{port}"))
            .env("LEPTOS_SITE_ROOT", "public")
            .env("LEPTOS_ENV", "PROD")
            .env("SESSION_SECRETS", SECRET)
            .env("COGNITO_ISSUER", cognito.issuer())
            .env("COGNITO_CLIENT_ID", cognito.client_id())
            .env("COGNITO_CLIENT_SECRET", cognito.client_secret().unwrap_or_default())
            .env("MAX_CONNECTIONS", MAX_CONNECTIONS.to_string())
            .env("RUST_LOG", "warn");
        Self(command.stdout(Stdio::null()).stderr(fs::File::create(log).unwrap()).spawn().unwrap())
    }

    /// A line of `/proc/<pid>/status`, in KB; nothing where there is no such file.
    fn memory_kb(&self, name: &str) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    }

    fn tell_memory(&self, when: &str) -> Option<u64> {
        let (now, highest) = (self.memory_kb("VmRSS")?, self.memory_kb("VmHWM")?);
        println!("memory {when}: {} MB, highest so far {} MB", now / 1024, highest / 1024);
        Some(now)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The person goes on asking for this long.
async fn ask_for(client: &reqwest::Client, app: &str, during: impl Future<Output = ()>) -> Experience {
    let stop = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn(person::go_on(client.clone(), app.to_owned(), stop.clone()));
    during.await;
    stop.store(true, Ordering::Relaxed);
    asking.await.unwrap()
}

#[tokio::main]
async fn main() -> ExitCode {
    let length = env::var("HOSTILE_SECS").ok().and_then(|secs| secs.parse().ok()).unwrap_or(DEFAULT_SECS);
    let length = Duration::from_secs(length);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (app, addr) = (format!("http://localhost:{port}"), format!("127.0.0.1:{port}"));
    let cognito = LocalCognito::start(Settings::new("127.0.0.1:0".parse().unwrap(), &app)).await.unwrap();
    let program = Program::start(port, &app, &cognito);
    while tokio::net::TcpStream::connect(&addr).await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    let client = person::sign_in(&app, "demo@example.com", "Demo-Passw0rd").await;
    let before = ask_for(&client, &app, sleep(QUIET)).await;
    let memory_before = program.tell_memory("before");

    println!("{ATTACKERS} hostile clients for {} s; the program takes {MAX_CONNECTIONS} connections", length.as_secs());
    let tallies = attacks::Tallies::default();
    let under_attack = ask_for(&client, &app, async {
        let until = Instant::now() + length;
        let attackers: JoinSet<_> =
            (0..ATTACKERS).map(|_| attacks::attack(addr.clone(), until, tallies.clone())).collect();
        sleep(length * 4 / 5).await;
        program.tell_memory("during");
        drop(attackers.join_all().await);
    })
    .await;
    let after = ask_for(&client, &app, sleep(QUIET)).await;
    program.tell_memory("after");

    println!("| hostile requests | sent | answered | 5xx | closed or silent |\n|---|---|---|---|---|");
    for (name, tally) in tallies.lock().unwrap().iter() {
        println!("| {name} | {} | {} | {} | {} |", tally.sent, tally.answered, tally.server_errors, tally.silent);
    }
    let highest = program.memory_kb("VmHWM");
    drop(program);
    cognito.stop();
    let mut problems = one_user::run().await;
    for (when, experience) in [("before", &before), ("during", &under_attack), ("after", &after)] {
        println!("the person {when}: {}, asked again {} times", experience.latencies(), experience.again);
        problems.extend(experience.failures.iter().map(|failure| format!("{when}: {failure}")));
        if experience.took.is_empty() {
            problems.push(format!("{when}: nothing was answered"));
        }
    }
    let server_errors: usize = tallies.lock().unwrap().values().map(|tally| tally.server_errors).sum();
    if server_errors > 0 {
        problems.push(format!("{server_errors} answers were server errors"));
    }
    match (memory_before, highest) {
        (Some(before), Some(highest)) if highest > before + MAX_GROWTH_KB => {
            problems.push(format!(
                "memory grew by {} MB, more than {}",
                (highest - before) / 1024,
                MAX_GROWTH_KB / 1024
            ));
        }
        (Some(_), Some(_)) => {}
        _ => println!("memory is not known on this system"),
    }
    problems.iter().for_each(|problem| println!("PROBLEM {problem}"));
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
