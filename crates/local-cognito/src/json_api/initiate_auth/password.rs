//! InitiateAuth with `USER_PASSWORD_AUTH`: username and password for tokens, or for the challenge to choose a password
//! of one's own.

use serde_json::{Map, Value, json};

use super::super::super::accounts::AccountRefusal;
use super::super::super::client::Client;
use super::super::super::constraints::USER_ADMIN_SCOPE;
use super::super::super::error::CryptoError;
use super::super::super::issue::SignIn;
use super::super::super::pool::Pool;
use super::super::super::refresh::Refreshed;
use super::super::super::user::User;
use super::super::ApiResult;
use super::super::attributes::list_attributes;
use super::super::authentication_result::to_authentication_result;
use super::super::secret_hash::check_secret_hash;
use super::{AuthParameters, OPERATION, require};

/// The challenge of a user whom an administrator made.
pub(in super::super) const NEW_PASSWORD_REQUIRED: &str = "NEW_PASSWORD_REQUIRED";

/// The secret hash is over the username as typed, not over the sub as at a refresh.
pub(super) fn sign_in(pool: &Pool, client: &Client, parameters: AuthParameters) -> ApiResult {
    let username = require("USERNAME", parameters.username)?;
    check_secret_hash(client, &username, parameters.secret_hash.as_deref())?;
    let password = require("PASSWORD", parameters.password)?;
    match pool.check_password(&username, &password) {
        Ok(user) => Ok(Some(start_family(pool, client, &user, OPERATION)?)),
        Err(AccountRefusal::NewPasswordRequired) => ask_for_password(pool, client, &username),
        Err(refusal) => Err(refusal.into()),
    }
}

/// A sign-in that succeeded: the first tokens of a new family, whose access token has one scope only.
pub(in super::super) fn start_family(
    pool: &Pool,
    client: &Client,
    user: &User,
    via: &str,
) -> Result<Value, CryptoError> {
    let sign_in = SignIn {
        scope: USER_ADMIN_SCOPE.to_owned(),
        resource: None,
        nonce: None,
        auth_time: pool.now(),
        hosted_ui: false,
    };
    let (tokens, refresh_token) = pool.start_family(client, user, sign_in, via)?;
    let refreshed = Refreshed { tokens, refresh_token: Some(refresh_token) };
    Ok(json!({ "AuthenticationResult": to_authentication_result(refreshed), "ChallengeParameters": {} }))
}

/// Two of the parameters are JSON in a string, as at Cognito.
fn ask_for_password(pool: &Pool, client: &Client, username: &str) -> ApiResult {
    let user = pool.with_state(|state| state.find_user_by_name(username).cloned());
    let user = user.ok_or(AccountRefusal::WrongPassword)?;
    let session = pool.auth_sessions.start(&user.sub, &client.id, pool.now());
    let attributes = list_attributes(&user).into_iter().filter(|attribute| attribute["Name"] != "sub");
    let attributes: Map<String, Value> = attributes
        .filter_map(|attribute| Some((attribute["Name"].as_str()?.to_owned(), attribute["Value"].clone())))
        .collect();
    Ok(Some(json!({
        "ChallengeName": NEW_PASSWORD_REQUIRED,
        "Session": session,
        "ChallengeParameters": {
            "USER_ID_FOR_SRP": user.sub,
            "requiredAttributes": "[]",
            "userAttributes": Value::Object(attributes).to_string(),
        },
    })))
}
