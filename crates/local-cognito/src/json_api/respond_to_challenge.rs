//! RespondToAuthChallenge, for the one challenge there is: `NEW_PASSWORD_REQUIRED`, which InitiateAuth asks of a user
//! whom an administrator made.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::accounts::AccountRefusal;
use super::super::auth_session::SessionRefusal;
use super::super::password::check_policy;
use super::super::pool::Pool;
use super::super::service::Service;
use super::super::user::{User, UserStatus};
use super::attributes::{Writer, check_name};
use super::constraints::{CLIENT_ID, Checks};
use super::initiate_auth::password::{NEW_PASSWORD_REQUIRED, start_family};
use super::secret_hash::find_caller;
use super::{ApiError, ApiResult};

const OPERATION: &str = "RespondToAuthChallenge";

const CHALLENGES: [&str; 15] = [
    "SMS_MFA",
    "EMAIL_OTP",
    "SOFTWARE_TOKEN_MFA",
    "SELECT_MFA_TYPE",
    "MFA_SETUP",
    "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE",
    "SELECT_CHALLENGE",
    "DEVICE_SRP_AUTH",
    "DEVICE_PASSWORD_VERIFIER",
    "ADMIN_NO_SRP_AUTH",
    NEW_PASSWORD_REQUIRED,
    "SMS_OTP",
    "PASSWORD",
    "WEB_AUTHN",
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RespondRequest {
    client_id: Option<String>,
    challenge_name: Option<String>,
    session: Option<String>,
    challenge_responses: Option<BTreeMap<String, String>>,
}

/// Sets the password, and signs in. `userAttributes.<name>` among the responses sets an attribute too.
pub(super) fn respond_to_auth_challenge(service: &Service, request: RespondRequest) -> ApiResult {
    let mut checks = Checks::default();
    let client_id = checks.require(&CLIENT_ID, request.client_id);
    checks.check_present("challengeName", request.challenge_name.is_some());
    checks.check_enum("challengeName", request.challenge_name.as_deref(), &CHALLENGES);
    checks.finish()?;
    let responses = request.challenge_responses.unwrap_or_default();
    let response = |name: &str| responses.get(name).filter(|value| !value.is_empty());
    let username = response("USERNAME").ok_or_else(|| ApiError::missing_parameter("USERNAME"))?;
    let (pool, client) = find_caller(service, &client_id, username, responses.get("SECRET_HASH").map(String::as_str))?;
    let session = request.session.filter(|session| !session.is_empty());
    let session = session.ok_or_else(|| ApiError::missing_parameter("Session"))?;
    let asked = request.challenge_name.as_deref() == Some(NEW_PASSWORD_REQUIRED);
    let user =
        if asked { find_user(&pool, &session, &client.id, username) } else { Err(SessionRefusal::Invalid.into()) }?;
    let password = response("NEW_PASSWORD").ok_or_else(|| ApiError::missing_parameter("NEW_PASSWORD"))?;
    let attributes = read_responses(&responses)?;
    check_policy(password).map_err(AccountRefusal::BadPassword)?;
    if !pool.auth_sessions.end(&session) {
        return Err(SessionRefusal::Invalid.into());
    }
    pool.set_password(&user.sub, password, true)?;
    pool.change_user(&user.sub, |user| user.attributes.extend(attributes));
    let user = pool.with_state(|state| state.find_user(&user.sub).cloned()).ok_or(AccountRefusal::UserNotFound)?;
    Ok(Some(start_family(&pool, &client, &user, OPERATION)?))
}

/// Whose session it is, if that is who the request names and the password is still asked for.
fn find_user(pool: &Pool, session: &str, client_id: &str, username: &str) -> Result<User, ApiError> {
    let sub = pool.auth_sessions.check(session, client_id, pool.now())?;
    let user = pool.with_state(|state| state.find_user_by_name(username).cloned());
    let asked = |user: &User| user.sub == sub && user.status == UserStatus::ForceChangePassword;
    let user = user.filter(asked).ok_or(SessionRefusal::Invalid)?;
    if user.enabled { Ok(user) } else { Err(AccountRefusal::Disabled.into()) }
}

/// The attributes among the responses. The e-mail address is the username and stays.
fn read_responses(responses: &BTreeMap<String, String>) -> Result<BTreeMap<String, String>, ApiError> {
    let named = responses.iter().filter_map(|(name, value)| Some((name.strip_prefix("userAttributes.")?, value)));
    let named = named.filter(|(name, _)| *name != "email");
    named.map(|(name, value)| check_name(name, Writer::Client).map(|()| (name.to_owned(), value.clone()))).collect()
}

impl From<SessionRefusal> for ApiError {
    fn from(refusal: SessionRefusal) -> ApiError {
        ApiError::not_authorized(refusal.to_string())
    }
}
