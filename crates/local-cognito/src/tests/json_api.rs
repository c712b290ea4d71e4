//! The JSON API on the wire.

use serde_json::{Value, json};

use super::{Rig, error_of};

#[tokio::test]
async fn initiate_auth_answers_as_cognito_does() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let response = rig.initiate_auth(&tokens).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.1");
    assert_eq!(response.headers()["x-amzn-requestid"].len(), 36);
    let answer: Value = response.json().await.unwrap();
    assert_eq!(answer["AuthenticationResult"]["TokenType"], "Bearer");
    assert!(answer["AuthenticationResult"].get("RefreshToken").is_none());

    let user = rig.call_api("GetUser", &json!({ "AccessToken": answer["AuthenticationResult"]["AccessToken"] })).await;
    let user: Value = user.json().await.unwrap();
    assert_eq!(user["UserAttributes"][0]["Value"], user["Username"]);
}

#[tokio::test]
async fn refusals_have_type_message_and_headers() {
    let rig = Rig::start_with(|settings| settings.client().refresh_token_secs = 7200).await;
    let old = rig.sign_in().await;
    rig.pass_secs(7200);
    let response = rig.initiate_auth(&old).await;
    assert_eq!(response.headers()["x-amzn-errortype"], "NotAuthorizedException:");
    assert_eq!(response.headers()["x-amzn-errormessage"], "Refresh Token has expired");
    let body = json!({ "__type": "NotAuthorizedException", "message": "Refresh Token has expired" });
    assert_eq!(error_of(response).await, (400, body));

    let tokens = rig.sign_in().await;
    rig.cognito.revoke_all("demo@example.com");
    assert_eq!(error_of(rig.initiate_auth(&tokens).await).await.1["message"], "Refresh Token has been revoked");
    rig.cognito.disable_user("demo@example.com");
    assert_eq!(error_of(rig.initiate_auth(&tokens).await).await.1["message"], "User is disabled.");
    rig.cognito.delete_user("demo@example.com");
    let deleted = "The user has been deleted for the associated refresh token";
    assert_eq!(error_of(rig.initiate_auth(&tokens).await).await.1["message"], deleted);
}

#[tokio::test]
async fn unknown_operations_and_unreadable_bodies_are_refused() {
    let rig = Rig::start().await;
    let unknown = json!({ "__type": "UnknownOperationException" });
    assert_eq!(error_of(rig.call_api("Nonsense", &json!({})).await).await, (400, unknown.clone()));
    let untargeted = rig.browser.post(rig.url("/")).body("{}").send().await.unwrap();
    assert_eq!(error_of(untargeted).await, (400, unknown));
    for body in [json!("text"), json!({ "AccessToken": 5 }), json!([])] {
        let refused = error_of(rig.call_api("GetUser", &body).await).await;
        assert_eq!(refused.0, 400, "{body}");
    }
    let unreadable = rig.call_api("GetUser", &json!("text")).await;
    assert_eq!(error_of(unreadable).await.1["__type"], "SerializationException");
}

#[tokio::test]
async fn revoke_token_is_empty_and_ends_the_sign_in() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let request = json!({
        "Token": tokens["refresh_token"],
        "ClientId": rig.cognito.client_id(),
        "ClientSecret": rig.cognito.client_secret(),
    });
    for _ in 0..2 {
        let response = rig.call_api("RevokeToken", &request).await;
        assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (200, ""));
    }
    assert_eq!(error_of(rig.initiate_auth(&tokens).await).await.1["message"], "Refresh Token has been revoked");
}
