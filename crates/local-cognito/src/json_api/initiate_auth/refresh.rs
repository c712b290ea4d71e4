//! InitiateAuth with `REFRESH_TOKEN_AUTH` or its alias `REFRESH_TOKEN` (`cognito.md` §2).

use serde_json::json;

use super::super::super::client::Client;
use super::super::super::family::Family;
use super::super::super::pool::Pool;
use super::super::super::refresh_verdict::RefreshRefusal;
use super::super::authentication_result::to_authentication_result;
use super::super::secret_hash::unsent;
use super::super::{ApiError, ApiResult};
use super::{AuthParameters, OPERATION, not_enabled, require};

/// A new access and ID token; no refresh token, as a client that rotates them is refused.
pub(super) fn refresh(pool: &Pool, client: &Client, parameters: AuthParameters) -> ApiResult {
    if client.settings.rotation_grace_secs.is_some() {
        return Err(ApiError::unsupported_operation("This API does not support refresh token rotation"));
    }
    if !client.settings.refresh_token_auth {
        return Err(not_enabled("REFRESH_TOKEN_AUTH"));
    }
    let token = require("REFRESH_TOKEN", parameters.refresh_token)?;
    if client.secret.is_some() && parameters.secret_hash.is_none() {
        return Err(unsent(&client.id));
    }
    let token = pool.find_token(&token, &client.id)?;
    check_secret_hash(client, &token.family, parameters.secret_hash.as_deref())?;
    let exchange = pool.exchange(client, &token, OPERATION).map_err(name_for_this_api)?;
    let refreshed = pool.issue_exchange(client, exchange, OPERATION)?;
    Ok(Some(json!({ "AuthenticationResult": to_authentication_result(refreshed), "ChallengeParameters": {} })))
}

/// RefreshTokenReuseException is none of this operation's errors. It would take a client whose rotation was turned off.
fn name_for_this_api(refusal: RefreshRefusal) -> RefreshRefusal {
    if refusal == RefreshRefusal::Reused { RefreshRefusal::Revoked } else { refusal }
}

/// Over the real username, which is the sub here. It is the family's, so a deleted user's hash still verifies.
fn check_secret_hash(client: &Client, family: &Family, offered: Option<&str>) -> Result<(), ApiError> {
    let Some(secret) = &client.secret else { return Ok(()) };
    if offered.is_some_and(|offered| client.verify_secret_hash(secret, &family.sub, offered)) {
        return Ok(());
    }
    Err(ApiError::not_authorized(format!("SecretHash does not match for the client: {}", client.id)))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::hmac;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde_json::Value;

    use super::super::super::super::issue::tests::{service_with_clock, sign_in};
    use super::super::super::super::service::Service;
    use super::super::super::super::service::tests::test_service;
    use super::super::super::super::settings::SecretSetting;
    use super::super::initiate_auth;
    use super::*;

    const NO_FLOW: &str = "1 validation error detected: Value null at 'authFlow' failed to satisfy constraint: \
        Member must not be null";

    fn secret_hash(pool: &Pool, username: &str) -> String {
        let client = pool.client();
        let secret = client.secret.as_ref().unwrap().reveal();
        let message = format!("{username}{}", pool.client().id);
        STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), message.as_bytes()))
    }

    fn call(service: &Service, request: Value) -> ApiResult {
        initiate_auth(service, serde_json::from_value(request).unwrap())
    }

    fn demo_sub(pool: &Pool) -> String {
        pool.with_state(|state| state.find_user_by_email("demo@example.com").unwrap().sub.clone())
    }

    #[test]
    fn both_names_of_the_flow_answer_with_tokens_but_no_refresh_token() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let hash = secret_hash(pool, &demo_sub(pool));
        for flow in ["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"] {
            let answer = call(
                &service,
                json!({
                    "AuthFlow": flow, "ClientId": pool.client().id, "ClientMetadata": {},
                    "AuthParameters": { "REFRESH_TOKEN": token, "SECRET_HASH": hash },
                }),
            );
            let answer = answer.unwrap().unwrap();
            let names: Vec<&String> = answer["AuthenticationResult"].as_object().unwrap().keys().collect();
            assert_eq!(names, ["AccessToken", "ExpiresIn", "IdToken", "TokenType"]);
            assert_eq!(answer["AuthenticationResult"]["ExpiresIn"], 3600);
            assert_eq!(answer["ChallengeParameters"], json!({}));
        }
    }

    #[test]
    fn mistakes_of_configuration_are_told_apart() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let client = pool.client();
        let id = client.id.as_str();
        let of_email = secret_hash(pool, "demo@example.com");
        let mismatch = format!("SecretHash does not match for the client: {id}");
        let unsent = format!("Client {id} is configured with secret but SECRET_HASH was not received");
        for (request, error) in [
            (json!({ "ClientId": id }), ApiError::invalid_parameter(NO_FLOW)),
            (json!({ "AuthFlow": "REFRESH_TOKEN_AUTH" }), ApiError::missing("clientId")),
            (
                json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": id }),
                ApiError::invalid_parameter("USER_PASSWORD_AUTH flow not enabled for this client"),
            ),
            (json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": "x" }), ApiError::unknown_client("x")),
            (
                json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": id }),
                ApiError::invalid_parameter("Missing required parameter REFRESH_TOKEN"),
            ),
            (
                json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": id, "AuthParameters": { "REFRESH_TOKEN": token } }),
                ApiError::not_authorized(unsent),
            ),
            (
                json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": id,
                        "AuthParameters": { "REFRESH_TOKEN": token, "SECRET_HASH": of_email } }),
                ApiError::not_authorized(mismatch),
            ),
            (
                json!({ "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": id,
                        "AuthParameters": { "REFRESH_TOKEN": "garbage", "SECRET_HASH": of_email } }),
                ApiError::not_authorized("Invalid Refresh Token"),
            ),
        ] {
            assert_eq!(call(&service, request.clone()), Err(error), "{request}");
        }
        let unknown_flow = call(&service, json!({ "AuthFlow": "NONSENSE", "ClientId": id })).unwrap_err();
        assert!(format!("{unknown_flow:?}").contains("enum value set"), "{unknown_flow:?}");
    }

    #[test]
    fn every_reason_to_refuse_has_cognitos_words() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let hash = secret_hash(pool, &demo_sub(pool));
        let refused = |message: &str| {
            let answer = call(
                &service,
                json!({
                    "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client().id,
                    "AuthParameters": { "REFRESH_TOKEN": token, "SECRET_HASH": hash },
                }),
            );
            assert_eq!(answer, Err(ApiError::not_authorized(message)));
        };
        pool.revoke(&token, &pool.client().id, "test").unwrap();
        refused("Refresh Token has been revoked");
        pool.update(|state| state.find_user_by_email_mut("demo@example.com").unwrap().enabled = false);
        refused("User is disabled.");
        pool.delete_user("demo@example.com");
        refused("The user has been deleted for the associated refresh token");
        let different = ApiError::not_authorized("Refresh Token has different Client");
        assert_eq!(ApiError::from(RefreshRefusal::DifferentClient), different);
        assert_eq!(ApiError::from(RefreshRefusal::Expired), ApiError::not_authorized("Refresh Token has expired"));
    }

    #[test]
    fn a_client_that_rotates_is_refused_before_its_token_is_looked_at() {
        let service = test_service(|settings| settings.client().rotation_grace_secs = Some(0));
        let pool = &service.pools[0];
        let request = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client().id,
            "AuthParameters": { "REFRESH_TOKEN": "garbage" },
        });
        let unsupported = Err(ApiError::unsupported_operation("This API does not support refresh token rotation"));
        assert_eq!(call(&service, request.clone()), unsupported);
        pool.set_rotation(None);
        assert_ne!(call(&service, request), unsupported);
    }

    #[test]
    fn a_token_rotated_away_reads_as_revoked() {
        assert_eq!(name_for_this_api(RefreshRefusal::Reused), RefreshRefusal::Revoked);
        assert_eq!(name_for_this_api(RefreshRefusal::Expired), RefreshRefusal::Expired);
    }

    #[test]
    fn a_public_client_needs_no_secret_hash() {
        let service = test_service(|settings| settings.client().secret = SecretSetting::None);
        let pool = &service.pools[0];
        let (_, token) = sign_in(pool, "openid");
        let request = json!({
            "AuthFlow": "REFRESH_TOKEN_AUTH", "ClientId": pool.client().id, "AuthParameters": { "REFRESH_TOKEN": token },
        });
        assert!(call(&service, request).is_ok());
    }
}
