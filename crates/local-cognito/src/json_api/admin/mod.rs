//! The operations of an administrator. At AWS they take a signature of who has credentials; here everybody who is no
//! page may call them.

mod client_update;
mod create_user;
mod describe_client;
mod describe_user;
mod groups;
mod list_users;
mod set_password;
mod token_validity;
mod user_filter;
mod user_state;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::super::pool::Pool;
use super::super::service::Service;
use super::super::user::User;
use super::constraints::{Checks, POOL_ID, USERNAME};
use super::{ApiError, ApiResult, Operation, attributes, constraints, run};

/// By name.
pub(super) const OPERATIONS: [(&str, Operation); 15] = [
    ("AdminAddUserToGroup", |service, body| run(service, body, groups::add_user_to_group)),
    ("AdminConfirmSignUp", |service, body| run(service, body, user_state::confirm_sign_up)),
    ("AdminCreateUser", |service, body| run(service, body, create_user::create_user)),
    ("AdminDeleteUser", |service, body| run(service, body, user_state::delete_user)),
    ("AdminDisableUser", |service, body| run(service, body, user_state::disable_user)),
    ("AdminEnableUser", |service, body| run(service, body, user_state::enable_user)),
    ("AdminGetUser", |service, body| run(service, body, describe_user::get_user)),
    ("AdminRemoveUserFromGroup", |service, body| run(service, body, groups::remove_user_from_group)),
    ("AdminResetUserPassword", |service, body| run(service, body, user_state::reset_user_password)),
    ("AdminSetUserPassword", |service, body| run(service, body, set_password::set_user_password)),
    ("AdminUserGlobalSignOut", |service, body| run(service, body, user_state::sign_out_user)),
    ("CreateGroup", |service, body| run(service, body, groups::create_group)),
    ("DescribeUserPoolClient", |service, body| run(service, body, describe_client::describe_client)),
    ("ListUsers", |service, body| run(service, body, list_users::list_users)),
    ("UpdateUserPoolClient", |service, body| run(service, body, client_update::update_client)),
];

/// What most of them take.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UserRequest {
    user_pool_id: Option<String>,
    username: Option<String>,
}

/// The user, and the pool it is of.
fn find_user(service: &Service, request: UserRequest) -> Result<(Arc<Pool>, User), ApiError> {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    let username = checks.require(&USERNAME, request.username);
    checks.finish()?;
    let pool = find_pool(service, &pool_id)?;
    let user = pool.with_state(|state| state.find_user_by_name(&username).cloned());
    Ok((pool, user.ok_or_else(ApiError::user_not_found)?))
}

fn find_pool(service: &Service, id: &str) -> Result<Arc<Pool>, ApiError> {
    service.find_pool(id).cloned().ok_or_else(|| ApiError::unknown_pool(id))
}

/// The answer of those that have nothing to say, and say so in JSON.
fn done() -> ApiResult {
    Ok(Some(json!({})))
}
