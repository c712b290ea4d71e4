//! DescribeUserPoolClient and UpdateUserPoolClient.

use aws_sdk_cognitoidentityprovider::operation::update_user_pool_client::builders::UpdateUserPoolClientFluentBuilder;
use aws_sdk_cognitoidentityprovider::types::{
    ExplicitAuthFlowsType as Flow, FeatureType, OAuthFlowType, RefreshTokenRotationType, TimeUnitsType,
    TokenValidityUnitsType, UserPoolClientType,
};

use super::super::{CALLBACK, claims, location, query};
use super::{DEMO, POOL, Sdk, assert_failures, failure};

async fn describe(sdk: &Sdk) -> UserPoolClientType {
    let request = sdk.admin.describe_user_pool_client().user_pool_id(POOL).client_id(&sdk.id);
    request.send().await.unwrap().user_pool_client.unwrap()
}

fn update(sdk: &Sdk) -> UpdateUserPoolClientFluentBuilder {
    sdk.admin.update_user_pool_client().user_pool_id(POOL).client_id(&sdk.id)
}

fn rotation(feature: FeatureType, grace_secs: i32) -> RefreshTokenRotationType {
    RefreshTokenRotationType::builder().feature(feature).retry_grace_period_seconds(grace_secs).build().unwrap()
}

#[tokio::test]
async fn a_client_is_described_as_it_was_set_up() {
    let sdk = Sdk::start().await;
    let client = describe(&sdk).await;
    assert_eq!(client.client_name.as_deref(), Some("app"));
    assert_eq!(client.client_secret, sdk.rig.cognito.client_secret());
    assert_eq!(client.explicit_auth_flows(), [Flow::AllowRefreshTokenAuth, Flow::AllowUserPasswordAuth]);
    assert_eq!(client.callback_urls(), [CALLBACK]);
    assert_eq!(client.logout_urls(), ["http://localhost:3000/", "http://localhost:3000"]);
    assert_eq!((client.access_token_validity, client.id_token_validity), (Some(1), Some(1)));
    assert_eq!(client.refresh_token_validity, 30);
    assert_eq!(client.token_validity_units.unwrap().refresh_token, Some(TimeUnitsType::Days));
    assert_eq!((client.enable_token_revocation, client.refresh_token_rotation), (Some(true), None));
}

#[tokio::test]
async fn what_an_update_leaves_out_goes_back_to_its_default() {
    let sdk = Sdk::start_with(|settings| {
        settings.client().token_revocation = false;
        settings.client().access_token_secs = 600;
        settings.client().rotation_grace_secs = Some(5);
    })
    .await;
    let before = describe(&sdk).await;
    assert_eq!(before.refresh_token_rotation.unwrap().retry_grace_period_seconds, Some(5));
    assert_eq!(before.access_token_validity, Some(10));
    let after = update(&sdk).send().await.unwrap().user_pool_client.unwrap();
    assert_eq!(after, describe(&sdk).await);
    assert_eq!(after.callback_urls(), [""; 0]);
    assert_eq!(after.logout_urls(), [""; 0]);
    assert_eq!(after.allowed_o_auth_scopes(), [""; 0]);
    assert_eq!(after.explicit_auth_flows(), [Flow::AllowRefreshTokenAuth]);
    assert_eq!((after.access_token_validity, after.refresh_token_rotation), (Some(1), None));
    assert_eq!(after.enable_token_revocation, Some(true));
    assert_eq!(after.client_name.as_deref(), Some("app"), "which has no default");
    assert!(sdk.password_auth(DEMO).send().await.unwrap_err().into_service_error().is_invalid_parameter_exception());
}

#[tokio::test]
async fn an_update_holds_from_the_next_request_on() {
    let sdk = Sdk::start().await;
    let units = TokenValidityUnitsType::builder();
    let units = units.access_token(TimeUnitsType::Minutes).refresh_token(TimeUnitsType::Hours).build();
    let request = update(&sdk).client_name("renamed").access_token_validity(10).refresh_token_validity(2);
    let request = request.token_validity_units(units).refresh_token_rotation(rotation(FeatureType::Enabled, 7));
    let request = request.explicit_auth_flows(Flow::AllowUserPasswordAuth).enable_token_revocation(false);
    let request = request.callback_urls(CALLBACK).logout_urls("myapp://bye").allowed_o_auth_scopes("openid");
    let request = request.allowed_o_auth_flows(OAuthFlowType::Code).allowed_o_auth_flows_user_pool_client(true);
    let client = request.send().await.unwrap().user_pool_client.unwrap();
    assert_eq!((client.access_token_validity, client.refresh_token_validity), (Some(10), 2));
    assert_eq!(client.logout_urls(), ["myapp://bye"]);
    assert_eq!(client.refresh_token_rotation.unwrap().retry_grace_period_seconds, Some(7));
    let (access, refresh) = sdk.sign_in().await;
    let claims = claims(&access.into());
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 600);
    sdk.rig.pass_secs(7200);
    let (_, body) = super::super::error_of(sdk.rig.get_tokens(&refresh).await).await;
    assert_eq!(body["message"], "Refresh Token has expired");
    assert_eq!(sdk.rig.get(&sdk.rig.authorize_url(&[("scope", "openid")])).await.status(), 302);
}

#[tokio::test]
async fn each_way_to_update_wrongly() {
    let sdk = Sdk::start().await;
    let invalid = "InvalidParameterException";
    let rotating = || update(&sdk).refresh_token_rotation(rotation(FeatureType::Enabled, 0));
    let open = || update(&sdk).allowed_o_auth_flows_user_pool_client(true);
    let code = || open().allowed_o_auth_flows(OAuthFlowType::Code).allowed_o_auth_scopes("openid");
    let seconds = TokenValidityUnitsType::builder().access_token(TimeUnitsType::Seconds).build();
    let short = update(&sdk).access_token_validity(299).token_validity_units(seconds);
    let range = "Invalid range for token validity.";
    assert_failures([
        (
            failure(rotating().explicit_auth_flows(Flow::AllowRefreshTokenAuth).send().await),
            invalid,
            "ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled.",
        ),
        (failure(short.send().await), invalid, range),
        (failure(update(&sdk).refresh_token_validity(3651).send().await), invalid, range),
        (
            failure(update(&sdk).callback_urls("http://app.example/cb").send().await),
            invalid,
            "http://app.example/cb cannot use the HTTP protocol.",
        ),
        (
            failure(open().send().await),
            invalid,
            "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
        ),
        (
            failure(code().send().await),
            "InvalidOAuthFlowException",
            "CallbackUrls can not be empty when code flow is selected",
        ),
        (
            failure(code().allowed_o_auth_scopes("shop/read").send().await),
            "ScopeDoesNotExistException",
            "Invalid scope requested: shop/read",
        ),
        (
            failure(update(&sdk).client_id("nobody").send().await),
            "ResourceNotFoundException",
            "User pool client nobody does not exist.",
        ),
        (
            failure(update(&sdk).user_pool_id("us-east-1_Nowhere").send().await),
            "ResourceNotFoundException",
            "User pool us-east-1_Nowhere does not exist.",
        ),
        (
            failure(update(&sdk).refresh_token_rotation(rotation(FeatureType::Enabled, 61)).send().await),
            invalid,
            "1 validation error detected: Value '61' at 'refreshTokenRotation.retryGracePeriodSeconds' failed to \
             satisfy constraint: Member must have value less than or equal to 60",
        ),
    ]);
    assert_eq!(describe(&sdk).await.callback_urls(), [CALLBACK], "nothing was changed");
}

#[tokio::test]
async fn a_client_that_lost_the_hosted_ui_is_refused_there_and_keeps_its_name_in_the_settings() {
    let sdk = Sdk::start().await;
    let authorize = || async { location(&sdk.rig.get(&sdk.rig.authorize_url(&[("scope", "")])).await) };
    assert!(authorize().await.starts_with("/login"));
    let left_out = update(&sdk).client_name("renamed").callback_urls(CALLBACK);
    let implicit = left_out.clone().allowed_o_auth_flows_user_pool_client(true).allowed_o_auth_scopes("openid");
    for change in [left_out, implicit.allowed_o_auth_flows(OAuthFlowType::Implicit)] {
        change.send().await.unwrap();
        assert_eq!(query(&authorize().await, "error").as_deref(), Some("unauthorized_client"));
    }
    assert_eq!(describe(&sdk).await.client_name.as_deref(), Some("renamed"));
    assert_eq!(sdk.rig.cognito.clients()[0].name, "app");
}
