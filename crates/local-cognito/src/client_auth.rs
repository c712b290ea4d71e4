//! Who calls the token endpoint or `/oauth2/revoke`: HTTP Basic or form fields (`cognito.md` §1.2).

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::client::Client;
use super::oauth_error::OAuthError;
use super::params::Params;
use super::pool::Pool;
use super::service::Service;

/// A client that proved itself, and the pool it is of.
pub(super) type Caller = (Arc<Pool>, Arc<Client>);

/// For the token endpoint: Basic, or `client_id` and `client_secret` in the form. Basic wins over the form.
pub(super) fn authenticate(service: &Service, headers: &HeaderMap, form: &Params) -> Result<Caller, OAuthError> {
    if headers.contains_key(header::AUTHORIZATION) {
        return authenticate_basic(service, headers);
    }
    let caller = find_client(service, form)?;
    match &caller.1.secret {
        Some(secret) if !form.get("client_secret").is_some_and(|offered| secret.matches(offered)) => {
            Err(OAuthError::InvalidClientSecret)
        }
        // A public client's `client_secret` field is ignored.
        _ => Ok(caller),
    }
}

/// For `/oauth2/revoke`: a confidential client must use Basic, its secret in the form is not looked at.
pub(super) fn authenticate_revocation(
    service: &Service,
    headers: &HeaderMap,
    form: &Params,
) -> Result<Caller, OAuthError> {
    let caller = if headers.contains_key(header::AUTHORIZATION) {
        authenticate_basic(service, headers)
    } else {
        find_client(service, form).and_then(|caller| match caller.1.secret {
            Some(_) => Err(OAuthError::InvalidClientSecret),
            None => Ok(caller),
        })
    };
    caller.map_err(|_| OAuthError::UnauthorizedRevocation)
}

fn authenticate_basic(service: &Service, headers: &HeaderMap) -> Result<Caller, OAuthError> {
    let credentials = read_basic(headers).ok_or(OAuthError::InvalidClient)?;
    let (id, secret) = credentials.split_once(':').ok_or(OAuthError::InvalidClient)?;
    let caller = service.find_client(id).filter(|_| !secret.is_empty()).ok_or(OAuthError::InvalidClient)?;
    match &caller.1.secret {
        Some(expected) if expected.matches(secret) => Ok(caller),
        // Wrong, or a secret from a client that has none.
        _ => Err(OAuthError::InvalidClientSecret),
    }
}

fn find_client(service: &Service, form: &Params) -> Result<Caller, OAuthError> {
    form.get("client_id").and_then(|id| service.find_client(id)).ok_or(OAuthError::InvalidClient)
}

/// `id:secret` out of the header. Both are letters and digits only, so the percent-encoding of RFC 6749 §2.3.1 never
/// shows.
fn read_basic(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(encoded.trim()).ok())??;
    String::from_utf8(decoded).ok()
}

#[cfg(test)]
mod tests {
    use super::super::service::tests::test_service;
    use super::super::settings::SecretSetting;
    use super::*;

    fn headers(authorization: Option<String>) -> HeaderMap {
        let value = authorization.map(|value| (header::AUTHORIZATION, value.parse().unwrap()));
        value.into_iter().collect()
    }

    fn basic(id: &str, secret: &str) -> Option<String> {
        Some(format!("Basic {}", STANDARD.encode(format!("{id}:{secret}"))))
    }

    #[test]
    fn a_confidential_client_proves_itself_either_way() {
        use OAuthError::{InvalidClient, InvalidClientSecret};
        let service = test_service(|_| ());
        let client = service.pools[0].client();
        let (id, secret) = (client.id.as_str(), client.secret.as_ref().unwrap().reveal());
        for (authorization, form, refusal) in [
            (basic(id, secret), String::new(), None),
            (basic(id, secret), "client_id=someone-else".to_owned(), None),
            (None, format!("client_id={id}&client_secret={secret}"), None),
            (None, format!("client_id={id}&client_secret=wrong"), Some(InvalidClientSecret)),
            (None, format!("client_id={id}&client_secret="), Some(InvalidClientSecret)),
            (None, format!("client_id={id}"), Some(InvalidClientSecret)),
            (None, format!("client_id=unknown&client_secret={secret}"), Some(InvalidClient)),
            (None, String::new(), Some(InvalidClient)),
            (basic(id, "wrong"), String::new(), Some(InvalidClientSecret)),
            (basic(id, "wrong"), format!("client_id={id}&client_secret={secret}"), Some(InvalidClientSecret)),
            (basic(id, ""), String::new(), Some(InvalidClient)),
            (basic("unknown", secret), String::new(), Some(InvalidClient)),
            (Some("Basic !!!".to_owned()), String::new(), Some(InvalidClient)),
            (Some(format!("Basic {}", STANDARD.encode(id))), String::new(), Some(InvalidClient)),
            (Some("Bearer x".to_owned()), format!("client_id={id}&client_secret={secret}"), Some(InvalidClient)),
        ] {
            let found = authenticate(&service, &headers(authorization.clone()), &Params::parse(form.as_bytes()));
            assert_eq!(found.err(), refusal, "{authorization:?} {form}");
        }
    }

    #[test]
    fn a_public_client_names_itself_and_must_not_use_basic() {
        let service = test_service(|settings| settings.client().secret = SecretSetting::None);
        let client = service.pools[0].client();
        let id = client.id.as_str();
        let form = |text: &str| Params::parse(text.as_bytes());
        let body = format!("client_id={id}&client_secret=ignored");
        assert!(authenticate(&service, &headers(None), &form(&body)).is_ok());
        let refused = authenticate(&service, &headers(basic(id, "secret")), &form(""));
        assert_eq!(refused.err(), Some(OAuthError::InvalidClientSecret));
    }

    #[test]
    fn revocation_takes_no_secret_from_the_form() {
        let service = test_service(|_| ());
        let client = service.pools[0].client();
        let (id, secret) = (client.id.as_str(), client.secret.as_ref().unwrap().reveal());
        let body = Params::parse(format!("client_id={id}&client_secret={secret}").as_bytes());
        let refused = authenticate_revocation(&service, &headers(None), &body);
        assert_eq!(refused.err(), Some(OAuthError::UnauthorizedRevocation));
        assert!(authenticate_revocation(&service, &headers(basic(id, secret)), &body).is_ok());
    }
}
