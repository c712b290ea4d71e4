//! Refresh token rotation on the wire (`cognito.md` §3).

use std::collections::HashSet;

use serde_json::{Value, json};

use super::super::Fault;
use super::{Rig, claims, error_of};

async fn rig(grace_secs: u64) -> Rig {
    Rig::start_with(|settings| settings.client().rotation_grace_secs = Some(grace_secs)).await
}

async fn first_token(rig: &Rig) -> String {
    rig.sign_in().await["refresh_token"].as_str().unwrap().to_owned()
}

async fn refresh_grant(rig: &Rig, refresh_token: &str) -> (u16, Value) {
    error_of(rig.token(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await).await
}

#[tokio::test]
async fn initiate_auth_is_refused_and_get_tokens_rotates() {
    let rig = rig(0).await;
    let tokens = rig.sign_in().await;
    let message = "This API does not support refresh token rotation";
    let unsupported = json!({ "__type": "UnsupportedOperationException", "message": message });
    let refused = rig.initiate_auth(&tokens).await;
    assert_eq!(refused.headers()["x-amzn-errortype"], "UnsupportedOperationException:");
    assert_eq!(error_of(refused).await, (400, unsupported));

    let first = tokens["refresh_token"].as_str().unwrap();
    let answer: Value = rig.get_tokens(first).await.json().await.unwrap();
    let result = &answer["AuthenticationResult"];
    assert_eq!(claims(&result["IdToken"])["origin_jti"], claims(&tokens["id_token"])["origin_jti"]);
    assert_eq!((&result["ExpiresIn"], &result["TokenType"]), (&json!(3600), &json!("Bearer")));
    let second = result["RefreshToken"].as_str().unwrap();
    assert_eq!((second.len(), second == first), (1785, false));
    rig.assert_reuse(first).await;
    rig.rotate(second).await;
    let outcomes: Vec<_> = rig.cognito.requests().into_iter().rev().take(4).map(|record| record.error).collect();
    assert_eq!(outcomes, ["", "RefreshTokenReuseException", "", "UnsupportedOperationException"]);
    assert_eq!(rig.cognito.count("GetTokensFromRefreshToken"), 3);
}

#[tokio::test]
async fn the_refresh_grant_rotates_as_well_and_has_one_answer_for_reuse() {
    let rig = rig(0).await;
    let first = first_token(&rig).await;
    let (status, answer) = refresh_grant(&rig, &first).await;
    assert_eq!(status, 200);
    let second = answer["refresh_token"].as_str().unwrap();
    assert_eq!(refresh_grant(&rig, &first).await, (400, json!({ "error": "invalid_grant" })));
    rig.assert_reuse(&first).await;
    let third = rig.rotate(second).await;
    assert_eq!(refresh_grant(&rig, &third).await.0, 200, "both ways share one chain");
}

#[tokio::test]
async fn a_replay_forks_inside_the_grace_and_fails_after_it() {
    let rig = rig(60).await;
    let first = first_token(&rig).await;
    let earlier = rig.rotate(&first).await;
    rig.pass_secs(59);
    let newest = rig.rotate(&first).await;
    rig.assert_reuse(&earlier).await;
    rig.pass_secs(1);
    rig.assert_reuse(&first).await;
    rig.assert_reuse(&earlier).await;
    rig.rotate(&newest).await;
}

#[tokio::test]
async fn of_many_requests_at_once_one_child_survives() {
    for (grace_secs, answered) in [(0, 1), (60, 12)] {
        let rig = rig(grace_secs).await;
        let first = first_token(&rig).await;
        let mut asking = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
            let form = [("grant_type", "refresh_token"), ("refresh_token", &first)];
            let request = rig.browser.post(rig.url("/oauth2/token")).basic_auth(id, Some(secret)).form(&form).send();
            asking.spawn(async move { error_of(request.await.unwrap()).await });
        }
        let answers = asking.join_all().await;
        let children = answers.iter().filter_map(|(_, body)| body["refresh_token"].as_str());
        let children: HashSet<&str> = children.collect();
        assert_eq!(children.len(), answered, "grace {grace_secs}");
        // The newest is one of them, but which is not told: a refused try does no harm to the others.
        let mut good = 0;
        for child in children {
            good += usize::from(rig.get_tokens(child).await.status() == 200);
        }
        assert_eq!(good, 1, "grace {grace_secs}");
    }
}

#[tokio::test]
async fn revoking_ends_the_family_by_its_first_or_newest_token_only() {
    for (index, ends) in [(0, true), (1, false), (2, true)] {
        for by_api in [true, false] {
            let rig = rig(0).await;
            let first = first_token(&rig).await;
            let second = rig.rotate(&first).await;
            let third = rig.rotate(&second).await;
            let (token, id) = ([&first, &second, &third][index], rig.cognito.client_id());
            let secret = rig.cognito.client_secret();
            let revoked = if by_api {
                let request = json!({ "Token": token, "ClientId": id, "ClientSecret": secret });
                rig.call_api("RevokeToken", &request).await
            } else {
                let request = rig.browser.post(rig.url("/oauth2/revoke")).basic_auth(id, secret);
                request.form(&[("token", token)]).send().await.unwrap()
            };
            assert_eq!(revoked.status(), 200);
            let (status, answer) = error_of(rig.get_tokens(&third).await).await;
            let expected = if ends { (400, json!("Refresh Token has been revoked")) } else { (200, Value::Null) };
            assert_eq!((status, answer["message"].clone()), expected, "token {index}");
        }
    }
}

#[tokio::test]
async fn rotation_does_not_prolong_the_sign_in() {
    let rig = Rig::start_with(|settings| {
        settings.client().rotation_grace_secs = Some(60);
        settings.client().refresh_token_secs = 7200;
    })
    .await;
    let mut token = first_token(&rig).await;
    for _ in 0..2 {
        rig.pass_secs(3599);
        token = rig.rotate(&token).await;
    }
    rig.pass_secs(1);
    let newest = rig.rotate(&token).await;
    rig.pass_secs(1);
    let message = "Refresh Token has expired";
    let expired = (400, json!({ "__type": "NotAuthorizedException", "message": message }));
    assert_eq!(error_of(rig.get_tokens(&newest).await).await, expired);
}

#[tokio::test]
async fn rotation_can_be_turned_on_and_off_while_it_runs() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let first = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(rig.initiate_auth(&tokens).await.status(), 200);
    rig.cognito.set_rotation(Some(600));
    let second = rig.rotate(first).await;
    rig.pass_secs(60);
    rig.assert_reuse(first).await;
    rig.cognito.set_rotation(None);
    let answer: Value = rig.get_tokens(&second).await.json().await.unwrap();
    assert!(answer["AuthenticationResult"].get("RefreshToken").is_none());
    let (status, body) = error_of(rig.initiate_auth(&tokens).await).await;
    assert_eq!((status, &body["message"]), (400, &json!("Refresh Token has been revoked")), "rotated away before");
}

#[tokio::test]
async fn a_fault_by_its_name_leaves_the_token_alone() {
    let rig = rig(0).await;
    let first = first_token(&rig).await;
    rig.cognito.fail_next("GetTokensFromRefreshToken", 1, Fault::Throttle);
    let (status, body) = error_of(rig.get_tokens(&first).await).await;
    assert_eq!((status, &body["__type"]), (400, &json!("TooManyRequestsException")));
    rig.rotate(&first).await;
}
