//! The operations of whoever holds an access token: GetUser, ChangePassword, GlobalSignOut. All need the scope
//! `aws.cognito.signin.user.admin`.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::super::constraints::USER_ADMIN_SCOPE;
use super::super::issue::AccessRefusal;
use super::super::pool::Pool;
use super::super::service::Service;
use super::super::user::{User, has_scope};
use super::attributes::list_attributes;
use super::constraints::{ACCESS_TOKEN, Checks, PREVIOUS_PASSWORD, PROPOSED_PASSWORD};
use super::{ApiError, ApiResult};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TokenRequest {
    access_token: Option<String>,
}

/// The attributes are strings, all of them.
pub(super) fn get_user(service: &Service, request: TokenRequest) -> ApiResult {
    let (_, user) = find_bearer(service, request)?;
    Ok(Some(json!({ "Username": user.sub, "UserAttributes": list_attributes(&user) })))
}

/// Ends all sign-ins of the user. The hosted UI's cookie stays (`cognito.md` §3.4).
pub(super) fn global_sign_out(service: &Service, request: TokenRequest) -> ApiResult {
    let (pool, user) = find_bearer(service, request)?;
    let now = pool.now();
    pool.update(|state| state.revoke_families_of(&user.sub, now, "GlobalSignOut"));
    Ok(Some(json!({})))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChangePasswordRequest {
    previous_password: Option<String>,
    proposed_password: Option<String>,
    access_token: Option<String>,
}

/// Sign-ins go on, as at Cognito.
pub(super) fn change_password(service: &Service, request: ChangePasswordRequest) -> ApiResult {
    let mut checks = Checks::default();
    let previous = checks.require(&PREVIOUS_PASSWORD, request.previous_password);
    let proposed = checks.require(&PROPOSED_PASSWORD, request.proposed_password);
    let access_token = checks.require(&ACCESS_TOKEN, request.access_token);
    checks.finish()?;
    let (pool, user) = find_bearer(service, TokenRequest { access_token: Some(access_token) })?;
    pool.check_password(&user.sub, &previous)?;
    pool.set_password(&user.sub, &proposed, true)?;
    Ok(Some(json!({})))
}

fn find_bearer(service: &Service, request: TokenRequest) -> Result<(Arc<Pool>, User), ApiError> {
    let mut checks = Checks::default();
    let token = checks.require(&ACCESS_TOKEN, request.access_token);
    checks.finish()?;
    let pool = service.find_pool_of_token(&token).ok_or(AccessRefusal::Invalid)?;
    let (claims, user) = pool.check_access_token(&token)?;
    if !has_scope(&claims.scope, USER_ADMIN_SCOPE) {
        return Err(ApiError::not_authorized("Access Token does not have required scopes"));
    }
    Ok((Arc::clone(pool), user))
}

impl From<AccessRefusal> for ApiError {
    fn from(refusal: AccessRefusal) -> ApiError {
        match refusal {
            AccessRefusal::Invalid => ApiError::not_authorized("Invalid Access Token"),
            AccessRefusal::Expired => ApiError::not_authorized("Access Token has expired"),
            AccessRefusal::Revoked => ApiError::not_authorized("Access Token has been revoked"),
            AccessRefusal::UserDeleted => ApiError::user_not_found(),
            AccessRefusal::UserDisabled => ApiError::not_authorized("User is disabled."),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::super::super::issue::tests::{service_with_clock, sign_in};
    use super::*;

    fn call(service: &Service, token: &str) -> ApiResult {
        get_user(service, TokenRequest { access_token: Some(token.to_owned()) })
    }

    #[test]
    fn the_answer_lists_attributes_as_strings() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (tokens, _) = sign_in(pool, "openid aws.cognito.signin.user.admin");
        let answer = call(&service, &tokens.access_token).unwrap().unwrap();
        let attributes = answer["UserAttributes"].as_array().unwrap();
        assert_eq!(attributes[0], json!({ "Name": "sub", "Value": answer["Username"] }));
        assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "true" })));
        assert!(attributes.contains(&json!({ "Name": "email", "Value": "demo@example.com" })));
    }

    #[test]
    fn each_refusal_has_cognitos_words() {
        let (service, now) = service_with_clock();
        let pool = &service.pools[0];
        let (tokens, refresh_token) = sign_in(pool, "openid aws.cognito.signin.user.admin");
        let (unscoped, _) = sign_in(pool, "openid");
        let not_authorized = |message: &str| Err(ApiError::not_authorized(message));
        assert_eq!(get_user(&service, TokenRequest { access_token: None }), Err(ApiError::missing("accessToken")));
        assert_eq!(call(&service, "garbage"), not_authorized("Invalid Access Token"));
        assert_eq!(call(&service, tokens.id_token.as_deref().unwrap()), not_authorized("Invalid Access Token"));
        let scopes = not_authorized("Access Token does not have required scopes");
        assert_eq!(call(&service, &unscoped.access_token), scopes);
        pool.revoke(&refresh_token, &pool.client().id, "test").unwrap();
        assert_eq!(call(&service, &tokens.access_token), not_authorized("Access Token has been revoked"));
        pool.update(|state| state.find_user_by_email_mut("demo@example.com").unwrap().enabled = false);
        assert_eq!(call(&service, &tokens.access_token), not_authorized("User is disabled."));
        pool.delete_user("demo@example.com");
        assert_eq!(call(&service, &tokens.access_token), Err(ApiError::user_not_found()));
        now.fetch_add(3600, Ordering::SeqCst);
        assert_eq!(call(&service, &tokens.access_token), not_authorized("Access Token has expired"));
    }
}
