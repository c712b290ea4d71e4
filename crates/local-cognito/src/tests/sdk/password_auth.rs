//! InitiateAuth with `USER_PASSWORD_AUTH`, and RespondToAuthChallenge.

use aws_sdk_cognitoidentityprovider::operation::initiate_auth::builders::InitiateAuthFluentBuilder;
use aws_sdk_cognitoidentityprovider::operation::respond_to_auth_challenge::builders::RespondToAuthChallengeFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, ChallengeNameType};
use serde_json::json;

use super::super::super::user::UserStatus;
use super::super::claims;
use super::{DEMO, NEW, PASSWORD, POOL, Sdk, assert_failures, failure, value_of};

const OWN: &str = "Own-Passw0rd";

#[tokio::test]
async fn a_password_becomes_tokens_of_one_scope() {
    let sdk = Sdk::start().await;
    let sub = sdk.sub(DEMO.0);
    for username in [DEMO.0, &sub, "DEMO@example.com"] {
        let answer = sdk.password_auth((username, DEMO.1)).send().await.unwrap();
        assert_eq!(answer.challenge_name, None);
        let result = answer.authentication_result.unwrap();
        assert_eq!((result.expires_in, result.token_type.as_deref()), (3600, Some("Bearer")));
        let access = claims(&json!(result.access_token));
        assert_eq!((&access["scope"], &access["username"]), (&json!("aws.cognito.signin.user.admin"), &json!(sub)));
        assert_eq!(access.get("version"), None, "which only the hosted UI's tokens have");
        let id = claims(&json!(result.id_token));
        assert_eq!((&id["email"], id.get("at_hash")), (&json!(DEMO.0), None));
    }
    let (access, refresh) = sdk.sign_in().await;
    let user = sdk.public.get_user().access_token(access).send().await.unwrap();
    assert_eq!(value_of(user.user_attributes(), "name"), Some("Demo User"));
    let refreshed = sdk.public.initiate_auth().auth_flow(AuthFlowType::RefreshTokenAuth).client_id(&sdk.id);
    let refreshed = refreshed.auth_parameters("REFRESH_TOKEN", refresh).auth_parameters("SECRET_HASH", sdk.hash(&sub));
    let result = refreshed.send().await.unwrap().authentication_result.unwrap();
    assert!(result.refresh_token.is_none() && result.id_token.is_some());
}

#[tokio::test]
async fn each_way_to_sign_in_wrongly() {
    let sdk = Sdk::start().await;
    let (id, sub) = (sdk.id.clone(), sdk.sub(DEMO.0));
    let bare = || sdk.public.initiate_auth().auth_flow(AuthFlowType::UserPasswordAuth).client_id(&id);
    let named = |request: InitiateAuthFluentBuilder| request.auth_parameters("USERNAME", DEMO.0);
    let wrong = "Incorrect username or password.";
    let unsent = format!("Client {id} is configured with secret but SECRET_HASH was not received");
    let unverified = format!("Unable to verify secret hash for client {id}");
    let of_sub = named(bare()).auth_parameters("PASSWORD", DEMO.1).auth_parameters("SECRET_HASH", sdk.hash(&sub));
    assert_failures([
        (failure(sdk.password_auth((DEMO.0, "wrong")).send().await), "NotAuthorizedException", wrong),
        (failure(sdk.password_auth(("nobody@example.com", DEMO.1)).send().await), "NotAuthorizedException", wrong),
        (failure(bare().send().await), "InvalidParameterException", "Missing required parameter USERNAME"),
        (failure(named(bare()).send().await), "NotAuthorizedException", &unsent),
        (
            failure(named(bare()).auth_parameters("SECRET_HASH", sdk.hash(DEMO.0)).send().await),
            "InvalidParameterException",
            "Missing required parameter PASSWORD",
        ),
        (failure(of_sub.send().await), "NotAuthorizedException", &unverified),
        (
            failure(bare().client_id("nobody").send().await),
            "ResourceNotFoundException",
            "User pool client nobody does not exist.",
        ),
        (
            failure(bare().auth_flow(AuthFlowType::UserSrpAuth).send().await),
            "InvalidParameterException",
            "USER_SRP_AUTH flow not enabled for this client",
        ),
    ]);
    sdk.rig.cognito.pool().change_user(DEMO.0, |user| user.status = UserStatus::ResetRequired);
    let reset = sdk.password_auth(DEMO).send().await.unwrap_err().into_service_error();
    assert!(reset.is_password_reset_required_exception(), "{reset:?}");
    sdk.disable(DEMO.0);
    assert_failures([(failure(sdk.password_auth(DEMO).send().await), "NotAuthorizedException", "User is disabled.")]);
}

#[tokio::test]
async fn flows_that_the_client_does_not_allow_are_refused() {
    let sdk = Sdk::start_with(|settings| {
        settings.client().user_password_auth = false;
        settings.client().refresh_token_auth = false;
    })
    .await;
    let refresh = sdk.public.initiate_auth().auth_flow(AuthFlowType::RefreshTokenAuth).client_id(&sdk.id);
    assert_failures([
        (
            failure(sdk.password_auth(DEMO).send().await),
            "InvalidParameterException",
            "USER_PASSWORD_AUTH flow not enabled for this client",
        ),
        (
            failure(refresh.auth_parameters("REFRESH_TOKEN", "any").send().await),
            "InvalidParameterException",
            "REFRESH_TOKEN_AUTH flow not enabled for this client",
        ),
    ]);
}

/// The session of a user who is asked for a password.
async fn challenge(sdk: &Sdk) -> String {
    let answer = sdk.password_auth((NEW, PASSWORD)).send().await.unwrap();
    assert_eq!(answer.challenge_name, Some(ChallengeNameType::NewPasswordRequired));
    assert!(answer.authentication_result.is_none());
    let parameters = answer.challenge_parameters.unwrap();
    assert_eq!(parameters["USER_ID_FOR_SRP"], sdk.sub(NEW));
    assert_eq!(parameters["requiredAttributes"], "[]");
    assert_eq!(parameters["userAttributes"], format!(r#"{{"email":"{NEW}","email_verified":"false"}}"#));
    answer.session.unwrap()
}

fn respond(sdk: &Sdk, session: &str) -> RespondToAuthChallengeFluentBuilder {
    let request = sdk.public.respond_to_auth_challenge().client_id(&sdk.id).session(session);
    let request = request.challenge_name(ChallengeNameType::NewPasswordRequired);
    let request = request.challenge_responses("USERNAME", NEW).challenge_responses("NEW_PASSWORD", OWN);
    request.challenge_responses("SECRET_HASH", sdk.hash(NEW))
}

#[tokio::test]
async fn a_user_made_by_an_administrator_chooses_a_password() {
    let sdk = Sdk::start().await;
    sdk.create_user().await;
    let session = challenge(&sdk).await;
    let answer = respond(&sdk, &session).challenge_responses("userAttributes.name", "New").send().await.unwrap();
    let result = answer.authentication_result.unwrap();
    assert!(result.refresh_token.is_some());
    assert_eq!(claims(&json!(result.id_token))["name"], "New");
    assert!(sdk.password_auth((NEW, OWN)).send().await.unwrap().authentication_result.is_some());
    let again = sdk.admin.admin_set_user_password().user_pool_id(POOL).username(NEW).password(PASSWORD);
    again.send().await.unwrap();
    let invalid = "Invalid session for the user.";
    assert_failures([(failure(respond(&sdk, &session).send().await), "NotAuthorizedException", invalid)]);
}

#[tokio::test]
async fn each_way_to_answer_the_challenge_wrongly() {
    let sdk = Sdk::start().await;
    sdk.create_user().await;
    let session = challenge(&sdk).await;
    let invalid = "Invalid session for the user.";
    let respond = || respond(&sdk, &session);
    let temporary = sdk.admin.admin_set_user_password().user_pool_id(POOL).username(DEMO.0).password(PASSWORD);
    temporary.send().await.unwrap();
    let other = respond().challenge_responses("USERNAME", DEMO.0).challenge_responses("SECRET_HASH", sdk.hash(DEMO.0));
    assert_failures([
        (failure(respond().session("x".repeat(43)).send().await), "NotAuthorizedException", invalid),
        (failure(other.send().await), "NotAuthorizedException", invalid),
        (failure(respond().challenge_name(ChallengeNameType::SmsMfa).send().await), "NotAuthorizedException", invalid),
        (
            failure(respond().set_session(None).send().await),
            "InvalidParameterException",
            "Missing required parameter Session",
        ),
        (
            failure(respond().challenge_responses("NEW_PASSWORD", "").send().await),
            "InvalidParameterException",
            "Missing required parameter NEW_PASSWORD",
        ),
        (
            failure(respond().challenge_responses("NEW_PASSWORD", "short").send().await),
            "InvalidPasswordException",
            "Password did not conform with policy: Password not long enough",
        ),
        (
            failure(respond().challenge_responses("userAttributes.email_verified", "true").send().await),
            "NotAuthorizedException",
            "A client attempted to write unauthorized attribute",
        ),
    ]);
    sdk.rig.pass_secs(180);
    let expired = "Invalid session for the user, session is expired.";
    assert_failures([(failure(respond().send().await), "NotAuthorizedException", expired)]);
}
