//! The JSON API byte by byte, where `cognito.md` §2.1 says so, and who may call what from a page.

use reqwest::{Method, Response};
use serde_json::{Value, json};

use super::{DEMO, Rig, error_of};

const POOL: &str = "us-east-1_LocalPool";

async fn call_from_page(rig: &Rig, operation: &str, body: &Value) -> Response {
    let request = rig.browser.post(rig.url("/")).header("origin", "https://app.example");
    let request = request.header("content-type", "application/x-amz-json-1.1");
    let request = request.header("x-amz-target", format!("AWSCognitoIdentityProviderService.{operation}"));
    request.body(body.to_string()).send().await.unwrap()
}

#[tokio::test]
async fn answers_are_these_bytes() {
    let rig = Rig::start_with(|settings| settings.client().secret = super::super::SecretSetting::None).await;
    let client = rig.cognito.client_id();
    let who = json!({ "UserPoolId": POOL, "Username": DEMO.0 });
    for (operation, request, body) in [
        (
            "ForgotPassword",
            json!({ "ClientId": client, "Username": DEMO.0 }),
            r#"{"CodeDeliveryDetails":{"AttributeName":"email","DeliveryMedium":"EMAIL","Destination":"d***@e***"}}"#,
        ),
        ("AdminEnableUser", who.clone(), "{}"),
        ("AdminAddUserToGroup", json!({ "UserPoolId": POOL, "Username": DEMO.0, "GroupName": "admin" }), ""),
        (
            "CreateGroup",
            json!({ "UserPoolId": POOL, "GroupName": "g" }),
            r#"{"Group":{"CreationDate":1700000000,"GroupName":"g","LastModifiedDate":1700000000,"UserPoolId":"us-east-1_LocalPool"}}"#,
        ),
        ("AdminDeleteUser", who.clone(), ""),
    ] {
        let response = rig.call_api(operation, &request).await;
        assert_eq!(response.status(), 200, "{operation}");
        assert_eq!(response.headers()["content-type"], "application/x-amz-json-1.1", "{operation}");
        assert_eq!(response.headers()["x-amzn-requestid"].len(), 36, "{operation}");
        assert!(!response.headers().contains_key("access-control-allow-origin"), "{operation}");
        assert_eq!(response.text().await.unwrap(), body, "{operation}");
    }
    let response = rig.call_api("AdminGetUser", &who).await;
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["x-amzn-errortype"], "UserNotFoundException:");
    assert_eq!(response.headers()["x-amzn-errormessage"], "User does not exist.");
    let body = r#"{"__type":"UserNotFoundException","message":"User does not exist."}"#;
    assert_eq!(response.text().await.unwrap(), body);
}

#[tokio::test]
async fn missing_members_are_all_named() {
    let rig = Rig::start().await;
    let (status, body) = error_of(rig.call_api("AdminGetUser", &json!({})).await).await;
    assert_eq!((status, &body["__type"]), (400, &json!("InvalidParameterException")));
    let message = "2 validation errors detected: Value null at 'userPoolId' failed to satisfy constraint: Member must \
                   not be null; Value at 'username' failed to satisfy constraint: Member must not be null";
    assert_eq!(body["message"], message);
    let null = json!({ "AuthFlow": "REFRESH_TOKEN", "ClientId": rig.cognito.client_id(), "AuthParameters": null });
    let (_, body) = error_of(rig.call_api("InitiateAuth", &null).await).await;
    assert_eq!(body["message"], "Missing required parameter REFRESH_TOKEN", "null is absent");
    for body in [json!({ "UserPoolId": 1 }), json!([]), json!("x")] {
        let (status, answer) = error_of(rig.call_api("AdminGetUser", &body).await).await;
        assert_eq!((status, answer), (400, json!({ "__type": "SerializationException" })), "{body}");
    }
}

#[tokio::test]
async fn any_page_may_call_what_needs_no_credentials() {
    let rig = Rig::start().await;
    for (body, status) in [(json!({ "AccessToken": "garbage" }), 400), (json!("x"), 400)] {
        let response = call_from_page(&rig, "GetUser", &body).await;
        assert_eq!(response.status(), status);
        assert_eq!(response.headers()["access-control-allow-origin"], "*");
        let exposed = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
        assert_eq!(response.headers()["access-control-expose-headers"], exposed);
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
    }
    rig.cognito.fail_next("GetUser", 1, super::super::Fault::Throttle);
    let throttled = call_from_page(&rig, "GetUser", &json!({})).await;
    assert_eq!(throttled.headers()["access-control-allow-origin"], "*");
    rig.cognito.fail_next("GetUser", 1, super::super::Fault::WafBlock);
    let blocked = call_from_page(&rig, "GetUser", &json!({})).await;
    assert!(!blocked.headers().contains_key("access-control-allow-origin"));
    assert_eq!(blocked.status(), 403);
    assert_eq!(blocked.headers()["content-type"], "text/html; charset=utf-8");

    let preflight = rig.browser.request(Method::OPTIONS, rig.url("/")).header("origin", "https://app.example");
    let preflight = preflight.header("access-control-request-method", "POST");
    let asked = "content-type,x-amz-target,x-amz-user-agent";
    let response = preflight.header("access-control-request-headers", asked).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.headers()["access-control-allow-headers"], asked);
    assert_eq!(response.headers()["access-control-allow-methods"], "POST");
    assert_eq!(rig.cognito.count("preflight"), 1);
    let elsewhere = rig.browser.get(rig.url("/login")).header("origin", "https://app.example").send().await.unwrap();
    assert!(!elsewhere.headers().contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn no_page_may_call_an_administrators_operation() {
    let rig = Rig::start().await;
    for operation in [
        "AdminAddUserToGroup",
        "AdminConfirmSignUp",
        "AdminCreateUser",
        "AdminDeleteUser",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminRemoveUserFromGroup",
        "AdminResetUserPassword",
        "AdminSetUserPassword",
        "AdminUserGlobalSignOut",
        "CreateGroup",
        "DescribeUserPoolClient",
        "ListUsers",
        "UpdateUserPoolClient",
    ] {
        let (status, body) = error_of(call_from_page(&rig, operation, &json!({})).await).await;
        let unsigned =
            json!({ "__type": "MissingAuthenticationTokenException", "message": "Missing Authentication Token" });
        assert_eq!((status, body), (400, unsigned), "{operation}");
        let (status, body) = error_of(rig.call_api(operation, &json!({})).await).await;
        assert_eq!((status, &body["__type"]), (400, &json!("InvalidParameterException")), "{operation}: {body}");
    }
}
