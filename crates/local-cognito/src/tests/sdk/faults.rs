//! Every error that can be ordered, as the SDK reads it.

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use serde_json::json;

use super::super::super::{ApiFault, Fault};
use super::{DEMO, Sdk, failure};

/// Of the table's types those that InitiateAuth does not model; the SDK names them all the same.
const OF_OTHER_OPERATIONS: [&str; 13] = [
    "AliasExistsException",
    "CodeDeliveryFailureException",
    "CodeMismatchException",
    "ExpiredCodeException",
    "FeatureUnavailableInTierException",
    "InvalidPasswordException",
    "LimitExceededException",
    "PasswordHistoryPolicyViolationException",
    "RefreshTokenReuseException",
    "TooManyFailedAttemptsException",
    "UnauthorizedException",
    "UnsupportedTokenTypeException",
    "UsernameExistsException",
];

#[tokio::test]
async fn each_error_of_the_table_reaches_the_client_by_name() {
    let sdk = Sdk::start().await;
    for fault in ApiFault::all() {
        sdk.rig.cognito.fail_next("InitiateAuth", 1, Fault::ApiError(fault));
        let result = sdk.password_auth(DEMO).send().await;
        let told = if OF_OTHER_OPERATIONS.contains(&fault.kind()) {
            let error = result.unwrap_err();
            let error = error.as_service_error().unwrap();
            (error.code().unwrap().to_owned(), error.message().unwrap().to_owned())
        } else {
            failure(result)
        };
        assert_eq!(told, (fault.kind().to_owned(), fault.message().to_owned()));
        let status = sdk.rig.cognito.requests().last().unwrap().status;
        assert_eq!(status, if fault.kind() == "InternalErrorException" { 500 } else { 400 });
    }
    assert!(sdk.password_auth(DEMO).send().await.is_ok());
}

#[tokio::test]
async fn a_firewall_is_no_error_of_cognitos() {
    let sdk = Sdk::start().await;
    sdk.rig.cognito.fail_next("InitiateAuth", 1, Fault::WafBlock);
    let error = sdk.password_auth(DEMO).send().await.unwrap_err();
    let status = error.raw_response().map(|response| response.status().as_u16());
    assert_eq!(status, Some(403));
    assert!(!matches!(&error, SdkError::ServiceError(context) if context.err().code().is_some()), "{error:?}");
}

#[tokio::test]
async fn the_control_api_takes_errors_by_name() {
    let sdk = Sdk::start().await;
    let order = async |fault: serde_json::Value| {
        let body = json!({ "operation": "InitiateAuth", "times": 1, "fault": fault });
        let request = sdk.rig.browser.post(sdk.rig.url("/_control/faults")).json(&body);
        super::super::error_of(request.send().await.unwrap()).await
    };
    for (name, kind, message) in [
        ("UnexpectedLambdaException", "UnexpectedLambdaException", "PreTokenGeneration failed with error Unhandled."),
        ("NotAuthorizedException: User is disabled.", "NotAuthorizedException", "User is disabled."),
    ] {
        assert_eq!(order(json!({ "api_error": name })).await.0, 200);
        let told = failure(sdk.password_auth(DEMO).send().await);
        assert_eq!(told, (kind.to_owned(), message.to_owned()));
    }
    assert_eq!(order(json!("waf_block")).await.0, 200);
    let (status, answer) = order(json!({ "api_error": "NonsenseException" })).await;
    assert_eq!(status, 400);
    assert!(answer["error"].as_str().unwrap().contains("TooManyRequestsException"), "{answer}");
}
