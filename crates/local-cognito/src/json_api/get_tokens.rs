//! GetTokensFromRefreshToken: the refresh of clients that rotate, and good for the others too (`cognito.md` §3.2).

use serde::Deserialize;
use serde_json::json;

use super::super::client::Client;
use super::super::service::Service;
use super::authentication_result::to_authentication_result;
use super::{ApiError, ApiResult};

const OPERATION: &str = "GetTokensFromRefreshToken";

/// The request; `DeviceKey`, `ClientMetadata` and members still to come are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetTokensRequest {
    refresh_token: Option<String>,
    client_id: Option<String>,
    /// The secret itself, not a hash.
    client_secret: Option<String>,
}

/// The operation. The answer has a refresh token only where rotation is on.
pub(super) fn get_tokens(service: &Service, request: GetTokensRequest) -> ApiResult {
    let token = request.refresh_token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| ApiError::missing("refreshToken"))?;
    let client_id = request.client_id.filter(|id| !id.is_empty()).ok_or_else(|| ApiError::missing("clientId"))?;
    let (pool, client) = service.find_client(&client_id).ok_or_else(|| ApiError::unknown_client(&client_id))?;
    check_secret(&client, request.client_secret.as_deref())?;
    let token = pool.find_token(&token, &client.id)?;
    let exchange = pool.exchange(&client, &token, OPERATION)?;
    let refreshed = pool.issue_exchange(&client, exchange, OPERATION)?;
    Ok(Some(json!({ "AuthenticationResult": to_authentication_result(refreshed) })))
}

fn check_secret(client: &Client, offered: Option<&str>) -> Result<(), ApiError> {
    match (&client.secret, offered.filter(|offered| !offered.is_empty())) {
        (None, _) => Ok(()),
        (Some(secret), Some(offered)) if secret.matches(offered) => Ok(()),
        (Some(_), Some(_)) => {
            Err(ApiError::not_authorized(format!("Unable to verify secret hash for client {}", client.id)))
        }
        (Some(_), None) => {
            let message = format!("Client {} is configured for secret but secret was not received", client.id);
            Err(ApiError::not_authorized(message))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::super::issue::tests::{service_with_clock, sign_in};
    use super::super::super::service::tests::test_service;
    use super::super::super::settings::SecretSetting;
    use super::*;

    fn call(service: &Service, request: Value) -> ApiResult {
        get_tokens(service, serde_json::from_value(request).unwrap())
    }

    fn names(answer: ApiResult) -> Vec<String> {
        let answer = answer.unwrap().unwrap();
        assert_eq!(answer.as_object().unwrap().len(), 1, "no ChallengeParameters here");
        answer["AuthenticationResult"].as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_refresh_token_comes_only_with_rotation() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let client = pool.client();
        let secret = client.secret.as_ref().unwrap().reveal();
        let request = json!({
            "RefreshToken": token, "ClientId": pool.client().id, "ClientSecret": secret, "ClientMetadata": { "a": "b" },
        });
        for _ in 0..2 {
            assert_eq!(names(call(&service, request.clone())), ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]);
        }
        pool.set_rotation(Some(0));
        let rotated = ["AccessToken", "ExpiresIn", "IdToken", "RefreshToken", "TokenType"];
        assert_eq!(names(call(&service, request.clone())), rotated);
        assert_eq!(call(&service, request), Err(ApiError::refresh_token_reuse()));
    }

    #[test]
    fn mistakes_of_configuration_are_told_apart_and_cost_no_token() {
        let service = test_service(|settings| settings.client().rotation_grace_secs = Some(0));
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let client = pool.client();
        let (id, secret) = (client.id.as_str(), client.secret.as_ref().unwrap().reveal());
        let unsent =
            || ApiError::not_authorized(format!("Client {id} is configured for secret but secret was not received"));
        let wrong = ApiError::not_authorized(format!("Unable to verify secret hash for client {id}"));
        for (request, error) in [
            (json!({ "ClientId": id, "ClientSecret": secret }), ApiError::missing("refreshToken")),
            (json!({ "RefreshToken": "", "ClientId": id }), ApiError::missing("refreshToken")),
            (json!({ "RefreshToken": token, "ClientSecret": secret }), ApiError::missing("clientId")),
            (json!({ "RefreshToken": token, "ClientId": "x" }), ApiError::unknown_client("x")),
            (json!({ "RefreshToken": token, "ClientId": id }), unsent()),
            (json!({ "RefreshToken": token, "ClientId": id, "ClientSecret": "" }), unsent()),
            (json!({ "RefreshToken": token, "ClientId": id, "ClientSecret": "wrong" }), wrong),
            (
                json!({ "RefreshToken": "garbage", "ClientId": id, "ClientSecret": secret }),
                ApiError::not_authorized("Invalid Refresh Token"),
            ),
        ] {
            assert_eq!(call(&service, request.clone()), Err(error), "{request}");
        }
        assert!(call(&service, json!({ "RefreshToken": token, "ClientId": id, "ClientSecret": secret })).is_ok());
    }

    #[test]
    fn a_public_client_needs_no_secret() {
        let service = test_service(|settings| settings.client().secret = SecretSetting::None);
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        assert!(call(&service, json!({ "RefreshToken": token, "ClientId": pool.client().id })).is_ok());
    }
}
