//! A normal person: signs in, and goes on asking.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, redirect::Policy};

const BETWEEN_CLICKS: Duration = Duration::from_millis(100);
/// Longer than this nobody waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a person met with.
#[derive(Default)]
pub(crate) struct Experience {
    /// How long each answer took, with both attempts where there were two.
    pub(crate) took: Vec<Duration>,
    /// Asked again because the connection broke, as browsers do by themselves.
    pub(crate) again: usize,
    pub(crate) failures: Vec<String>,
}

impl Experience {
    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.took.extend(other.took);
        self.failures.extend(other.failures);
        self.again += other.again;
        self
    }

    /// What 99 of 100 answers took at most.
    pub(crate) fn p99(&self) -> Duration {
        let mut took = self.took.clone();
        took.sort();
        took.get(took.len().saturating_sub(1) * 99 / 100).copied().unwrap_or_default()
    }

    /// In milliseconds: median, the 99th of 100, the longest.
    pub(crate) fn latencies(&self) -> String {
        let mut took = self.took.clone();
        took.sort();
        let at = |part: usize| took.get(took.len().saturating_sub(1) * part / 100).map_or(0, Duration::as_millis);
        format!("{} answers, median {} ms, p99 {} ms, longest {} ms", took.len(), at(50), at(99), at(100))
    }
}

pub(crate) async fn sign_in(app: &str, email: &str, password: &str) -> Client {
    let client = Client::builder().cookie_store(true).redirect(Policy::limited(5)).timeout(PATIENCE).build().unwrap();
    let login = client.get(format!("{app}/account")).send().await.unwrap();
    let (url, page) = (login.url().clone(), login.text().await.unwrap());
    let csrf = page.split("name=\"_csrf\"").nth(1).and_then(|rest| rest.split("value=\"").nth(1)).unwrap();
    let csrf = csrf.split('"').next().unwrap();
    let form = [("_csrf", csrf), ("username", email), ("password", password)];
    let account = client.post(url).form(&form).send().await.unwrap();
    assert!(account.text().await.unwrap().contains(email));
    client
}

/// Asks for pages and the session until told to stop.
pub(crate) async fn go_on(client: Client, app: String, stop: Arc<AtomicBool>) -> Experience {
    let mut experience = Experience::default();
    for path in ["/account", "/api/auth/session", "/"].into_iter().cycle() {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let url = format!("{app}{path}");
        let begun = Instant::now();
        let mut answer = ask(&client, &url).await;
        if answer.is_err() {
            experience.again += 1;
            answer = ask(&client, &url).await;
        }
        match answer {
            Ok(page) if page.contains("demo@example.com") || path == "/" => experience.took.push(begun.elapsed()),
            Ok(page) => experience.failures.push(format!("{path}: not signed in: {page:.200}")),
            Err(error) => experience.failures.push(format!("{path}: {error}")),
        }
        tokio::time::sleep(BETWEEN_CLICKS).await;
    }
    experience
}

async fn ask(client: &Client, url: &str) -> Result<String, reqwest::Error> {
    client.get(url).header("accept", "text/html").send().await?.error_for_status()?.text().await
}
