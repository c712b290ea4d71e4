//! One user's trouble: a Lambda trigger refuses every renewal of one account, which has many sessions and asks without
//! pause. Ten other users make calls that need their tokens, which are short-lived, before and meanwhile.

use std::time::{Duration, Instant};

use local_cognito::{ApiFault, Fault, LocalCognito, Settings, UserSettings};
use reqwest::Client;
use tokio::{net::TcpStream, task::JoinSet, time::sleep};

use crate::{
    Program,
    person::{self, Experience},
};

const BYSTANDERS: usize = 10;
const PASSWORD: &str = "Demo-Passw0rd";
const ATTACKER: &str = "attacker@example.com";
/// Sessions of the attacker, and their requests a second, all together.
const SESSIONS: usize = 20;
const REQUESTS_A_SECOND: u64 = 35;
/// Short, so that everybody renews again and again.
const TOKEN_SECS: u64 = 10;
const QUIET: Duration = Duration::from_secs(15);
const ATTACK: Duration = Duration::from_secs(25);
const BETWEEN_CALLS: Duration = Duration::from_millis(200);
/// Below this nobody notices a difference.
const UNNOTICED: Duration = Duration::from_millis(50);

/// The problems found.
pub(crate) async fn run() -> Vec<String> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let app = format!("http://localhost:{port}");
    let mut settings = Settings::new("127.0.0.1:0".parse().unwrap(), &app);
    let client = settings.client();
    (client.access_token_secs, client.id_token_secs) = (TOKEN_SECS, TOKEN_SECS);
    let emails: Vec<_> = (0..BYSTANDERS).map(|number| format!("user-{number}@example.com")).collect();
    for email in emails.iter().map(String::as_str).chain([ATTACKER]) {
        settings.pools[0].users.push(UserSettings::new(email, PASSWORD, "A User", &[]));
    }
    let cognito = LocalCognito::start(settings).await.unwrap();
    let _program = Program::start(port, &app, &cognito);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        sleep(Duration::from_millis(50)).await;
    }
    let mut bystanders = Vec::new();
    for email in &emails {
        bystanders.push(person::sign_in(&app, email, PASSWORD).await);
    }
    let mut attackers = Vec::new();
    for _ in 0..SESSIONS {
        attackers.push(person::sign_in(&app, ATTACKER, PASSWORD).await);
    }
    let quiet = all_call(&bystanders, &app, QUIET).await;
    println!("{SESSIONS} sessions of one user whom a trigger refuses, {REQUESTS_A_SECOND} requests a second");
    let refusal = Fault::ApiError(ApiFault::find("UserLambdaValidationException").unwrap());
    cognito.fail_next_of(ATTACKER, "InitiateAuth", 1_000_000, refusal);
    let attack = tokio::spawn(attack(attackers, app.clone(), Instant::now() + ATTACK));
    let meanwhile = all_call(&bystanders, &app, ATTACK).await;
    println!(
        "the one user: {} of {} calls refused",
        attack.await.unwrap().failures.len(),
        REQUESTS_A_SECOND * ATTACK.as_secs()
    );
    let mut problems = Vec::new();
    for (when, calls) in [("before", &quiet), ("meanwhile", &meanwhile)] {
        println!("ten others {when}: {}, {} refused", calls.latencies(), calls.failures.len());
        problems.extend(calls.failures.iter().map(|failure| format!("ten others {when}: {failure}")));
    }
    if meanwhile.p99() > 2 * quiet.p99().max(UNNOTICED / 2) {
        problems.push(format!("the others' p99 grew from {:?} to {:?}", quiet.p99(), meanwhile.p99()));
    }
    problems
}

/// Each goes on making calls for this long.
async fn all_call(people: &[Client], app: &str, length: Duration) -> Experience {
    let until = Instant::now() + length;
    let mut calls = JoinSet::new();
    for client in people {
        let (client, app) = (client.clone(), app.to_owned());
        calls.spawn(async move {
            let mut experience = Experience::default();
            while Instant::now() < until {
                call(&client, &app, &mut experience).await;
                sleep(BETWEEN_CALLS).await;
            }
            experience
        });
    }
    calls.join_all().await.into_iter().fold(Experience::default(), Experience::and)
}

/// At a steady rate, whatever the answers are.
async fn attack(sessions: Vec<Client>, app: String, until: Instant) -> Experience {
    let mut requests = JoinSet::new();
    for client in sessions.iter().cycle() {
        if Instant::now() >= until {
            break;
        }
        let (client, app) = (client.clone(), app.clone());
        requests.spawn(async move {
            let mut experience = Experience::default();
            call(&client, &app, &mut experience).await;
            experience
        });
        sleep(Duration::from_millis(1000 / REQUESTS_A_SECOND)).await;
    }
    requests.join_all().await.into_iter().fold(Experience::default(), Experience::and)
}

async fn call(client: &Client, app: &str, experience: &mut Experience) {
    let begun = Instant::now();
    let request = client.get(format!("{app}/api/account/profile")).header("accept", "application/json");
    match request.send().await {
        Ok(answer) if answer.status().is_success() => experience.took.push(begun.elapsed()),
        Ok(answer) => experience.failures.push(format!("status {}", answer.status())),
        Err(error) => experience.failures.push(error.to_string()),
    }
}
