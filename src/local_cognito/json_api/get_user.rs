//! GetUser: the attributes of whom an access token stands for.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::client::USER_ADMIN_SCOPE;
use super::super::issue::AccessRefusal;
use super::super::service::Service;
use super::super::user::{User, has_scope};
use super::{ApiError, ApiResult};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetUserRequest {
    access_token: Option<String>,
}

/// The operation. Attributes are strings, all of them.
pub(super) fn get_user(service: &Service, request: GetUserRequest) -> ApiResult {
    let token = request.access_token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| ApiError::missing("accessToken"))?;
    let pool = service.find_pool_of_token(&token).ok_or(AccessRefusal::Invalid)?;
    let (claims, user) = pool.check_access_token(&token)?;
    if !has_scope(&claims.scope, USER_ADMIN_SCOPE) {
        return Err(ApiError::not_authorized("Access Token does not have required scopes"));
    }
    Ok(Some(json!({ "Username": user.sub, "UserAttributes": list_attributes(&user) })))
}

/// `UserAttributes`, as GetUser and the administrator's operations write them.
pub(super) fn list_attributes(user: &User) -> Vec<Value> {
    let verified = if user.email_verified { "true" } else { "false" };
    let fixed = [("sub", user.sub.as_str()), ("email_verified", verified)];
    let own = user.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let all = fixed.into_iter().chain(own).chain([("email", user.email.as_str())]);
    all.map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
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
        get_user(service, GetUserRequest { access_token: Some(token.to_owned()) })
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
        assert_eq!(get_user(&service, GetUserRequest { access_token: None }), Err(ApiError::missing("accessToken")));
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
