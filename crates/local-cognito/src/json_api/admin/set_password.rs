//! AdminSetUserPassword: a password for good, or one to be changed at the next sign-in.

use serde::Deserialize;

use super::super::super::service::Service;
use super::constraints::{Checks, PASSWORD, POOL_ID, USERNAME};
use super::{ApiResult, done, find_pool};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SetPasswordRequest {
    user_pool_id: Option<String>,
    username: Option<String>,
    password: Option<String>,
    permanent: Option<bool>,
}

/// The operation.
pub(super) fn set_user_password(service: &Service, request: SetPasswordRequest) -> ApiResult {
    let mut checks = Checks::default();
    let pool_id = checks.require(&POOL_ID, request.user_pool_id);
    let username = checks.require(&USERNAME, request.username);
    let password = checks.require(&PASSWORD, request.password);
    checks.finish()?;
    let pool = find_pool(service, &pool_id)?;
    pool.set_password(&username, &password, request.permanent.unwrap_or_default())?;
    done()
}
