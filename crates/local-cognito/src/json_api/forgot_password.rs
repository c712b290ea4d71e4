//! ForgotPassword and ConfirmForgotPassword, by a code that the console shows. Who does not exist is not told from who
//! does (AWS developer guide, "Managing user existence error responses").

use serde::Deserialize;
use serde_json::json;

use super::super::accounts::AccountRefusal;
use super::super::password::{check_policy, hash_password};
use super::super::service::Service;
use super::ApiResult;
use super::constraints::{CLIENT_ID, CONFIRMATION_CODE, Checks, PASSWORD, USERNAME};
use super::delivery::describe_delivery;
use super::secret_hash::find_caller;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ForgotPasswordRequest {
    client_id: Option<String>,
    secret_hash: Option<String>,
    username: Option<String>,
}

/// For a user who does not exist, is disabled or has no verified e-mail address: as if a code had been sent.
pub(super) fn forgot_password(service: &Service, request: ForgotPasswordRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    let username = checks.require(&USERNAME, request.username);
    checks.finish()?;
    let (pool, _) = find_caller(service, &client_id, &username, request.secret_hash.as_deref())?;
    let email = match pool.request_password_reset(&username) {
        Ok(email) => email,
        Err(AccountRefusal::UserNotFound | AccountRefusal::Disabled | AccountRefusal::NoVerifiedEmail) => username,
        Err(refusal) => return Err(refusal.into()),
    };
    Ok(Some(json!({ "CodeDeliveryDetails": describe_delivery(&email) })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmForgotPasswordRequest {
    client_id: Option<String>,
    secret_hash: Option<String>,
    username: Option<String>,
    confirmation_code: Option<String>,
    password: Option<String>,
}

/// For a user who does not exist or is disabled: as if the code were wrong.
pub(super) fn confirm_forgot_password(service: &Service, request: ConfirmForgotPasswordRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    let username = checks.require(&USERNAME, request.username);
    let code = checks.require(&CONFIRMATION_CODE, request.confirmation_code);
    let password = checks.require(&PASSWORD, request.password);
    checks.finish()?;
    let (pool, _) = find_caller(service, &client_id, &username, request.secret_hash.as_deref())?;
    // The same answer for everybody, after the same work.
    check_policy(&password).map_err(AccountRefusal::BadPassword)?;
    if !pool.has_enabled_user(&username) {
        hash_password(&password)?;
        return Err(AccountRefusal::CodeMismatch.into());
    }
    pool.confirm_password_reset(&username, &code, &password)?;
    Ok(Some(json!({})))
}
