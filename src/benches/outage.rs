//! `make outage`: twenty people click about for a minute while Cognito is away, in each of four ways, with tokens that
//! expire meanwhile. Prints the table of docs/refresh.md: how many were signed out, and how long pages took that need no
//! token. Everything is real but the user pool: server, HTTP, time.
#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::{
    env,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use leptos::config::LeptosOptions;
use leptos_cognito::server::{AuthConfig, Clock};
use leptos_cognito_app::server;
use local_cognito::{Fault, LocalCognito, Settings};
use reqwest::{Client, redirect::Policy};
use tokio::{net::TcpListener, time::sleep};

const USERS: usize = 20;
const ACCESS_TOKEN_SECS: u64 = 20;
const BEFORE: Duration = Duration::from_secs(5);
const AFTER: Duration = Duration::from_secs(40);
const BETWEEN_CLICKS: Duration = Duration::from_millis(250);
const SECRET: &str = "c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1";

#[derive(Clone, Copy, PartialEq)]
enum Outage {
    Refused,
    Hanging,
    Error500,
    Throttled,
}

struct Rig {
    app: String,
    cognito: LocalCognito,
    settings: Settings,
}

impl Rig {
    async fn start(name: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let app = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let mut settings = Settings::new("127.0.0.1:0".parse().unwrap(), &app);
        settings.client().access_token_secs = ACCESS_TOKEN_SECS;
        settings.state_file =
            Some(env::temp_dir().join(format!("leptos-cognito-outage-{}-{name}.json", std::process::id())));
        let cognito = LocalCognito::start(settings.clone()).await.unwrap();
        settings.addr = cognito.base_url().trim_start_matches("http://").parse().unwrap();
        let (pool, url) = (cognito.clone(), app.clone());
        let auth = AuthConfig::from_lookup(|name| match name {
            "APP_URL" => Some(url.clone()),
            "SESSION_SECRETS" => Some(SECRET.to_owned()),
            "COGNITO_ISSUER" => Some(pool.issuer()),
            "COGNITO_CLIENT_ID" => Some(pool.client_id()),
            "COGNITO_CLIENT_SECRET" => pool.client_secret(),
            _ => None,
        });
        let options = LeptosOptions::builder().output_name("leptos-cognito").site_root("public").build();
        tokio::spawn(server::serve(listener, options, auth.unwrap(), Clock::system()));
        Self { app, cognito, settings }
    }

    async fn sign_in(&self) -> Client {
        let client = Client::builder().cookie_store(true).redirect(Policy::limited(5)).build().unwrap();
        let login = client.get(format!("{}/account", self.app)).send().await.unwrap();
        let (url, page) = (login.url().clone(), login.text().await.unwrap());
        let csrf = page.split("name=\"_csrf\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).unwrap();
        let csrf = csrf.split('"').next().unwrap();
        let form = [("_csrf", csrf), ("username", "demo@example.com"), ("password", "Demo-Passw0rd")];
        let account = client.post(url).form(&form).send().await.unwrap();
        assert!(account.text().await.unwrap().contains("demo@example.com"));
        client
    }

    async fn begin(&self, outage: Outage) {
        let fault = match outage {
            Outage::Refused => return self.cognito.stop(),
            Outage::Hanging => Fault::Hang(Duration::from_secs(60)),
            Outage::Error500 => Fault::InternalError,
            Outage::Throttled => Fault::Throttle,
        };
        self.cognito.fail_next("InitiateAuth", 1000, fault);
    }

    async fn end(&mut self, outage: Outage) {
        if outage == Outage::Refused {
            self.cognito = LocalCognito::start(self.settings.clone()).await.unwrap();
            return;
        }
        let url = format!("{}/_control/faults", self.cognito.base_url());
        let order = serde_json::json!({"operation": "InitiateAuth", "times": 0}).to_string();
        let request = Client::new().post(url).header("content-type", "application/json").body(order);
        assert!(request.send().await.unwrap().status().is_success());
    }
}

/// One person's clicks on the home page, which needs no token: when each began, how long it took, whether it knew them.
async fn click_about(client: Client, app: String, stop: Arc<AtomicBool>) -> Vec<(Instant, Duration, bool)> {
    let mut clicks = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let page =
            client.get(format!("{app}/")).header("accept", "text/html").send().await.unwrap().text().await.unwrap();
        clicks.push((begun, begun.elapsed(), page.contains("Sign out")));
        sleep(BETWEEN_CLICKS).await;
    }
    clicks
}

async fn measure(name: &'static str, outage: Outage, length: Duration) -> String {
    let mut rig = Rig::start(name).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut people = Vec::new();
    for _ in 0..USERS {
        let client = rig.sign_in().await;
        people.push((client.clone(), tokio::spawn(click_about(client, rig.app.clone(), stop.clone()))));
    }
    sleep(BEFORE).await;
    rig.begin(outage).await;
    // The first failure is known at the latest when a whole refresh has timed out after the first token was due.
    let first_failure = Instant::now() + Duration::from_secs(ACCESS_TOKEN_SECS + 7);
    sleep(length).await;
    rig.end(outage).await;
    sleep(AFTER).await;
    stop.store(true, Ordering::Relaxed);
    let (mut took, mut signed_out, mut degraded, mut clicks) = (Vec::new(), 0, 0, 0);
    for (client, clicking) in people {
        let all = clicking.await.unwrap();
        clicks += all.len();
        signed_out += usize::from(all.iter().any(|(_, _, is_known)| !is_known));
        took.extend(all.into_iter().filter(|(begun, ..)| *begun >= first_failure).map(|(_, took, _)| took));
        let session = client.get(format!("{}/api/auth/session", rig.app)).send().await.unwrap().text().await.unwrap();
        degraded += usize::from(!session.contains("\"degraded\":false"));
    }
    took.sort();
    let at = |part: usize| took[(took.len() - 1) * part / 1000].as_millis();
    format!(
        "| {name} | {clicks} | {signed_out} | {degraded} | {} ms | {} ms | {} ms |",
        at(500),
        at(990),
        took.last().unwrap().as_millis()
    )
}

#[tokio::main]
async fn main() {
    let length = Duration::from_secs(env::var("OUTAGE_SECS").ok().and_then(|secs| secs.parse().ok()).unwrap_or(60));
    println!("{USERS} people, tokens of {ACCESS_TOKEN_SECS} s, an outage of {} s", length.as_secs());
    println!("| outage | clicks | signed out | still degraded after it | median | p99 | longest |");
    println!("|---|---|---|---|---|---|---|");
    let outages = [
        ("connection refused", Outage::Refused),
        ("hanging", Outage::Hanging),
        ("status 500", Outage::Error500),
        ("throttled", Outage::Throttled),
    ];
    // All four at once, each with an app and a pool of its own.
    let running: Vec<_> = outages.map(|(name, outage)| tokio::spawn(measure(name, outage, length))).into();
    for row in running {
        println!("{}", row.await.unwrap());
    }
}
