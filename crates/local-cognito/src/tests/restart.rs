//! Stopping, and starting again on the same port with the same state.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::super::random::random_uuid;
use super::super::{Fault, LocalCognito};
use super::{Rig, claims, query};

fn state_file() -> PathBuf {
    std::env::temp_dir().join("local-cognito-tests").join(random_uuid()).join("state.json")
}

fn refresh_token(tokens: &Value) -> String {
    tokens["refresh_token"].as_str().unwrap().to_owned()
}

/// Stops a rig and starts another where it was.
async fn restart(rig: Rig, path: PathBuf) -> Rig {
    let addr = rig.cognito.base_url().trim_start_matches("http://").parse().unwrap();
    rig.cognito.stop();
    let mut next = Rig::start_with(|settings| {
        settings.addr = addr;
        settings.state_file = Some(path);
    })
    .await;
    next.browser = rig.browser;
    next
}

#[tokio::test]
async fn people_stay_signed_in_across_a_restart() {
    let path = state_file();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    let (id, tokens) = (rig.cognito.client_id(), rig.sign_in().await);
    let rig = restart(rig, path).await;
    assert_eq!(rig.cognito.client_id(), id);
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);
    let silent = super::location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await);
    assert!(query(&silent, "code").is_some(), "the hosted UI knows the browser");
}

#[tokio::test]
async fn rotated_tokens_are_what_they_were_after_a_restart() {
    let path = state_file();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    rig.cognito.set_rotation(Some(60));
    let first = refresh_token(&rig.sign_in().await);
    let second = rig.rotate(&first).await;
    let third = rig.rotate(&second).await;
    let lost = rig.rotate(&third).await;
    let fourth = rig.rotate(&third).await;

    let rig = restart(rig, path).await;
    rig.cognito.set_rotation(Some(60));
    rig.assert_reuse(&lost).await;
    let fifth = rig.rotate(&fourth).await;
    let fork = rig.rotate(&second).await;
    rig.assert_reuse(&fifth).await;
    rig.pass_secs(60);
    rig.assert_reuse(&second).await;
    rig.rotate(&fork).await;
}

#[tokio::test]
async fn the_clock_stays_where_it_was_moved() {
    let path = state_file();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    let tokens = rig.sign_in().await;
    rig.cognito.jump(-600);
    let rig = restart(rig, path).await;
    let since_sign_in = claims(&rig.sign_in().await["access_token"])["iat"].as_i64().unwrap()
        - claims(&tokens["access_token"])["iat"].as_i64().unwrap();
    assert_eq!(since_sign_in, -600);
}

#[tokio::test]
async fn a_change_is_on_disk_soon_after_the_answer() {
    let path = state_file();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    rig.sign_in().await;
    for _ in 0..200 {
        let saved: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if saved["pools"]["us-east-1_LocalPool"]["state"]["families"].as_object().unwrap().len() == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the sign-in did not reach the disk");
}

#[tokio::test]
async fn a_damaged_state_starts_afresh() {
    let path = state_file();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    let id = rig.cognito.client_id();
    rig.cognito.stop();
    std::fs::write(&path, "{ damaged").unwrap();
    let rig = Rig::start_with(|settings| settings.state_file = Some(path.clone())).await;
    assert_ne!(rig.cognito.client_id(), id);
    rig.sign_in().await;
    let aside = format!("{}.damaged-1700000000", path.display());
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "{ damaged");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_pool_cannot_be_reached_not_even_over_an_open_connection() {
    let rig = Rig::start().await;
    let url = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
    assert_eq!(rig.get(&url).await.status(), 200);
    rig.cognito.fail_next("jwks", 1, Fault::Hang(Duration::from_secs(60)));
    let hanging = tokio::spawn(rig.browser.get(&url).send());
    while rig.cognito.count("jwks") < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    rig.cognito.stop();
    let refused = rig.browser.get(&url).send().await.unwrap_err();
    assert!(!refused.is_timeout(), "{refused:?}");
    let cut = tokio::time::timeout(Duration::from_secs(5), hanging).await.expect("cut at once").unwrap();
    assert!(cut.is_err());
    assert_eq!(rig.cognito.count("jwks"), 2, "the second request never arrived");

    let addr = rig.cognito.base_url().trim_start_matches("http://").parse().unwrap();
    let again = LocalCognito::start(super::Settings::new(addr, "http://localhost:3000")).await.unwrap();
    assert_ne!(again.client_id(), rig.cognito.client_id(), "without a state file it is a new pool");
}
