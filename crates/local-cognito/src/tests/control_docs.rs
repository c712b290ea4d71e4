//! What is written about the control API holds: the list that it gives of itself, and docs/control-api.md.

use serde_json::Value;

use super::super::torment::TORMENTS;
use super::{Rig, claims};

const DOCS: &str = include_str!("../../../../docs/control-api.md");
const PORT: &str = "http://127.0.0.1:9400";

#[tokio::test]
async fn the_list_names_what_there_is() {
    let rig = Rig::start().await;
    let list: Value = rig.get(&rig.url("/_control")).await.json().await.unwrap();
    let endpoints = list["endpoints"].as_array().unwrap();
    for endpoint in endpoints {
        let path = endpoint["path"].as_str().unwrap();
        let response = match endpoint["method"].as_str().unwrap() {
            "GET" => rig.get(&rig.url(path)).await,
            _ => rig.browser.post(rig.url(path)).json(&endpoint["body"]).send().await.unwrap(),
        };
        assert_eq!(response.status(), 200, "{endpoint}");
        assert!(DOCS.contains(path), "{path} is not in the documentation");
    }
    assert_eq!(endpoints.iter().filter(|endpoint| endpoint["method"] == "POST").count(), TORMENTS.len());
}

/// The `curl` lines, with their continuation lines.
fn examples() -> Vec<String> {
    let joined = DOCS.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| line.starts_with("curl "));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn every_example_works_as_it_is_written() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let sign_in = claims(&tokens["access_token"])["origin_jti"].as_str().unwrap().to_owned();
    assert!(examples().len() >= TORMENTS.len(), "{:?}", examples());
    for example in examples() {
        let ready = example.replace("<sign-in>", &sign_in).replace("<client id>", &rig.cognito.client_id());
        let url = ready.split_whitespace().find(|word| word.starts_with(PORT)).expect(&example);
        let url = rig.url(url.trim_start_matches(PORT));
        let response = match ready.split("-d '").nth(1) {
            None => rig.get(&url).await,
            Some(rest) => {
                assert!(ready.contains("-H 'content-type: application/json'"), "{example}");
                let body = rest.split('\'').next().unwrap().to_owned();
                rig.browser.post(url).header("content-type", "application/json").body(body).send().await.unwrap()
            }
        };
        assert_eq!(response.status(), 200, "{example}: {:?}", response.text().await);
    }
}
