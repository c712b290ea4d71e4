//! RevokeToken: ends a refresh token's family. Idempotent (`cognito.md` §3.4).

use serde::Deserialize;

use super::super::access_token::is_signed_token;
use super::super::service::Service;
use super::{ApiError, ApiResult};

const INVALID_CLIENT: &str = "Invalid client or secret";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RevokeTokenRequest {
    token: Option<String>,
    client_id: Option<String>,
    /// The secret itself, not a hash.
    client_secret: Option<String>,
}

/// The operation. A good answer is empty.
pub(super) fn revoke_token(service: &Service, request: RevokeTokenRequest) -> ApiResult {
    let token = request.token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| ApiError::invalid_parameter("Token is required"))?;
    let client_id = request.client_id.ok_or_else(|| ApiError::missing("clientId"))?;
    let caller = service.find_client(&client_id);
    let (pool, client) = caller.ok_or_else(|| ApiError::unauthorized(INVALID_CLIENT))?;
    if let Some(secret) = &client.secret
        && !request.client_secret.is_some_and(|offered| secret.matches(&offered))
    {
        return Err(ApiError::unauthorized(INVALID_CLIENT));
    }
    if is_signed_token(&token) {
        return Err(ApiError::unsupported_token_type());
    }
    if !client.settings.token_revocation {
        return Err(ApiError::unsupported_operation("This feature is not enabled for this client"));
    }
    pool.revoke(&token, &client.id, "RevokeToken").map_err(|_| ApiError::unauthorized(INVALID_CLIENT))?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::issue::tests::{service_with_clock, sign_in};
    use super::*;

    #[test]
    fn each_row_of_the_table() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (tokens, refresh_token) = sign_in(pool, "openid");
        let client = pool.client();
        let (id, secret) = (client.id.as_str(), client.secret.as_ref().unwrap().reveal());
        let call = |request: Value| revoke_token(&service, serde_json::from_value(request).unwrap());
        let unauthorized = || Err(ApiError::unauthorized(INVALID_CLIENT));
        let required = Err(ApiError::invalid_parameter("Token is required"));
        assert_eq!(call(json!({ "ClientId": id, "ClientSecret": secret })), required);
        assert_eq!(call(json!({ "Token": refresh_token })), Err(ApiError::missing("clientId")));
        assert_eq!(call(json!({ "Token": refresh_token, "ClientId": "unknown" })), unauthorized());
        assert_eq!(call(json!({ "Token": refresh_token, "ClientId": id })), unauthorized());
        let wrong = json!({ "Token": refresh_token, "ClientId": id, "ClientSecret": "wrong" });
        assert_eq!(call(wrong), unauthorized());
        let access = json!({ "Token": tokens.access_token, "ClientId": id, "ClientSecret": secret });
        assert_eq!(call(access), Err(ApiError::unsupported_token_type()));
        assert!(pool.check_access_token(&tokens.access_token).is_ok(), "nothing was revoked so far");

        for token in [&refresh_token, &refresh_token, "never issued"] {
            assert_eq!(call(json!({ "Token": token, "ClientId": id, "ClientSecret": secret })), Ok(None));
        }
        assert!(pool.check_access_token(&tokens.access_token).is_err());
    }
}
