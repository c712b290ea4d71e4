//! ForgotPassword, ConfirmForgotPassword, ChangePassword.

use aws_sdk_cognitoidentityprovider::operation::confirm_forgot_password::builders::ConfirmForgotPasswordFluentBuilder;
use aws_sdk_cognitoidentityprovider::operation::forgot_password::builders::ForgotPasswordFluentBuilder;

use super::{DEMO, NEW, PASSWORD, Sdk, assert_failures, failure};

const MISMATCH: &str = "Invalid verification code provided, please try again.";
const EXPIRED: &str = "Invalid code provided, please request a code again.";
const TOO_SHORT: &str = "Password did not conform with policy: Password not long enough";

fn forgot(sdk: &Sdk, username: &str) -> ForgotPasswordFluentBuilder {
    sdk.public.forgot_password().client_id(&sdk.id).secret_hash(sdk.hash(username)).username(username)
}

fn confirm(sdk: &Sdk, username: &str, code: &str) -> ConfirmForgotPasswordFluentBuilder {
    let request = sdk.public.confirm_forgot_password().client_id(&sdk.id).secret_hash(sdk.hash(username));
    request.username(username).confirmation_code(code).password(PASSWORD)
}

#[tokio::test]
async fn a_forgotten_password_is_replaced() {
    let sdk = Sdk::start().await;
    let details = forgot(&sdk, DEMO.0).send().await.unwrap().code_delivery_details.unwrap();
    assert_eq!(details.destination.as_deref(), Some("d***@e***"));
    confirm(&sdk, DEMO.0, &sdk.code(DEMO.0)).send().await.unwrap();
    assert!(sdk.password_auth((DEMO.0, PASSWORD)).send().await.is_ok());
    let old = sdk.password_auth(DEMO).send().await.unwrap_err().into_service_error();
    assert!(old.is_not_authorized_exception(), "{old:?}");
}

#[tokio::test]
async fn whether_a_user_exists_is_not_told() {
    let sdk = Sdk::start().await;
    sdk.sign_up().await;
    sdk.disable("admin@example.com");
    for username in ["nobody@example.com", "admin@example.com", NEW] {
        let answer = forgot(&sdk, username).send().await.unwrap();
        let destination = answer.code_delivery_details.unwrap().destination.unwrap();
        assert!(destination.starts_with(&username[..1]), "{username}: {destination}");
    }
    let nothing_was_sent = sdk.rig.cognito.pool().with_state(|state| state.verifications.len());
    assert_eq!(nothing_was_sent, 1, "but the code of the sign-up");
    for username in ["nobody@example.com", "admin@example.com"] {
        assert_failures([(failure(confirm(&sdk, username, "123456").send().await), "CodeMismatchException", MISMATCH)]);
    }
}

#[tokio::test]
async fn each_way_to_reset_wrongly() {
    let sdk = Sdk::start().await;
    sdk.create_user().await;
    let id = sdk.id.clone();
    let unsent = format!("Client {id} is configured with secret but SECRET_HASH was not received");
    let state = "User password cannot be reset in the current state.";
    assert_failures([
        (failure(forgot(&sdk, NEW).send().await), "NotAuthorizedException", state),
        (
            failure(forgot(&sdk, DEMO.0).client_id("nobody").send().await),
            "ResourceNotFoundException",
            "User pool client nobody does not exist.",
        ),
        (failure(forgot(&sdk, DEMO.0).set_secret_hash(None).send().await), "NotAuthorizedException", &unsent),
        (failure(confirm(&sdk, DEMO.0, "123456").send().await), "ExpiredCodeException", EXPIRED),
    ]);
    forgot(&sdk, DEMO.0).send().await.unwrap();
    let code = sdk.code(DEMO.0);
    let wrong = if code == "000000" { "111111" } else { "000000" };
    let short = confirm(&sdk, DEMO.0, &code).password("short").send().await;
    assert_failures([
        (failure(short), "InvalidPasswordException", TOO_SHORT),
        (failure(confirm(&sdk, DEMO.0, wrong).send().await), "CodeMismatchException", MISMATCH),
    ]);
    sdk.rig.pass_secs(60 * 60);
    assert_failures([(failure(confirm(&sdk, DEMO.0, &code).send().await), "ExpiredCodeException", EXPIRED)]);
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it() {
    let sdk = Sdk::start().await;
    let (access, refresh) = sdk.sign_in().await;
    let change = |previous: &str, proposed: &str| {
        let request = sdk.public.change_password().access_token(&access);
        request.previous_password(previous).proposed_password(proposed)
    };
    assert_failures([
        (failure(change("wrong", PASSWORD).send().await), "NotAuthorizedException", "Incorrect username or password."),
        (failure(change(DEMO.1, "short").send().await), "InvalidPasswordException", TOO_SHORT),
        (
            failure(change(DEMO.1, PASSWORD).access_token("garbage").send().await),
            "NotAuthorizedException",
            "Invalid Access Token",
        ),
    ]);
    change(DEMO.1, PASSWORD).send().await.unwrap();
    assert!(sdk.password_auth((DEMO.0, PASSWORD)).send().await.is_ok());
    assert_eq!(sdk.rig.get_tokens(&refresh).await.status(), 200, "sign-ins go on");
    sdk.disable(DEMO.0);
    assert_failures([(failure(change(PASSWORD, DEMO.1).send().await), "NotAuthorizedException", "User is disabled.")]);
}

#[tokio::test]
async fn a_weak_password_tells_nobody_who_exists() {
    let sdk = Sdk::start().await;
    for username in [DEMO.0, "nobody@example.com"] {
        let refused = failure(confirm(&sdk, username, "000000").password("short").send().await);
        assert_eq!(refused.0, "InvalidPasswordException", "{username}");
    }
}
