//! What a test can make the pool do, and what it sees of the requests.

use std::time::{Duration, Instant};

use serde_json::json;

use super::super::{Fault, LocalCognito, RequestRecord, Settings, StartError};
use super::{Rig, error_of};

#[tokio::test]
async fn faults_hit_the_next_requests_for_their_operation_only() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    rig.cognito.fail_next("InitiateAuth", 2, Fault::Throttle);
    rig.cognito.fail_next("InitiateAuth", 1, Fault::InternalError);
    rig.cognito.fail_next("InitiateAuth", 1, Fault::Status(503));
    for _ in 0..2 {
        let throttled = json!({ "__type": "TooManyRequestsException", "message": "Rate exceeded" });
        assert_eq!(error_of(rig.initiate_auth(&tokens).await).await, (400, throttled));
    }
    let (status, body) = error_of(rig.initiate_auth(&tokens).await).await;
    assert_eq!((status, &body["__type"]), (500, &json!("InternalErrorException")));
    let unavailable = rig.initiate_auth(&tokens).await;
    assert_eq!((unavailable.status().as_u16(), unavailable.text().await.unwrap().as_str()), (503, ""));
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);

    rig.cognito.fail_next("token:refresh_token", 1, Fault::Throttle);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    assert_eq!(rig.token(&refresh).await.status(), 429);
    assert_eq!(rig.token(&refresh).await.status(), 200);
}

#[tokio::test]
async fn a_dropped_connection_has_no_answer_and_the_next_one_works() {
    let rig = Rig::start().await;
    rig.cognito.fail_next("jwks", 1, Fault::Drop);
    let url = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
    let error = rig.browser.get(&url).send().await.unwrap_err();
    assert!(!error.is_timeout(), "{error:?}");
    assert_eq!(rig.get(&url).await.status(), 200);
    let statuses: Vec<u16> = rig.cognito.requests().iter().map(|record| record.status).collect();
    assert_eq!(statuses, [0, 200]);
}

#[tokio::test]
async fn hanging_delays_the_answer() {
    let rig = Rig::start().await;
    rig.cognito.fail_next("jwks", 1, Fault::Hang(Duration::from_millis(300)));
    let started = Instant::now();
    let url = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
    assert_eq!(rig.get(&url).await.status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(300));
}

#[tokio::test]
async fn requests_are_recorded_with_their_outcome() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    rig.cognito.disable_user("demo@example.com");
    rig.initiate_auth(&tokens).await;
    let expected = [
        ("authorize", 302, ""),
        ("login", 200, ""),
        ("login", 302, ""),
        ("token:authorization_code", 200, ""),
        ("InitiateAuth", 400, "NotAuthorizedException"),
    ];
    let expected = expected.map(|(operation, status, error)| RequestRecord {
        operation: operation.to_owned(),
        status,
        error: error.to_owned(),
    });
    assert_eq!(rig.cognito.requests(), expected);
    assert_eq!(rig.cognito.count("login"), 2);
    rig.cognito.reset_requests();
    assert_eq!(rig.cognito.count("login"), 0);
}

#[tokio::test]
async fn a_taken_port_and_a_public_address_are_refused() {
    let rig = Rig::start().await;
    let addr = rig.cognito.base_url().trim_start_matches("http://").parse().unwrap();
    let taken = LocalCognito::start(Settings::new(addr, "http://localhost:3000")).await.unwrap_err();
    assert!(matches!(taken, StartError::Bind { .. }), "{taken}");
    assert!(taken.to_string().contains(&addr.to_string()), "{taken}");
    let public = LocalCognito::start(Settings::new(([0, 0, 0, 0], 0).into(), "http://localhost:3000")).await;
    assert!(matches!(public, Err(StartError::NotLoopback(_))));
}

#[tokio::test]
async fn the_handle_prints_no_secret() {
    let rig = Rig::start().await;
    let printed = format!("{:?}", rig.cognito);
    assert!(printed.contains(&rig.cognito.client_id()));
    assert!(!printed.contains(&rig.cognito.client_secret().unwrap()));
}
