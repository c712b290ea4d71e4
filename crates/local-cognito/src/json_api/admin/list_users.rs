//! ListUsers, oldest first, page by page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::super::service::Service;
use super::super::super::user::User;
use super::attributes::list_attributes;
use super::constraints::{Checks, POOL_ID};
use super::describe_user::describe_user;
use super::user_filter::UserFilter;
use super::{ApiError, ApiResult, find_pool};

const MAX_LIMIT: i64 = 60;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListUsersRequest {
    user_pool_id: Option<String>,
    attributes_to_get: Option<Vec<String>>,
    limit: Option<i64>,
    pagination_token: Option<String>,
    filter: Option<String>,
}

/// The operation.
pub(super) fn list_users(service: &Service, request: ListUsersRequest) -> ApiResult {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    checks.check_range("limit", request.limit, 0, MAX_LIMIT);
    checks.finish()?;
    let pool = find_pool(service, &pool_id)?;
    let filter = request.filter.filter(|filter| !filter.is_empty());
    let filter = filter.map(|filter| UserFilter::parse(&filter)).transpose()?;
    let limit = request.limit.filter(|limit| *limit > 0).unwrap_or(MAX_LIMIT);
    let limit = usize::try_from(limit).unwrap_or_default();
    let wanted = |user: &&User| filter.as_ref().is_none_or(|filter| filter.matches(user));
    let users: Vec<User> = pool.with_state(|state| state.users().iter().filter(wanted).cloned().collect());
    let start = find_start(&users, request.pagination_token.as_deref())?;
    let page = users.iter().skip(start).take(limit);
    let page = page.map(|user| describe(user, request.attributes_to_get.as_deref()));
    let mut answer = json!({ "Users": page.collect::<Vec<Value>>() });
    if let Some(next) = users.get(start + limit) {
        answer["PaginationToken"] = STANDARD.encode(&next.sub).into();
    }
    Ok(Some(answer))
}

/// A token names the first user of its page; those who are deleted in between take the token with them.
fn find_start(users: &[User], token: Option<&str>) -> Result<usize, ApiError> {
    let Some(token) = token else { return Ok(0) };
    let sub = STANDARD.decode(token).ok();
    let start = sub.and_then(|sub| users.iter().position(|user| user.sub.as_bytes() == sub));
    start.ok_or_else(|| ApiError::invalid_parameter("Invalid pagination token"))
}

fn describe(user: &User, wanted: Option<&[String]>) -> Value {
    let mut attributes = list_attributes(user);
    if let Some(wanted) = wanted {
        attributes.retain(|attribute| wanted.iter().any(|name| attribute["Name"] == name.as_str()));
    }
    describe_user(user, "Attributes", attributes)
}
