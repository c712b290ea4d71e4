//! Whole requests: any method, path, header and body, from somebody who is signed in and from somebody who is not.

use axum::body::{Body, to_bytes};
use http::{Method, Request, StatusCode, header::COOKIE, request::Builder};
use tower::ServiceExt;

use super::{APP, fuzzing};

/// What asks Cognito, which is never there: 503 is the truth.
const ASKS_COGNITO: [&str; 2] = ["/api/account/profile", "/api/account/user-info"];

/// No request is a server error, and none makes the server panic. The data is a request: method and target, a line for
/// each header, an empty line, and the body.
pub fn requests(data: &[u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
    let (head, body) = (&data[..end], data.get(end + 2..).unwrap_or_default());
    let mut lines = head.split(|byte| *byte == b'\n');
    let Some((method, target)) = lines.next().and_then(request_line) else { return };
    let headers: Vec<_> = lines.filter_map(header_line).collect();
    for is_signed_in in [false, true] {
        let mut request = Request::builder().method(method.clone()).uri(target);
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        if is_signed_in {
            request = request.header(COOKIE, fuzzing::signed_in(&APP.auth));
        }
        if let Some((path, status)) = answer(request, body) {
            let is_cognitos = status == StatusCode::SERVICE_UNAVAILABLE && ASKS_COGNITO.contains(&path.as_str());
            assert!(status.as_u16() < 500 || is_cognitos, "{status}: {}", String::from_utf8_lossy(data));
        }
    }
}

fn request_line(line: &[u8]) -> Option<(Method, &[u8])> {
    let space = line.iter().position(|byte| *byte == b' ')?;
    Some((Method::from_bytes(&line[..space]).ok()?, &line[space + 1..]))
}

fn header_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((&line[..colon], line[colon + 1..].trim_ascii()))
}

/// The path and the status of its answer, read to the end; nothing where no request can look like that.
fn answer(request: Builder, body: &[u8]) -> Option<(String, StatusCode)> {
    let request = request.body(Body::from(body.to_vec())).ok()?;
    let path = request.uri().path().to_owned();
    APP.runtime.block_on(async {
        let response = APP.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Some((path, status))
    })
}
