//! Whom a request is about: the client that sent it and the sign-in whose tokens it brings or gets. Found out by
//! `observe` for the console; decides nothing.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::access_token::read_unverified_claims;
use super::params::Params;
use super::service::Service;
pub(super) use super::subject::Involved;

/// Where a refresh token stands in JSON requests.
const REFRESH_POINTERS: [&str; 4] =
    ["/RefreshToken", "/Token", "/AuthParameters/REFRESH_TOKEN", "/AuthParameters/REFRESH_TOKEN_AUTH"];

impl Involved {
    /// From what the request says of itself.
    pub(super) fn of_request(service: &Service, headers: &HeaderMap, query: &str, body: &[u8]) -> Involved {
        let (form, query) = (Params::of_form(headers, body), Params::parse(query.as_bytes()));
        let json: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |pointer: &str| json.pointer(pointer).and_then(Value::as_str);
        let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = authorization.and_then(|value| value.strip_prefix("Bearer "));
        let refresh = REFRESH_POINTERS.iter().find_map(|pointer| text(pointer));
        let refresh = refresh.or_else(|| form.get("refresh_token")).or_else(|| form.get("token"));
        let sign_in = refresh
            .and_then(|token| find_by_refresh_token(service, token))
            .or_else(|| text("/AccessToken").or(bearer).and_then(|token| find_by_access_token(service, token)));
        let basic = authorization.and_then(read_basic_id);
        let named = [basic.as_deref(), text("/ClientId"), form.get("client_id"), query.get("client_id")];
        let named = named.into_iter().flatten().find(|id| service.find_client(id).is_some()).map(str::to_owned);
        Involved { client_id: named.or_else(|| find_client_of(service, sign_in.as_deref())), sign_in }
    }

    /// The user (`sub`) whose token the request brings.
    pub(super) fn user(&self, service: &Service) -> Option<String> {
        let id = self.sign_in.as_deref()?;
        let find = |state: &mut super::state::State| state.find_family(id).map(|family| family.sub.clone());
        service.pools.iter().find_map(|pool| pool.with_state(find))
    }

    /// With what the answer adds: the first tokens of a sign-in.
    pub(super) fn with_answer(self, service: &Service, answer: &[u8]) -> Involved {
        if self.sign_in.is_some() {
            return self;
        }
        let json: Value = serde_json::from_slice(answer).unwrap_or_default();
        let token = json.pointer("/access_token").or_else(|| json.pointer("/AuthenticationResult/AccessToken"));
        let sign_in = token.and_then(Value::as_str).and_then(|token| find_by_access_token(service, token));
        Involved { client_id: self.client_id.or_else(|| find_client_of(service, sign_in.as_deref())), sign_in }
    }
}

fn find_by_refresh_token(service: &Service, token: &str) -> Option<String> {
    service.pools.iter().find_map(|pool| pool.keys().refresh.open(token)).map(|claims| claims.origin_jti)
}

/// Only if there is such a sign-in: nobody has checked the signature.
fn find_by_access_token(service: &Service, token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Origin {
        origin_jti: String,
    }
    let Origin { origin_jti } = read_unverified_claims(token)?;
    find_client_of(service, Some(&origin_jti)).map(|_| origin_jti)
}

fn find_client_of(service: &Service, sign_in: Option<&str>) -> Option<String> {
    let id = sign_in?;
    let find = |state: &mut super::state::State| state.find_family(id).map(|family| family.client_id.clone());
    service.pools.iter().find_map(|pool| pool.with_state(find))
}

fn read_basic_id(authorization: &str) -> Option<String> {
    let decoded = STANDARD.decode(authorization.strip_prefix("Basic ")?).ok()?;
    Some(String::from_utf8(decoded).ok()?.split_once(':')?.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::issue::tests::{service_with_clock, sign_in};
    use super::*;

    #[test]
    fn tokens_lead_to_their_sign_in_and_its_client() {
        let (service, _) = service_with_clock();
        let pool = &service.pools[0];
        let (tokens, refresh_token) = sign_in(pool, "openid");
        let client_id = Some(pool.client().id.clone());
        let origin = pool.keys().refresh.open(&refresh_token).unwrap().origin_jti;
        let known = Involved { client_id: client_id.clone(), sign_in: Some(origin) };
        let of = |headers: &HeaderMap, query: &str, body: &Value| {
            Involved::of_request(&service, headers, query, body.to_string().as_bytes())
        };
        let none = HeaderMap::new();
        for body in [
            serde_json::json!({ "RefreshToken": refresh_token }),
            serde_json::json!({ "AuthParameters": { "REFRESH_TOKEN": refresh_token } }),
            serde_json::json!({ "AccessToken": tokens.access_token }),
        ] {
            assert_eq!(of(&none, "", &body), known, "{body:.30}");
        }
        let bearer = format!("Bearer {}", tokens.access_token).parse().unwrap();
        assert_eq!(of(&HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]), "", &Value::Null), known);
        let by_id = of(&none, &format!("client_id={}", pool.client().id), &Value::Null);
        assert_eq!(by_id, Involved { client_id, sign_in: None });
        assert_eq!(of(&none, "client_id=unknown", &Value::Null), Involved::default());
        let answer = serde_json::json!({ "access_token": tokens.access_token }).to_string();
        assert_eq!(Involved::default().with_answer(&service, answer.as_bytes()), known);
    }
}
