//! AdminGetUser, and a user as the other administrator's operations write one.

use serde_json::{Map, Value, json};

use super::super::super::service::Service;
use super::super::super::user::User;
use super::attributes::list_attributes;
use super::{ApiResult, UserRequest, find_user};

/// The user's attributes are `UserAttributes` in this answer only.
pub(super) fn get_user(service: &Service, request: UserRequest) -> ApiResult {
    let (_, user) = find_user(service, request)?;
    Ok(Some(describe_user(&user, "UserAttributes", list_attributes(&user))))
}

/// With the attributes under the name that the operation has for them. Times are Unix seconds, as awsJson1.1 wants.
pub(super) fn describe_user(user: &User, attributes_name: &str, attributes: Vec<Value>) -> Value {
    let mut described = Map::new();
    let mut set = |name: &str, value: Value| drop(described.insert(name.to_owned(), value));
    set("Username", json!(user.sub));
    set(attributes_name, attributes.into());
    set("UserCreateDate", json!(user.created_at));
    set("UserLastModifiedDate", json!(user.modified_at));
    set("Enabled", json!(user.enabled));
    set("UserStatus", json!(user.status.name()));
    described.into()
}
