//! What lets a page call the JSON API from a browser, as Amplify does: Cognito answers any origin. Set as a layer on
//! all routes, as an answer may come from a fault.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

const ANY: HeaderValue = HeaderValue::from_static("*");
const EXPOSED: HeaderValue = HeaderValue::from_static("x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
/// Two days.
const MAX_AGE_SECS: HeaderValue = HeaderValue::from_static("172800");

/// The layer. What has no request id is no answer of the API (a fault that plays a firewall) and stays closed.
pub(in super::super) async fn open_to_pages(request: Request, next: Next) -> Response {
    let from_page = request.uri().path() == "/" && request.headers().contains_key(header::ORIGIN);
    let asked_headers = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let preflight = request.method() == Method::OPTIONS;
    let mut response = next.run(request).await;
    if from_page && response.headers().contains_key(super::api_error::REQUEST_ID) {
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: HeaderValue| drop(headers.insert(name, value));
        set(header::ACCESS_CONTROL_ALLOW_ORIGIN, ANY);
        set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        if preflight {
            set(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("POST"));
            set(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECS);
            if let Some(asked) = asked_headers {
                set(header::ACCESS_CONTROL_ALLOW_HEADERS, asked);
            }
        }
    }
    response
}

/// The answer to a preflight, whose headers the layer adds.
pub(in super::super) async fn answer_preflight() -> (StatusCode, [(HeaderName, String); 2]) {
    (StatusCode::OK, super::api_error::api_headers())
}
