//! AdminCreateUser: a user with a password to be changed at the first sign-in, or once more the invitation of one.

use serde::Deserialize;
use serde_json::json;

use super::super::super::accounts::AccountRefusal;
use super::super::super::pool::Pool;
use super::super::super::random::random_alphanumeric;
use super::super::super::service::Service;
use super::super::super::user::UserStatus;
use super::attributes::{Attribute, Writer, list_attributes, read_attributes};
use super::constraints::{Checks, PASSWORD, POOL_ID, USERNAME};
use super::describe_user::describe_user;
use super::{ApiError, ApiResult, find_pool};

/// A made-up password has all kinds of characters that the policy asks for.
const KINDS: &str = "Aa0!";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateUserRequest {
    user_pool_id: Option<String>,
    username: Option<String>,
    temporary_password: Option<String>,
    user_attributes: Option<Vec<Attribute>>,
    message_action: Option<String>,
}

/// No invitation is sent: a password that is made up here nobody learns, and AdminSetUserPassword is the way on.
pub(super) fn create_user(service: &Service, request: CreateUserRequest) -> ApiResult {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    let username = checks.require(&USERNAME, request.username);
    let password = request.temporary_password.filter(|password| !password.is_empty());
    let password = password.unwrap_or_else(|| format!("{KINDS}{}", random_alphanumeric(16)));
    let password = checks.require(&PASSWORD, Some(password));
    checks.check_enum("messageAction", request.message_action.as_deref(), &["RESEND", "SUPPRESS"]);
    checks.finish()?;
    let pool = find_pool(service, &pool_id)?;
    let mut attributes = read_attributes(request.user_attributes, Writer::Administrator)?;
    attributes.remove("email");
    let verified = attributes.remove("email_verified").is_some_and(|verified| verified == "true");
    let sub = if request.message_action.as_deref() == Some("RESEND") {
        invite_again(&pool, &username, &password)?
    } else {
        pool.create_user(&username, &password, verified, attributes).map_err(|refusal| match refusal {
            AccountRefusal::UserExists => ApiError::new("UsernameExistsException", "User account already exists"),
            refusal => refusal.into(),
        })?
    };
    let user = pool.with_state(|state| state.find_user(&sub).cloned()).ok_or_else(ApiError::user_not_found)?;
    Ok(Some(json!({ "User": describe_user(&user, "Attributes", list_attributes(&user)) })))
}

/// A new temporary password for a user who has not yet signed in; the sub.
fn invite_again(pool: &Pool, username: &str, password: &str) -> Result<String, ApiError> {
    let user = pool.with_state(|state| state.find_user_by_name(username).cloned());
    let user = user.ok_or_else(ApiError::user_not_found)?;
    if user.status != UserStatus::ForceChangePassword {
        let message = format!("Resend not possible. {} status is not FORCE_CHANGE_PASSWORD", user.sub);
        return Err(ApiError::new("UnsupportedUserStateException", message));
    }
    pool.set_password(&user.sub, password, false)?;
    Ok(user.sub)
}
