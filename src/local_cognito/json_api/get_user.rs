//! GetUser: the attributes of whom an access token stands for.

use serde::Deserialize;
use serde_json::json;

use super::super::client::USER_ADMIN_SCOPE;
use super::super::issue::AccessRefusal;
use super::super::pool::Pool;
use super::super::user::has_scope;
use super::{ApiError, ApiResult};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetUserRequest {
    access_token: Option<String>,
}

/// The operation. Attributes are strings, all of them.
pub(super) fn get_user(pool: &Pool, request: GetUserRequest) -> ApiResult {
    let token = request.access_token.filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| ApiError::missing("accessToken"))?;
    let (claims, user) = pool.check_access_token(&token)?;
    if !has_scope(&claims.scope, USER_ADMIN_SCOPE) {
        return Err(ApiError::not_authorized("Access Token does not have required scopes"));
    }
    let attributes = [
        ("sub", user.sub.as_str()),
        ("email_verified", if user.email_verified { "true" } else { "false" }),
        ("name", &user.name),
        ("email", &user.email),
    ];
    let attributes = attributes.map(|(name, value)| json!({ "Name": name, "Value": value }));
    Ok(Some(json!({ "Username": user.sub, "UserAttributes": attributes })))
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

    use super::super::super::issue::tests::{pool_with_clock, sign_in};
    use super::*;

    fn call(pool: &Pool, token: &str) -> ApiResult {
        get_user(pool, GetUserRequest { access_token: Some(token.to_owned()) })
    }

    #[test]
    fn the_answer_lists_attributes_as_strings() {
        let (pool, _) = pool_with_clock();
        let (tokens, _) = sign_in(&pool, "openid aws.cognito.signin.user.admin");
        let answer = call(&pool, &tokens.access_token).unwrap().unwrap();
        let attributes = answer["UserAttributes"].as_array().unwrap();
        assert_eq!(attributes[0], json!({ "Name": "sub", "Value": answer["Username"] }));
        assert!(attributes.contains(&json!({ "Name": "email_verified", "Value": "true" })));
        assert!(attributes.contains(&json!({ "Name": "email", "Value": "demo@example.com" })));
    }

    #[test]
    fn each_refusal_has_cognitos_words() {
        let (pool, now) = pool_with_clock();
        let (tokens, refresh_token) = sign_in(&pool, "openid aws.cognito.signin.user.admin");
        let (unscoped, _) = sign_in(&pool, "openid");
        let not_authorized = |message: &str| Err(ApiError::not_authorized(message));
        assert_eq!(get_user(&pool, GetUserRequest { access_token: None }), Err(ApiError::missing("accessToken")));
        assert_eq!(call(&pool, "garbage"), not_authorized("Invalid Access Token"));
        assert_eq!(call(&pool, tokens.id_token.as_deref().unwrap()), not_authorized("Invalid Access Token"));
        let scopes = not_authorized("Access Token does not have required scopes");
        assert_eq!(call(&pool, &unscoped.access_token), scopes);
        pool.revoke(&refresh_token, &pool.client.id).unwrap();
        assert_eq!(call(&pool, &tokens.access_token), not_authorized("Access Token has been revoked"));
        pool.update(|state| state.find_user_by_email_mut("demo@example.com").unwrap().enabled = false);
        assert_eq!(call(&pool, &tokens.access_token), not_authorized("User is disabled."));
        pool.update(|state| state.remove_user("demo@example.com"));
        assert_eq!(call(&pool, &tokens.access_token), Err(ApiError::user_not_found()));
        now.fetch_add(3600, Ordering::SeqCst);
        assert_eq!(call(&pool, &tokens.access_token), not_authorized("Access Token has expired"));
    }
}
