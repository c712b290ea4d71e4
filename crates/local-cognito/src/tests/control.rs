//! The control API, and who may ask at all.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::{Rig, error_of};

async fn control(rig: &Rig, name: &str, body: Value) -> (u16, Value) {
    error_of(rig.browser.post(rig.url(&format!("/_control/{name}"))).json(&body).send().await.unwrap()).await
}

async fn requests(rig: &Rig) -> Value {
    rig.get(&rig.url("/_control/requests")).await.json().await.unwrap()
}

#[tokio::test]
async fn the_clock_moves_both_ways() {
    let rig = Rig::start().await;
    for (secs, now) in [(3700, 1_700_003_700_u64), (-7200, 1_699_996_500), (0, 1_699_996_500)] {
        let moved = control(&rig, "clock", json!({ "advance_secs": secs })).await;
        assert_eq!(moved, (200, json!({ "now": now })));
    }
    rig.cognito.jump(3500);
    let tokens = rig.sign_in().await;
    assert_eq!(super::claims(&tokens["id_token"])["iat"], 1_700_000_000);
    assert_eq!(control(&rig, "clock", json!({ "advance_secs": 4_000_000_000_u64 })).await.0, 400);
}

#[tokio::test]
async fn faults_are_ordered_and_taken_back() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let order = |times: u64, fault: Value| {
        control(&rig, "faults", json!({ "operation": "InitiateAuth", "times": times, "fault": fault }))
    };
    let ordered = (200, json!({ "operation": "InitiateAuth", "times": 1 }));
    for (fault, status) in [
        (json!("throttle"), 400),
        (json!("internal_error"), 500),
        (json!({ "status": 503 }), 503),
        (json!({ "hang_ms": 0 }), 200),
    ] {
        assert_eq!(order(1, fault.clone()).await, ordered);
        assert_eq!(rig.initiate_auth(&tokens).await.status(), status, "{fault}");
    }
    assert_eq!(order(1, json!({ "hang_ms": 200 })).await, ordered);
    let started = Instant::now();
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);
    assert!(started.elapsed() >= Duration::from_millis(200));

    assert_eq!(control(&rig, "faults", json!({ "operation": "jwks", "times": 1, "fault": "drop" })).await.0, 200);
    let jwks = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
    assert!(rig.browser.get(&jwks).send().await.is_err());

    order(5, json!("throttle")).await;
    assert_eq!(control(&rig, "faults", json!({ "operation": "InitiateAuth", "times": 0 })).await.0, 200);
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);
}

#[tokio::test]
async fn users_are_disabled_enabled_revoked_and_deleted() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let change =
        |action: &'static str| control(&rig, "users", json!({ "email": "demo@example.com", "action": action }));
    let message = || async { error_of(rig.initiate_auth(&tokens).await).await.1["message"].clone() };
    assert_eq!(change("disable").await, (200, json!({ "action": "disable", "revoked": 1 })));
    assert_eq!(message().await, "User is disabled.");
    assert_eq!(change("enable").await, (200, json!({ "action": "enable", "revoked": 0 })));
    assert_eq!(message().await, "Refresh Token has been revoked");
    rig.sign_in().await;
    assert_eq!(change("revoke").await, (200, json!({ "action": "revoke", "revoked": 1 })));
    assert_eq!(change("delete").await, (200, json!({ "action": "delete", "revoked": 0 })));
    assert_eq!(message().await, "The user has been deleted for the associated refresh token");
    for action in ["disable", "enable", "revoke", "delete"] {
        assert_eq!(change(action).await, (404, json!({ "error": "no user has this email" })), "{action}");
    }
}

#[tokio::test]
async fn rotation_is_turned_on_and_off() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    assert_eq!(control(&rig, "rotation", json!({ "grace_secs": 10 })).await, (200, json!({ "grace_secs": 10 })));
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 400);
    assert_eq!(control(&rig, "rotation", json!({ "grace_secs": null })).await, (200, json!({ "grace_secs": null })));
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);
}

#[tokio::test]
async fn requests_are_listed_and_counted_without_the_control_apis_own() {
    let rig = Rig::start().await;
    control(&rig, "clock", json!({ "advance_secs": 0 })).await;
    assert_eq!(requests(&rig).await, json!({ "requests": [], "counts": {} }));
    rig.get(&format!("{}/.well-known/jwks.json", rig.cognito.issuer())).await;
    rig.get_tokens("garbage").await;
    rig.get_tokens("garbage").await;
    let failed = json!({ "operation": "GetTokensFromRefreshToken", "status": 400, "error": "NotAuthorizedException" });
    let expected = json!({
        "requests": [{ "operation": "jwks", "status": 200, "error": "" }, failed, failed],
        "counts": { "jwks": 1, "GetTokensFromRefreshToken": 2 },
    });
    assert_eq!(requests(&rig).await, expected);
    assert_eq!(rig.cognito.requests().len(), 3);
}

#[tokio::test]
async fn a_wrong_request_is_told_what_is_wrong() {
    let rig = Rig::start().await;
    for (name, body, status, part) in [
        ("faults", json!({ "operation": "jkws", "times": 1, "fault": "drop" }), 404, "operation is none of these: "),
        ("faults", json!({ "operation": "jwks", "times": 1 }), 400, "fault is missing"),
        ("faults", json!({ "operation": "jwks", "times": -1, "fault": "drop" }), 400, "times"),
        ("faults", json!({ "operation": "jwks", "times": 1_000_001, "fault": "drop" }), 400, "times"),
        ("faults", json!({ "operation": "jwks", "times": 1, "fault": "nonsense" }), 400, "`hang_ms`"),
        ("faults", json!({ "operation": "jwks", "times": 1, "fault": { "status": 101 } }), 400, "status"),
        ("faults", json!({ "operation": "jwks", "times": 1, "fault": { "hang_ms": 600_001 } }), 400, "hang_ms"),
        ("faults", json!({ "operation": "jwks", "times": 1, "fualt": "drop" }), 400, "unknown field `fualt`"),
        ("users", json!({ "email": "demo@example.com", "action": "ban" }), 400, "`disable`"),
        ("users", json!({ "action": "disable" }), 400, "missing field `email`"),
        ("rotation", json!({ "grace_secs": 61 }), 400, "60"),
        ("rotation", json!({}), 400, "missing field `grace_secs`"),
        ("clock", json!({ "advance_secs": "1" }), 400, "advance_secs"),
        ("nonsense", json!({}), 404, "/_control/clock"),
        ("requests", json!({}), 405, "GET"),
    ] {
        let (found, answer) = control(&rig, name, body.clone()).await;
        let error = answer["error"].as_str().unwrap();
        assert!(found == status && error.contains(part), "{name} {body}: {found} {error}");
    }
    let form = rig.browser.post(rig.url("/_control/rotation")).form(&[("grace_secs", "1")]).send().await.unwrap();
    let (status, answer) = error_of(form).await;
    assert!(status == 400 && answer["error"].as_str().unwrap().contains("application/json"), "{answer}");
}

#[tokio::test]
async fn a_foreign_host_is_refused_everywhere() {
    let rig = Rig::start().await;
    let pool = rig.cognito.issuer().trim_start_matches(&rig.cognito.base_url()).to_owned();
    let jwks = format!("{pool}/.well-known/jwks.json");
    for (method, path) in [
        (Method::POST, "/"),
        (Method::GET, jwks.as_str()),
        (Method::POST, "/oauth2/token"),
        (Method::GET, "/login"),
        (Method::GET, "/_control/requests"),
        (Method::GET, "/nowhere"),
    ] {
        let request = rig.browser.request(method, rig.url(path)).header("host", "rebound.example:9400");
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403, "{path}");
        assert!(response.text().await.unwrap().contains("localhost"), "{path}");
    }
    assert!(rig.cognito.requests().is_empty(), "none reached a handler");
    for host in ["localhost:9400", "[::1]:9400", "127.0.0.1"] {
        let response = rig.browser.get(rig.url(&jwks)).header("host", host).send().await.unwrap();
        assert_eq!(response.status(), 200, "{host}");
    }
}

#[tokio::test]
async fn a_page_may_not_use_the_control_api() {
    let rig = Rig::start().await;
    for origin in ["https://evil.example", "http://localhost:3000", "null"] {
        let clock = rig.browser.post(rig.url("/_control/clock")).json(&json!({ "advance_secs": 60 }));
        let (status, answer) = error_of(clock.header("origin", origin).send().await.unwrap()).await;
        assert!(status == 403 && answer["error"].as_str().unwrap().contains("browser"), "{origin}: {answer}");
        let list = rig.browser.get(rig.url("/_control/requests")).header("origin", origin).send().await.unwrap();
        assert_eq!(list.status(), 403, "{origin}");
        let nowhere = rig.browser.get(rig.url("/_control/x")).header("origin", origin).send().await.unwrap();
        assert_eq!(nowhere.status(), 403, "{origin}");
    }
    assert_eq!(control(&rig, "clock", json!({ "advance_secs": 0 })).await.1["now"], 1_700_000_000);
    let hosted_ui = rig.browser.get(rig.authorize_url(&[])).header("origin", "http://localhost:3000");
    assert_eq!(hosted_ui.send().await.unwrap().status(), 302, "elsewhere pages are at home");
}

#[tokio::test]
async fn the_real_time_is_never_too_far_away() {
    let rig = Rig::start().await;
    let century = json!({ "advance_secs": 100_u64 * 365 * 24 * 60 * 60 });
    for _ in 0..3 {
        assert_eq!(control(&rig, "clock", century.clone()).await.0, 200);
    }
    let (status, real) = control(&rig, "clock", json!({ "offset_secs": 0 })).await;
    assert_eq!((status, &real["now"]), (200, &json!(1_700_000_000)));
}
