//! DescribeUserPoolClient, and the client as UpdateUserPoolClient answers with it.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::super::client::Client;
use super::super::super::pool::Pool;
use super::super::super::service::Service;
use super::constraints::{CLIENT_ID, Checks, POOL_ID};
use super::token_validity::{LONG, SHORT};
use super::{ApiError, ApiResult, find_pool};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeClientRequest {
    user_pool_id: Option<String>,
    client_id: Option<String>,
}

/// The secret is in the answer, as at AWS.
pub(super) fn describe_client(service: &Service, request: DescribeClientRequest) -> ApiResult {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    checks.finish()?;
    let (pool, client) = find_client(service, &pool_id, &client_id)?;
    Ok(Some(describe(&pool, &client)))
}

pub(super) fn find_client(
    service: &Service,
    pool_id: &str,
    client_id: &str,
) -> Result<(Arc<Pool>, Arc<Client>), ApiError> {
    let pool = find_pool(service, pool_id)?;
    let client = pool.find_client(client_id).ok_or_else(|| ApiError::unknown_client(client_id))?;
    Ok((pool, client))
}

/// `{"UserPoolClient": …}`
pub(super) fn describe(pool: &Pool, client: &Client) -> Value {
    let settings = &client.settings;
    let (access, access_unit) = SHORT.describe(settings.access_token_secs);
    let (id, id_unit) = SHORT.describe(settings.id_token_secs);
    let (refresh, refresh_unit) = LONG.describe(settings.refresh_token_secs);
    let hosted_ui = !settings.scopes.is_empty();
    let mut described = json!({
        "UserPoolId": pool.id,
        "ClientName": settings.name,
        "ClientId": client.id,
        "RefreshTokenValidity": refresh,
        "AccessTokenValidity": access,
        "IdTokenValidity": id,
        "TokenValidityUnits": { "AccessToken": access_unit, "IdToken": id_unit, "RefreshToken": refresh_unit },
        "ExplicitAuthFlows": list_flows(client),
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": settings.callback_urls,
        "LogoutURLs": settings.logout_urls,
        "AllowedOAuthFlows": if hosted_ui { vec!["code"] } else { vec![] },
        "AllowedOAuthScopes": settings.scopes,
        "AllowedOAuthFlowsUserPoolClient": hosted_ui,
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": settings.token_revocation,
        "EnablePropagateAdditionalUserContextData": false,
        "AuthSessionValidity": 3,
    });
    if let Some(secret) = &client.secret {
        described["ClientSecret"] = secret.reveal().into();
    }
    if let Some(grace_secs) = settings.rotation_grace_secs {
        described["RefreshTokenRotation"] = json!({ "Feature": "ENABLED", "RetryGracePeriodSeconds": grace_secs });
    }
    json!({ "UserPoolClient": described })
}

/// What this client does; SRP and custom flows it cannot, whatever was asked for.
fn list_flows(client: &Client) -> Vec<&'static str> {
    let refresh = client.settings.refresh_token_auth && client.settings.rotation_grace_secs.is_none();
    let refresh = refresh.then_some("ALLOW_REFRESH_TOKEN_AUTH");
    let password = client.settings.user_password_auth.then_some("ALLOW_USER_PASSWORD_AUTH");
    refresh.into_iter().chain(password).collect()
}
