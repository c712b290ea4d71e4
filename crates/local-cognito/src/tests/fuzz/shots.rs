//! What the fuzzer sends.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::super::record::OPERATIONS;
use super::super::CALLBACK;

const PATHS: &[&str] = &[
    "/",
    "/oauth2/authorize",
    "/oauth2/token",
    "/oauth2/revoke",
    "/oauth2/userInfo",
    "/login",
    "/logout",
    "/signup",
    "/confirm",
    "/resendcode",
    "/forgotPassword",
    "/confirmforgotPassword",
    "/newPassword",
    "/us-east-1_LocalPool/.well-known/openid-configuration",
    "/us-east-1_LocalPool/.well-known/jwks.json",
    "/%2e%2e/%00/.well-known/jwks.json",
    "/no/such/path",
    "/_console",
    "/_console/requests",
    "/_console/sign-ins/no-such-sign-in",
    "/_control/state",
    "/_control/faults",
    "/_control/users",
];

/// Names that some operation or endpoint knows, so that random values reach beyond the first check.
const MEMBERS: &[&str] = &[
    "AuthFlow",
    "ClientId",
    "ClientSecret",
    "AuthParameters",
    "RefreshToken",
    "Token",
    "AccessToken",
    "UserPoolId",
    "Username",
    "Password",
    "ConfirmationCode",
    "UserAttributes",
    "GroupName",
    "Limit",
    "Filter",
    "Permanent",
    "USERNAME",
    "PASSWORD",
    "REFRESH_TOKEN",
    "SECRET_HASH",
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "lang",
    "grant_type",
    "code",
    "code_verifier",
    "refresh_token",
    "client_secret",
    "token",
];

/// A value to send, of which `$client`, `$secret`, `$refresh` and `$access` become real ones.
fn value() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "$client",
        "$secret",
        "$refresh",
        "$access",
        "$pool",
        "REFRESH_TOKEN_AUTH",
        "USER_PASSWORD_AUTH",
        "code",
        "refresh_token",
        "authorization_code",
        "client_credentials",
        "openid",
        "S256",
        "none",
        CALLBACK,
        "demo@example.com",
        "Demo-Passw0rd",
        "",
        "true",
        "null",
        "email = \"",
        "%00%ff%",
        "🦀",
    ];
    prop_oneof![4 => select(KNOWN).prop_map(str::to_owned), 2 => ".{0,40}", 1 => "[a-z]{2000,4000}"]
}

fn json_body() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => value().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(select(MEMBERS), inner, 0..6).prop_map(|members| json!(members)),
        ]
    })
}

fn form_body() -> impl Strategy<Value = String> {
    prop::collection::vec((select(MEMBERS), value()), 0..10)
        .prop_map(|fields| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

#[derive(Clone, Debug)]
pub(super) struct Shot {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

/// Wild ones, and such as get through to an operation or a grant.
pub(super) fn shot() -> impl Strategy<Value = Shot> {
    prop_oneof![3 => wild_shot(), 4 => api_shot(), 2 => form_shot()]
}

fn target() -> impl Strategy<Value = String> {
    let operations = OPERATIONS.iter().map(|name| format!("AWSCognitoIdentityProviderService.{name}"));
    select(operations.collect::<Vec<_>>())
}

/// An operation with members it may know, at the top where it looks for them.
fn api_shot() -> impl Strategy<Value = Shot> {
    let member = prop_oneof![6 => value().prop_map(Value::from), 2 => json_body()];
    let members = prop::collection::hash_map(select(MEMBERS), member, 3..14);
    (target(), members).prop_map(|(target, members)| Shot {
        method: "POST",
        path: "/",
        query: Vec::new(),
        headers: vec![("x-amz-target", target), ("content-type", "application/x-amz-json-1.1".to_owned())],
        body: json!(members).to_string(),
    })
}

/// A form for an endpoint that takes one, from a client that proved itself.
fn form_shot() -> impl Strategy<Value = Shot> {
    const TAKERS: &[&str] =
        &["/oauth2/token", "/oauth2/token", "/oauth2/revoke", "/login", "/signup", "/confirm", "/forgotPassword"];
    (select(TAKERS), form_body()).prop_map(|(path, body)| {
        let known = [("client_id", "$client"), ("response_type", "code"), ("redirect_uri", CALLBACK)];
        Shot {
            method: "POST",
            path,
            query: known.map(|(name, value)| (name, value.to_owned())).to_vec(),
            headers: vec![
                ("authorization", "Basic $basic".to_owned()),
                ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ],
            body,
        }
    })
}

fn wild_shot() -> impl Strategy<Value = Shot> {
    const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"];
    const KINDS: &[&str] = &["application/x-amz-json-1.1", "application/x-www-form-urlencoded", "text/plain", ""];
    let target = prop_oneof![6 => target(), 1 => "[ -~]{0,40}"];
    let authorization = prop_oneof![Just("Basic $basic".to_owned()), Just("Bearer $access".to_owned()), "[ -~]{0,60}"];
    let headers = (
        prop::option::weighted(0.8, target.prop_map(|target| ("x-amz-target", target))),
        prop::option::weighted(0.8, select(KINDS).prop_map(|kind| ("content-type", kind.to_owned()))),
        prop::option::weighted(0.3, authorization.prop_map(|value| ("authorization", value))),
        prop::option::weighted(0.2, "[ -~]{0,40}".prop_map(|value| ("origin", value))),
        prop::option::weighted(0.3, "[ -~]{0,80}".prop_map(|value| ("cookie", value))),
    );
    let headers = headers.prop_map(|(a, b, c, d, e)| [a, b, c, d, e].into_iter().flatten().collect());
    let query = prop::collection::vec((select(MEMBERS), value()), 0..8);
    let body = prop_oneof![
        4 => json_body().prop_map(|body| body.to_string()),
        4 => form_body(),
        2 => ".{0,200}",
        1 => Just("[".repeat(20_000)),
    ];
    (select(METHODS), select(PATHS), query, headers, body).prop_map(|(method, path, query, headers, body)| Shot {
        method,
        path,
        query,
        headers,
        body,
    })
}
