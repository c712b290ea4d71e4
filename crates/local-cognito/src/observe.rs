//! The layer around all handlers: names the request, lets it fail if a test ordered that, and records the answer.

use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::connection::{Cutter, wait_for_stop};
use super::error_type::ErrorType;
use super::exchange::{read_answer, read_request};
use super::faults::Fault;
use super::involved::Involved;
use super::json_api::target::read_target;
use super::params::Params;
use super::record::{Answer, Arrival, OPERATIONS};
use super::redact::redact_text;
use super::service::Service;

/// No request of Cognito's is near this size; longer bodies get 413.
pub(super) const MAX_BODY_BYTES: usize = 64 * 1024;

/// The layer itself.
pub(super) async fn observe(
    State(service): State<Arc<Service>>,
    ConnectInfo(connection): ConnectInfo<Cutter>,
    request: Request,
    next: Next,
) -> Response {
    let json_api = request.uri().path() == "/";
    let watched = match watch(&service, request).await {
        Ok(watched) => watched,
        Err(too_long) => return too_long,
    };
    let Watched { operation, number, involved, request } = watched;
    let started = Instant::now();
    let user = involved.user(&service);
    let response = match service.faults.take(&operation, user.as_deref()) {
        None => next.run(request).await,
        Some(Fault::Drop) => {
            connection.cut();
            // Never arrives, and is recorded as no answer.
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Some(fault) => match fault.to_response(json_api) {
            Some(response) => response,
            None => {
                hang(&service, fault).await;
                next.run(request).await
            }
        },
    };
    let took_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let error = response.extensions().get::<ErrorType>().map(|error| error.0).unwrap_or_default().to_owned();
    let (answer, body, response) = read_answer(response).await;
    let involved = involved.with_answer(&service, &body);
    let status = response.status().as_u16();
    service.records.finish(number, Answer { status, error, took_ms, involved, answer });
    response
}

/// A request that is in the record now, and goes on.
struct Watched {
    operation: String,
    number: u64,
    involved: Involved,
    request: Request,
}

/// Reads the body, notes what the request is about, and puts the body back.
async fn watch(service: &Service, request: Request) -> Result<Watched, Response> {
    let (operation, request) = name_operation(request).await?;
    let (parts, body) = request.into_parts();
    let read = to_bytes(body, MAX_BODY_BYTES).await;
    let body = read.as_ref().cloned().unwrap_or_default();
    let involved = Involved::of_request(service, &parts.headers, parts.uri.query().unwrap_or_default(), &body);
    let number = service.records.begin(Arrival {
        operation: operation.clone(),
        at: service.now(),
        method: parts.method.to_string(),
        path: redact_text(parts.uri.path()),
        involved: involved.clone(),
        request: read_request(&parts, &body),
    });
    if read.is_err() {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        service.records.finish(number, Answer { status: status.as_u16(), ..Answer::default() });
        return Err(status.into_response());
    }
    Ok(Watched { operation, number, involved, request: Request::from_parts(parts, Body::from(body)) })
}

async fn hang(service: &Service, fault: Fault) {
    let Fault::Hang(duration) = fault else { return };
    tokio::select! {
        () = tokio::time::sleep(duration) => {}
        () = wait_for_stop(service.stop_signal()) => {}
    }
}

/// The names that `RequestRecord` documents. The grant of a token request is in its body, which is why that one is
/// read here and put back.
async fn name_operation(request: Request) -> Result<(String, Request), Response> {
    if request.method() == Method::OPTIONS {
        return Ok(("preflight".to_owned(), request));
    }
    let name = match request.uri().path() {
        "/" => read_target(request.headers()).and_then(find_known).unwrap_or("unknown"),
        "/oauth2/token" => return name_grant(request).await,
        "/oauth2/authorize" => "authorize",
        "/oauth2/userInfo" => "userInfo",
        "/oauth2/revoke" => "revoke",
        "/login" => "login",
        "/signup" => "signup",
        "/confirm" => "confirm",
        "/resendcode" => "resendcode",
        "/forgotPassword" => "forgotPassword",
        "/confirmforgotPassword" => "confirmforgotPassword",
        "/newPassword" => "newPassword",
        "/logout" => "logout",
        path if path.ends_with("/.well-known/openid-configuration") => "discovery",
        path if path.ends_with("/.well-known/jwks.json") => "jwks",
        _ => "unknown",
    };
    Ok((name.to_owned(), request))
}

async fn name_grant(request: Request) -> Result<(String, Request), Response> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
    let form = Params::of_form(&parts.headers, &body);
    let name = form.get("grant_type").and_then(|grant_type| find_known(&format!("token:{grant_type}")));
    Ok((name.unwrap_or("token:unknown").to_owned(), Request::from_parts(parts, Body::from(body))))
}

/// Only names that there are stand in the record: another may be anything, a secret in the wrong place too.
fn find_known(name: &str) -> Option<&'static str> {
    OPERATIONS.into_iter().find(|known| *known == name)
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    async fn name(method: &str, path: &str, target: Option<&str>, body: &str) -> String {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(target) = target {
            request = request.header("x-amz-target", target);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let (name, request) = name_operation(request).await.unwrap();
        assert_eq!(to_bytes(request.into_body(), 1000).await.unwrap(), body, "the body is still there");
        name
    }

    #[tokio::test]
    async fn requests_are_named_by_operation() {
        let service = |operation: &str| Some(format!("AWSCognitoIdentityProviderService.{operation}"));
        for (method, path, target, body, expected) in [
            ("POST", "/", service("InitiateAuth"), "{}", "InitiateAuth"),
            ("POST", "/", service("<script>"), "{}", "unknown"),
            ("POST", "/", None, "{}", "unknown"),
            ("OPTIONS", "/", None, "", "preflight"),
            ("POST", "/oauth2/token", None, "code=1&grant_type=refresh_token", "token:refresh_token"),
            ("POST", "/oauth2/token", None, "", "token:unknown"),
            ("GET", "/oauth2/authorize?client_id=x", None, "", "authorize"),
            ("POST", "/login?x=y", None, "", "login"),
            ("GET", "/confirmforgotPassword?x=y", None, "", "confirmforgotPassword"),
            ("OPTIONS", "/oauth2/token", None, "", "preflight"),
            ("GET", "/us-east-1_LocalPool/.well-known/jwks.json", None, "", "jwks"),
            ("GET", "/us-east-1_LocalPool/.well-known/openid-configuration", None, "", "discovery"),
            ("GET", "/favicon.ico", None, "", "unknown"),
        ] {
            assert_eq!(name(method, path, target.as_deref(), body).await, expected, "{path}");
        }
    }

    #[tokio::test]
    async fn an_endless_token_request_is_cut_off() {
        let body = Body::from(vec![b'a'; MAX_BODY_BYTES + 1]);
        let request = Request::builder().method("POST").uri("/oauth2/token").body(body).unwrap();
        assert_eq!(name_operation(request).await.unwrap_err().status(), 413);
    }
}
