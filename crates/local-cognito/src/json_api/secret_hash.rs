//! `SECRET_HASH` and `SecretHash`: how a confidential client proves itself in the operations on users.

use std::sync::Arc;

use super::super::client::Client;
use super::super::pool::Pool;
use super::super::service::Service;
use super::ApiError;

/// The client, and the pool it is of, if its secret goes with what it says: the hash is over the username as it stands
/// in the request (AWS developer guide, "Computing secret hash values"), be it an e-mail address or the sub.
pub(super) fn find_caller(
    service: &Service,
    client_id: &str,
    username: &str,
    offered: Option<&str>,
) -> Result<(Arc<Pool>, Arc<Client>), ApiError> {
    let caller = service.find_client(client_id).ok_or_else(|| ApiError::unknown_client(client_id))?;
    check_secret_hash(&caller.1, username, offered)?;
    Ok(caller)
}

/// What a public client sends is not looked at.
pub(super) fn check_secret_hash(client: &Client, username: &str, offered: Option<&str>) -> Result<(), ApiError> {
    let Some(secret) = &client.secret else { return Ok(()) };
    let Some(offered) = offered else { return Err(unsent(&client.id)) };
    if client.verify_secret_hash(secret, username, offered) {
        return Ok(());
    }
    Err(ApiError::not_authorized(format!("Unable to verify secret hash for client {}", client.id)))
}

pub(super) fn unsent(client_id: &str) -> ApiError {
    ApiError::not_authorized(format!("Client {client_id} is configured with secret but SECRET_HASH was not received"))
}
