//! SignUp, ConfirmSignUp and ResendConfirmationCode. Who does not exist is not told from who does (a client with
//! `PreventUserExistenceErrors` ENABLED): AWS developer guide, "Managing user existence error responses".

use serde::Deserialize;
use serde_json::json;

use super::super::accounts::AccountRefusal;
use super::super::service::Service;
use super::attributes::{Attribute, Writer, read_attributes};
use super::constraints::{CLIENT_ID, CONFIRMATION_CODE, Checks, PASSWORD, USERNAME};
use super::delivery::describe_delivery;
use super::secret_hash::find_caller;
use super::{ApiError, ApiResult};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SignUpRequest {
    client_id: Option<String>,
    secret_hash: Option<String>,
    username: Option<String>,
    password: Option<String>,
    user_attributes: Option<Vec<Attribute>>,
}

/// Makes an unconfirmed user. The e-mail address is the username; an `email` attribute says nothing more.
pub(super) fn sign_up(service: &Service, request: SignUpRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    let username = checks.require(&USERNAME, request.username);
    let password = checks.require(&PASSWORD, request.password);
    checks.finish()?;
    let (pool, _) = find_caller(service, &client_id, &username, request.secret_hash.as_deref())?;
    let mut attributes = read_attributes(request.user_attributes, Writer::Client)?;
    attributes.remove("email");
    let sub = pool.sign_up(&username, &password, attributes)?;
    let details = describe_delivery(&username);
    Ok(Some(json!({ "UserConfirmed": false, "UserSub": sub, "CodeDeliveryDetails": details })))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConfirmSignUpRequest {
    client_id: Option<String>,
    secret_hash: Option<String>,
    username: Option<String>,
    confirmation_code: Option<String>,
}

/// For a user who does not exist or is disabled: as if the code had expired.
pub(super) fn confirm_sign_up(service: &Service, request: ConfirmSignUpRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    let username = checks.require(&USERNAME, request.username);
    let code = checks.require(&CONFIRMATION_CODE, request.confirmation_code);
    checks.finish()?;
    let (pool, _) = find_caller(service, &client_id, &username, request.secret_hash.as_deref())?;
    if !pool.has_enabled_user(&username) {
        return Err(AccountRefusal::CodeExpired.into());
    }
    pool.confirm_sign_up(&username, &code)?;
    Ok(Some(json!({})))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResendRequest {
    client_id: Option<String>,
    secret_hash: Option<String>,
    username: Option<String>,
}

/// For a user who does not exist or is disabled: as if a code had been sent.
pub(super) fn resend_confirmation_code(service: &Service, request: ResendRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    let username = checks.require(&USERNAME, request.username);
    checks.finish()?;
    let (pool, _) = find_caller(service, &client_id, &username, request.secret_hash.as_deref())?;
    let email = if pool.has_enabled_user(&username) {
        pool.resend_sign_up_code(&username).map_err(|refusal| match refusal {
            AccountRefusal::AlreadyConfirmed(_) => ApiError::invalid_parameter("User is already confirmed."),
            refusal => refusal.into(),
        })?
    } else {
        username
    };
    Ok(Some(json!({ "CodeDeliveryDetails": describe_delivery(&email) })))
}
