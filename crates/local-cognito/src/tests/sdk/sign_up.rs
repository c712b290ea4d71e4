//! SignUp, ConfirmSignUp, ResendConfirmationCode.

use aws_sdk_cognitoidentityprovider::operation::sign_up::builders::SignUpFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::DeliveryMediumType;

use super::{DEMO, NEW, PASSWORD, Sdk, assert_failures, attribute, failure};

const NO_SUCH_CLIENT: &str = "User pool client nobody does not exist.";

fn sign_up(sdk: &Sdk, username: &str) -> SignUpFluentBuilder {
    let request = sdk.public.sign_up().client_id(&sdk.id).secret_hash(sdk.hash(username));
    request.username(username).password(PASSWORD)
}

#[tokio::test]
async fn a_user_signs_up_and_confirms_and_signs_in() {
    let sdk = Sdk::start().await;
    let answer = sign_up(&sdk, NEW).user_attributes(attribute("name", "New")).send().await.unwrap();
    assert!(!answer.user_confirmed);
    assert_eq!(answer.user_sub, sdk.sub(NEW));
    let details = answer.code_delivery_details.unwrap();
    assert_eq!(details.destination.as_deref(), Some("n***@e***"));
    assert_eq!(details.delivery_medium, Some(DeliveryMediumType::Email));
    assert_eq!(details.attribute_name.as_deref(), Some("email"));
    let error = sdk.password_auth((NEW, PASSWORD)).send().await.unwrap_err().into_service_error();
    assert!(error.is_user_not_confirmed_exception(), "{error:?}");

    let resend = sdk.public.resend_confirmation_code().client_id(&sdk.id).secret_hash(sdk.hash(NEW)).username(NEW);
    let details = resend.send().await.unwrap().code_delivery_details.unwrap();
    assert_eq!(details.destination.as_deref(), Some("n***@e***"));
    let confirm = sdk.public.confirm_sign_up().client_id(&sdk.id).secret_hash(sdk.hash(NEW)).username(NEW);
    confirm.confirmation_code(sdk.code(NEW)).send().await.unwrap();
    assert!(sdk.password_auth((NEW, PASSWORD)).send().await.is_ok());
}

#[tokio::test]
async fn each_way_to_sign_up_wrongly() {
    let sdk = Sdk::start().await;
    let existing = sign_up(&sdk, DEMO.0).send().await.unwrap_err().into_service_error();
    assert!(existing.is_username_exists_exception(), "{existing:?}");
    let id = &sdk.id;
    assert_failures([
        (
            failure(sign_up(&sdk, DEMO.0).send().await),
            "UsernameExistsException",
            "An account with the given email already exists.",
        ),
        (failure(sign_up(&sdk, "x").send().await), "InvalidParameterException", "Username should be an email."),
        (
            failure(sign_up(&sdk, NEW).password("short").send().await),
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
        ),
        (failure(sign_up(&sdk, NEW).client_id("nobody").send().await), "ResourceNotFoundException", NO_SUCH_CLIENT),
        (
            failure(sign_up(&sdk, NEW).set_secret_hash(None).send().await),
            "NotAuthorizedException",
            &format!("Client {id} is configured with secret but SECRET_HASH was not received"),
        ),
        (
            failure(sign_up(&sdk, NEW).secret_hash(sdk.hash("other")).send().await),
            "NotAuthorizedException",
            &format!("Unable to verify secret hash for client {id}"),
        ),
        (
            failure(sign_up(&sdk, NEW).user_attributes(attribute("email_verified", "true")).send().await),
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        ),
        (
            failure(sign_up(&sdk, NEW).user_attributes(attribute("team", "x")).send().await),
            "InvalidParameterException",
            "Attributes did not conform to the schema: Type for attribute {team} could not be determined",
        ),
        (
            failure(sign_up(&sdk, NEW).password("p".repeat(257)).send().await),
            "InvalidParameterException",
            "1 validation error detected: Value at 'password' failed to satisfy constraint: Member must have length \
             less than or equal to 256",
        ),
    ]);
}

#[tokio::test]
async fn each_way_to_confirm_wrongly() {
    let sdk = Sdk::start().await;
    sdk.sign_up().await;
    let confirm = |username: &str, code: &str| {
        let request = sdk.public.confirm_sign_up().client_id(&sdk.id).secret_hash(sdk.hash(username));
        request.username(username).confirmation_code(code)
    };
    let right = sdk.code(NEW);
    let wrong = if right == "000000" { "111111" } else { "000000" };
    let mismatch = "Invalid verification code provided, please try again.";
    let expired = "Invalid code provided, please request a code again.";
    assert_failures([
        (failure(confirm(NEW, wrong).send().await), "CodeMismatchException", mismatch),
        (failure(confirm("nobody@example.com", &right).send().await), "ExpiredCodeException", expired),
        (
            failure(confirm(DEMO.0, &right).send().await),
            "NotAuthorizedException",
            "User cannot be confirmed. Current status is CONFIRMED",
        ),
    ]);
    for _ in 1..5 {
        assert!(confirm(NEW, wrong).send().await.unwrap_err().into_service_error().is_code_mismatch_exception());
    }
    let limit = "Attempt limit exceeded, please try after some time.";
    assert_failures([(failure(confirm(NEW, &right).send().await), "LimitExceededException", limit)]);

    let resend =
        |username: &str| sdk.public.resend_confirmation_code().secret_hash(sdk.hash(username)).username(username);
    resend(NEW).client_id(&sdk.id).send().await.unwrap();
    sdk.rig.pass_secs(24 * 60 * 60);
    assert_failures([(failure(confirm(NEW, &sdk.code(NEW)).send().await), "ExpiredCodeException", expired)]);
    let simulated = resend("nobody@example.com").client_id(&sdk.id).send().await.unwrap();
    assert_eq!(simulated.code_delivery_details.unwrap().destination.as_deref(), Some("n***@e***"));
    assert_failures([
        (
            failure(resend(DEMO.0).client_id(&sdk.id).send().await),
            "InvalidParameterException",
            "User is already confirmed.",
        ),
        (failure(resend(NEW).client_id("nobody").send().await), "ResourceNotFoundException", NO_SUCH_CLIENT),
    ]);
}
