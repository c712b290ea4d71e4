//! The program itself, running with a Local Cognito of its own, and all that it writes.

use std::{
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, Command, Stdio},
    thread::JoinHandle,
};

use crate::{browser::Browser, form::Form};

/// The program, running.
pub(crate) struct Program {
    child: Child,
    /// All that it wrote, once it has ended.
    written: Option<JoinHandle<String>>,
    pub(crate) url: String,
    cognito: String,
}

impl Program {
    /// `log` is its `RUST_LOG`.
    pub(crate) fn start(log: &str) -> Self {
        Self::start_in(log, &[])
    }

    /// As [`start`](Self::start), with more in its environment.
    pub(crate) fn start_in(log: &str, environment: &[(&str, &str)]) -> Self {
        let addr = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_leptos-cognito-app"))
            .arg("serve")
            .current_dir(std::env::temp_dir())
            .env_clear()
            .envs([("RUST_LOG", log), ("LOCAL_COGNITO_DIR", ""), ("LOCAL_COGNITO_CONFIG", "")])
            .envs([("LOCAL_COGNITO_ADDR", "127.0.0.1:0"), ("LEPTOS_SITE_ADDR", &addr.to_string())])
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let written = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        let mut banner = BufReader::new(child.stdout.take().unwrap()).lines();
        let cognito = banner.find_map(|line| line.unwrap().split_once("user pool on ").map(|(_, url)| url.to_owned()));
        let url = format!("http://localhost:{}", addr.port());
        Self { child, written: Some(written), url, cognito: cognito.unwrap() }
    }

    pub(crate) async fn control(&self, what: &str, order: serde_json::Value) {
        let url = format!("{}/_control/{what}", self.cognito);
        let answer = reqwest::Client::new().post(url).json(&order).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{order}");
    }

    /// How often this operation was asked for.
    pub(crate) async fn count(&self, operation: &str) -> u64 {
        let answer = reqwest::get(format!("{}/_control/requests", self.cognito)).await.unwrap();
        let told: serde_json::Value = answer.json().await.unwrap();
        told["counts"][operation].as_u64().unwrap_or_default()
    }

    /// The code that Cognito would have mailed.
    pub(crate) async fn code(&self, email: &str) -> String {
        let answer = reqwest::get(format!("{}/_control/codes", self.cognito)).await.unwrap();
        let codes: serde_json::Value = answer.json().await.unwrap();
        let codes = codes["codes"].as_array().unwrap();
        codes.iter().find(|code| code["email"] == email).unwrap()["code"].as_str().unwrap().to_owned()
    }

    /// Fills in the form of a page of the hosted UI, and follows to the next page of it.
    pub(crate) async fn fill(&self, browser: &Browser, url: &str, fields: &[(&str, &str)]) -> String {
        let form = Form::of(&browser.get(url).await.body).unwrap();
        let mut all: Vec<_> = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        let answer = browser.post(&format!("{}{}", self.cognito, form.action), &all).await;
        let next = answer.location.unwrap_or_else(|| panic!("no way on: {}", answer.body));
        if next.starts_with('/') { format!("{}{next}", self.cognito) } else { next }
    }

    /// Ends it, and gives what it wrote.
    pub(crate) fn end(mut self) -> String {
        self.child.kill().unwrap();
        self.written.take().unwrap().join().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
