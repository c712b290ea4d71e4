//! What has to hold for any request that a stranger sends through the whole router: never a 5xx, nothing of it in the
//! answer. Properties for the fuzz targets (folder `fuzz`) and for the tests below; `auth::server::fuzzing` has those that
//! need no router. No part of the program.
#![allow(clippy::unwrap_used, reason = "what fails here has failed the property")]

mod requests;
mod settings;
#[cfg(test)]
mod tests;

pub use requests::requests;
pub use settings::settings;

use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{
    HeaderMap, Method, Request, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE},
};
use leptos::{config::LeptosOptions, server_fn::axum::server_fn_paths};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;
use url::form_urlencoded;

use super::{
    limits::Limits,
    router::{access, build},
};
use leptos_cognito::{
    AuthErrorCode, CALLBACK, SIGN_IN_FAILED,
    server::{Auth, AuthConfig, Clock, fuzzing},
};

/// Stands in every request, and must not in any answer.
const MARK: &str = "m4rk3r";
/// What is asked for: as a browser sends a form by itself, and as a script calls.
const ACCEPTED: [&str; 2] = ["text/html", "application/json"];

/// The paths of all server functions, in the order of the alphabet.
static SERVER_FUNCTIONS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut paths: Vec<_> = server_fn_paths().map(|(path, _)| path).collect();
    paths.sort_unstable();
    paths
});

/// The app, with a user pool that is never there.
struct App {
    runtime: Runtime,
    auth: Auth,
    router: Router,
}

static APP: LazyLock<App> = LazyLock::new(|| {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let config = AuthConfig::from_lookup(|name| match name {
        "APP_URL" => Some("http://localhost:3000".to_owned()),
        "SESSION_SECRETS" => Some(fuzzing::SECRET.to_owned()),
        "COGNITO_ISSUER" => Some("http://127.0.0.1:1/eu-central-1_AbC".to_owned()),
        "COGNITO_CLIENT_ID" => Some("client".to_owned()),
        _ => None,
    });
    let (auth, router) = runtime.block_on(async {
        let auth = Auth::new(config.unwrap(), access().unwrap(), Clock::system()).await.unwrap();
        let options = LeptosOptions::builder().output_name("leptos-cognito").site_root("public").build();
        let router = build(options, &auth, Limits::default(), None);
        (auth, router)
    });
    App { runtime, auth, router }
});

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(LOCATION).and_then(|location| location.to_str().ok()).unwrap_or_default()
    }
}

/// Asks for `path?query`; nothing where no request can look like that. Asserts what holds for every answer.
fn ask(method: Method, target: &str, cookies: &str, body: Vec<u8>) -> Option<Answer> {
    ask_for(ACCEPTED[0], method, target, cookies, body)
}

fn ask_for(accept: &str, method: Method, target: &str, cookies: &str, body: Vec<u8>) -> Option<Answer> {
    let request = Request::builder().method(method).uri(target).header("sec-fetch-site", "same-origin");
    let request = request.header(ACCEPT, accept).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.header(COOKIE, cookies).body(Body::from(body)).ok()?;
    let (parts, body) = APP.runtime.block_on(async {
        let (parts, body) = APP.router.clone().oneshot(request).await.unwrap().into_parts();
        (parts, to_bytes(body, usize::MAX).await.unwrap())
    });
    let answer =
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() };
    assert!(answer.status.as_u16() < 500, "{target}: {} {}", answer.status, answer.body);
    assert!(!without_sign_in_links(&answer.body).contains(MARK), "{target}: {}", answer.body);
    assert!(!format!("{:?}", answer.headers).contains(MARK), "{target}: {:?}", answer.headers);
    Some(answer)
}

/// A page's links to the sign-in hand on where it is, percent-encoded: a text that means nothing in HTML.
fn without_sign_in_links(body: &str) -> String {
    let is_harmless = |c: char| c.is_ascii_alphanumeric() || "%-_.~".contains(c);
    let parts = body.split("?return_to=").enumerate();
    parts.map(|(index, part)| if index == 0 { part } else { part.trim_start_matches(is_harmless) }).collect()
}

/// What may stand in a query as it is; the rest is percent-encoded. Percent signs stay: not all of them mean something.
fn query(data: &[u8]) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"&=%+-._~!$'()*,;:@/?[]".contains(byte);
    let encode = |byte: &u8| if is_plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    data.iter().map(encode).collect()
}

fn is_marked(data: &[u8]) -> bool {
    String::from_utf8_lossy(data).contains(MARK)
}

/// B8: whatever Cognito, or somebody in its name, answers to a sign-in leads to the page for failed sign-ins with one of
/// the known codes; to a sign-in under way, too. No session is set. The data is the query.
pub fn callbacks(data: &[u8]) {
    static SIGN_INS: AtomicU64 = AtomicU64::new(0);
    if is_marked(data) {
        return;
    }
    let state = format!("state{}", SIGN_INS.fetch_add(1, Ordering::Relaxed));
    let begun = fuzzing::begun_sign_in(&APP.auth, &state);
    for (start, cookies) in [(format!("code={MARK}"), ""), (format!("state={state}"), begun.as_str())] {
        let target = format!("{CALLBACK}?{start}&{}&x={MARK}", query(data));
        let Some(answer) = ask(Method::GET, &target, cookies, Vec::new()) else { continue };
        assert_eq!(answer.status, StatusCode::FOUND, "{target}");
        assert!(["", "null"].contains(&answer.body.as_str()), "{target}: {}", answer.body);
        assert_leads_to_failure(answer.location(), &["/", "/account?tab=1"]);
        for set in answer.headers.get_all(SET_COOKIE) {
            let set = set.to_str().unwrap();
            assert!(set.contains("Max-Age=0") || set.starts_with("sign-in-3000."), "{set:?}");
        }
    }
}

/// The page for failed sign-ins, with a known code, one of these return paths, and a reference.
fn assert_leads_to_failure(location: &str, return_paths: &[&str]) {
    let query = location.strip_prefix(SIGN_IN_FAILED).and_then(|rest| rest.strip_prefix('?'));
    for (name, value) in form_urlencoded::parse(query.unwrap_or_else(|| panic!("{location:?}")).as_bytes()) {
        let is_known = match &*name {
            "error" => AuthErrorCode::ALL.iter().any(|error| error.as_str() == value),
            "return_to" => return_paths.contains(&&*value),
            "ref" => value.len() == 8,
            _ => false,
        };
        assert!(is_known, "{location}");
    }
}

/// Forms and queries of every server function. The first byte says which, and whether as a form or as a query; the rest
/// is the form.
pub fn forms(data: &[u8]) {
    let Some((choice, form)) = data.split_first().filter(|_| !is_marked(data)) else { return };
    let path = SERVER_FUNCTIONS[usize::from(choice & 0x7f) % SERVER_FUNCTIONS.len()];
    for accept in ACCEPTED {
        if choice & 0x80 == 0 {
            let form = [form, b"&x=", MARK.as_bytes(), b"&", MARK.as_bytes(), b"=x"].concat();
            ask_for(accept, Method::POST, path, "", form);
        } else {
            ask_for(accept, Method::GET, &format!("{path}?{}&x={MARK}&{MARK}=x", query(form)), "", Vec::new());
        }
    }
}

/// B8: the page for a failed sign-in shows fixed sentences, whatever stands in its query.
pub fn failures(data: &[u8]) {
    if is_marked(data) {
        return;
    }
    for more in ["error=", "ref=%3Cb%3E", "message=", "%3Cscript%3E"] {
        let target = format!("{SIGN_IN_FAILED}?{}&{more}{MARK}", query(data));
        let Some(answer) = ask(Method::GET, &target, "", Vec::new()) else { continue };
        assert_eq!(answer.status, StatusCode::OK, "{target}");
        assert!(AuthErrorCode::ALL.iter().any(|error| answer.body.contains(&error.to_string())), "{}", answer.body);
    }
}
