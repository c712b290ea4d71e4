//! CreateGroup, AdminAddUserToGroup, AdminRemoveUserFromGroup. A group is there if it was made, or if a user is in it:
//! the settings, the console and the control API name groups without making them first.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;

use super::super::super::pool::Pool;
use super::super::super::service::Service;
use super::super::super::state::State;
use super::super::super::user::User;
use super::constraints::{Checks, GROUP_NAME, POOL_ID, USERNAME};
use super::{ApiError, ApiResult, UserRequest, find_pool, find_user};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateGroupRequest {
    user_pool_id: Option<String>,
    group_name: Option<String>,
}

/// Description, precedence and role are not kept.
pub(super) fn create_group(service: &Service, request: CreateGroupRequest) -> ApiResult {
    let mut checks = Checks::default();
    let name = checks.require(&GROUP_NAME, request.group_name);
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    checks.finish()?;
    let pool = find_pool(service, &pool_id)?;
    let now = pool.now();
    let created = pool.update(|state| {
        let new = !has_group(state, &name);
        new.then(|| state.groups.insert(name.clone(), now));
        new
    });
    if !created {
        return Err(ApiError::new("GroupExistsException", "A group with the name already exists."));
    }
    let group = json!({ "GroupName": name, "UserPoolId": pool_id, "CreationDate": now, "LastModifiedDate": now });
    Ok(Some(json!({ "Group": group })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MembershipRequest {
    user_pool_id: Option<String>,
    username: Option<String>,
    group_name: Option<String>,
}

/// Twice is once. The answer is empty, not even `{}`.
pub(super) fn add_user_to_group(service: &Service, request: MembershipRequest) -> ApiResult {
    change_groups(service, request, |groups, name| {
        if !groups.iter().any(|group| group == name) {
            groups.push(name.to_owned());
        }
    })
}

/// The group stays, also without users. The answer is empty, not even `{}`.
pub(super) fn remove_user_from_group(service: &Service, request: MembershipRequest) -> ApiResult {
    change_groups(service, request, |groups, name| groups.retain(|group| group != name))
}

fn change_groups(
    service: &Service,
    request: MembershipRequest,
    change: impl FnOnce(&mut Vec<String>, &str),
) -> ApiResult {
    let (pool, user, name) = find_both(service, request)?;
    let now = pool.now();
    pool.update(|state| {
        state.groups.entry(name.clone()).or_insert(now);
        state.find_user_mut(&user.sub).map(|user| change(&mut user.groups, &name))
    });
    Ok(None)
}

/// The user and the group's name, both of this pool.
fn find_both(service: &Service, request: MembershipRequest) -> Result<(Arc<Pool>, User, String), ApiError> {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    let username = checks.require(&USERNAME, request.username);
    let name = checks.require(&GROUP_NAME, request.group_name);
    checks.finish()?;
    let request = UserRequest { user_pool_id: Some(pool_id), username: Some(username) };
    let (pool, user) = find_user(service, request)?;
    if !pool.with_state(|state| has_group(state, &name)) {
        return Err(ApiError::not_found("Group not found."));
    }
    Ok((pool, user, name))
}

fn has_group(state: &State, name: &str) -> bool {
    state.groups.contains_key(name) || state.users().iter().any(|user| user.groups.iter().any(|group| group == name))
}
