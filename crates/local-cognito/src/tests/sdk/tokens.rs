//! InitiateAuth with `REFRESH_TOKEN_AUTH`, GetTokensFromRefreshToken, RevokeToken, GetUser, GlobalSignOut: the rows of
//! `cognito.md` §2.3 and §3.

use aws_sdk_cognitoidentityprovider::operation::get_tokens_from_refresh_token::builders::GetTokensFromRefreshTokenFluentBuilder as GetTokens;
use aws_sdk_cognitoidentityprovider::operation::initiate_auth::builders::InitiateAuthFluentBuilder;
use aws_sdk_cognitoidentityprovider::operation::revoke_token::builders::RevokeTokenFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::AuthFlowType;

use super::super::super::user::UserStatus;
use super::super::super::{ClientSettings, Settings};
use super::{DEMO, Sdk, assert_failures, failure, value_of};

const NOT_AUTHORIZED: &str = "NotAuthorizedException";

fn refresh(sdk: &Sdk, token: &str, sub: &str) -> InitiateAuthFluentBuilder {
    let request = sdk.public.initiate_auth().auth_flow(AuthFlowType::RefreshTokenAuth).client_id(&sdk.id);
    request.auth_parameters("REFRESH_TOKEN", token).auth_parameters("SECRET_HASH", sdk.hash(sub))
}

fn get_tokens(sdk: &Sdk, token: &str) -> GetTokens {
    let request = sdk.public.get_tokens_from_refresh_token().client_id(&sdk.id).refresh_token(token);
    request.client_secret(sdk.rig.cognito.client_secret().unwrap())
}

fn revoke(sdk: &Sdk, token: &str) -> RevokeTokenFluentBuilder {
    let secret = sdk.rig.cognito.client_secret().unwrap();
    sdk.public.revoke_token().client_id(&sdk.id).client_secret(secret).token(token)
}

fn with_second_client(settings: &mut Settings) {
    let mut second = ClientSettings::new("second", "http://localhost:3000");
    second.id = Some("second".to_owned());
    second.secret = super::super::super::SecretSetting::None;
    settings.pools[0].clients.push(second);
}

#[tokio::test]
async fn each_reason_to_refuse_a_refresh_has_its_words() {
    let sdk = Sdk::start_with(with_second_client).await;
    let sub = sdk.sub(DEMO.0);
    let (_, token) = sdk.sign_in().await;
    let refused = async |expected: &str| {
        let initiated = failure(refresh(&sdk, &token, &sub).send().await);
        let got = failure(get_tokens(&sdk, &token).send().await);
        assert_failures([(initiated, NOT_AUTHORIZED, expected), (got, NOT_AUTHORIZED, expected)]);
    };
    assert!(refresh(&sdk, &token, &sub).send().await.is_ok() && get_tokens(&sdk, &token).send().await.is_ok());
    let different = "Refresh Token has different Client";
    let second = sdk.public.get_tokens_from_refresh_token().client_id("second").refresh_token(&token);
    assert_failures([
        (failure(refresh(&sdk, "garbage", &sub).send().await), NOT_AUTHORIZED, "Invalid Refresh Token"),
        (failure(get_tokens(&sdk, "garbage").send().await), NOT_AUTHORIZED, "Invalid Refresh Token"),
        (failure(refresh(&sdk, &token, &sub).client_id("second").send().await), NOT_AUTHORIZED, different),
        (failure(second.send().await), NOT_AUTHORIZED, different),
    ]);
    let pool = sdk.rig.cognito.pool();
    pool.change_user(DEMO.0, |user| user.status = UserStatus::Unconfirmed);
    let error = refresh(&sdk, &token, &sub).send().await.unwrap_err().into_service_error();
    assert!(error.is_user_not_confirmed_exception(), "{error:?}");
    pool.change_user(DEMO.0, |user| user.status = UserStatus::ResetRequired);
    let error = refresh(&sdk, &token, &sub).send().await.unwrap_err().into_service_error();
    assert!(error.is_password_reset_required_exception(), "{error:?}");
    pool.change_user(DEMO.0, |user| user.status = UserStatus::Confirmed);
    sdk.rig.pass_secs(30 * 24 * 60 * 60);
    refused("Refresh Token has expired").await;
    sdk.rig.cognito.jump(-3600);
    sdk.rig.cognito.revoke_all(DEMO.0);
    refused("Refresh Token has been revoked").await;
    sdk.disable(DEMO.0);
    refused("User is disabled.").await;
    sdk.rig.cognito.delete_user(DEMO.0);
    refused("The user has been deleted for the associated refresh token").await;
}

#[tokio::test]
async fn a_client_that_is_set_up_wrongly_learns_how() {
    let sdk = Sdk::start().await;
    let (id, sub) = (sdk.id.clone(), sdk.sub(DEMO.0));
    let (_, token) = sdk.sign_in().await;
    let bare = || sdk.public.initiate_auth().auth_flow(AuthFlowType::RefreshTokenAuth).client_id(&id);
    let unknown = "User pool client nobody does not exist.";
    assert_failures([
        (failure(bare().send().await), "InvalidParameterException", "Missing required parameter REFRESH_TOKEN"),
        (
            failure(bare().auth_parameters("REFRESH_TOKEN", &token).send().await),
            NOT_AUTHORIZED,
            &format!("Client {id} is configured with secret but SECRET_HASH was not received"),
        ),
        (
            failure(refresh(&sdk, &token, DEMO.0).send().await),
            NOT_AUTHORIZED,
            &format!("SecretHash does not match for the client: {id}"),
        ),
        (
            failure(get_tokens(&sdk, &token).set_client_secret(None).send().await),
            NOT_AUTHORIZED,
            &format!("Client {id} is configured for secret but secret was not received"),
        ),
        (
            failure(get_tokens(&sdk, &token).client_secret("wrong").send().await),
            NOT_AUTHORIZED,
            &format!("Unable to verify secret hash for client {id}"),
        ),
        (failure(refresh(&sdk, &token, &sub).client_id("nobody").send().await), "ResourceNotFoundException", unknown),
        (failure(get_tokens(&sdk, &token).client_id("nobody").send().await), "ResourceNotFoundException", unknown),
    ]);
}

#[tokio::test]
async fn rotation_has_its_own_operation_and_its_own_error() {
    let sdk = Sdk::start_with(|settings| settings.client().rotation_grace_secs = Some(0)).await;
    let (_, token) = sdk.sign_in().await;
    let unsupported = "This API does not support refresh token rotation";
    let refused = failure(refresh(&sdk, &token, &sdk.sub(DEMO.0)).send().await);
    assert_failures([(refused, "UnsupportedOperationException", unsupported)]);
    let rotated = get_tokens(&sdk, &token).send().await.unwrap().authentication_result.unwrap();
    assert_ne!(rotated.refresh_token.as_deref().unwrap(), token);
    let reuse = get_tokens(&sdk, &token).send().await.unwrap_err().into_service_error();
    assert!(reuse.is_refresh_token_reuse_exception(), "{reuse:?}");
    assert!(get_tokens(&sdk, &rotated.refresh_token.unwrap()).send().await.is_ok());
}

#[tokio::test]
async fn a_revoked_token_takes_its_access_token_along() {
    let sdk = Sdk::start().await;
    let (access, token) = sdk.sign_in().await;
    let unauthorized = "Invalid client or secret";
    assert_failures([
        (failure(revoke(&sdk, "").send().await), "InvalidParameterException", "Token is required"),
        (failure(revoke(&sdk, &token).client_id("nobody").send().await), "UnauthorizedException", unauthorized),
        (failure(revoke(&sdk, &token).client_secret("wrong").send().await), "UnauthorizedException", unauthorized),
        (failure(revoke(&sdk, &access).send().await), "UnsupportedTokenTypeException", "Unsupported token type"),
    ]);
    for token in [token.as_str(), &token, "never issued"] {
        revoke(&sdk, token).send().await.unwrap();
    }
    let user = sdk.public.get_user().access_token(&access).send().await;
    assert_failures([(failure(user), NOT_AUTHORIZED, "Access Token has been revoked")]);
    let off = Sdk::start_with(|settings| settings.client().token_revocation = false).await;
    let refused = failure(revoke(&off, &token).send().await);
    assert_failures([(refused, "UnsupportedOperationException", "This feature is not enabled for this client")]);
}

#[tokio::test]
async fn a_user_reads_and_ends_all_sign_ins() {
    let sdk = Sdk::start().await;
    let (first, second) = (sdk.sign_in().await, sdk.sign_in().await);
    let user = sdk.public.get_user().access_token(&first.0).send().await.unwrap();
    assert_eq!(user.username, sdk.sub(DEMO.0));
    assert_eq!(value_of(user.user_attributes(), "email_verified"), Some("true"));
    let sign_out = |token: &str| sdk.public.global_sign_out().access_token(token);
    assert_failures([(failure(sign_out("garbage").send().await), NOT_AUTHORIZED, "Invalid Access Token")]);
    sign_out(&first.0).send().await.unwrap();
    let again = failure(sign_out(&second.0).send().await);
    assert_failures([(again, NOT_AUTHORIZED, "Access Token has been revoked")]);
    for (_, token) in [&first, &second] {
        let refused = failure(get_tokens(&sdk, token).send().await);
        assert_failures([(refused, NOT_AUTHORIZED, "Refresh Token has been revoked")]);
    }
    let (access, _) = sdk.sign_in().await;
    let get_user = async || failure(sdk.public.get_user().access_token(&access).send().await);
    sdk.rig.pass_secs(3600);
    assert_failures([(get_user().await, NOT_AUTHORIZED, "Access Token has expired")]);
    sdk.rig.cognito.jump(-3600);
    sdk.rig.cognito.delete_user(DEMO.0);
    assert_failures([(get_user().await, "UserNotFoundException", "User does not exist.")]);
}
