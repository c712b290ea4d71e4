//! The properties, over the seeds of the fuzz targets and over input that is random but looks like the real one.

use std::{fs, path::Path};

use proptest::prelude::*;

use leptos::server_fn::axum::server_fn_paths;

use super::{callbacks, failures, forms, requests, settings};

#[test]
fn every_seed_keeps_its_property() {
    let targets = [
        ("callbacks", callbacks as fn(&[u8])),
        ("forms", forms),
        ("failures", failures),
        ("requests", requests),
        ("settings", settings),
    ];
    for (target, property) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
        let seeds: Vec<_> = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path())).collect();
        assert!(!seeds.is_empty(), "{target} has no seeds");
        seeds.into_iter().for_each(|seed| property(&seed.unwrap()));
    }
}

/// Pairs with the names that mean something, twice or nested or cut off, and values of all kinds.
fn form() -> impl Strategy<Value = String> {
    let name =
        prop_oneof!["code|state|error|iss|error_description|return_to|by_itself|ref|message", "[a-z\\[\\]%]{0,6}",];
    let value = prop_oneof![
        "access_denied|invalid_scope|login_required|true|signed_out|configuration|/account|//evil.example",
        "(%[0-9a-fA-F]{0,2}|[ -~]){0,20}",
        "\\PC{0,10}",
    ];
    let pair = (name, prop_oneof![Just("="), Just(""), Just("[]="), Just("[a]=")], value);
    prop::collection::vec(pair.prop_map(|(name, is, value)| format!("{name}{is}{value}")), 0..6)
        .prop_map(|pairs| pairs.join("&"))
}

proptest! {
    #[test]
    fn b08_no_answer_to_a_sign_in_is_a_server_error_or_comes_back(query in form()) {
        callbacks(query.as_bytes());
    }

    #[test]
    fn b08_the_page_for_a_failed_sign_in_shows_nothing_of_its_query(query in form()) {
        failures(query.as_bytes());
    }

    #[test]
    fn no_form_of_a_server_function_is_a_server_error_or_comes_back(choice in any::<u8>(), form in form()) {
        forms(&[&[choice], form.as_bytes()].concat());
    }
}

/// Every server function's path, every page's, a file's, and what looks like one of them.
fn target() -> impl Strategy<Value = String> {
    let pages = ["/", "/account", "/notes", "/admin", "/sign-in-failed", "/not-allowed", "/signed-in", "/favicon.svg"];
    let known: Vec<String> = server_fn_paths().map(|(path, _)| path).chain(pages).map(str::to_owned).collect();
    let more = "(/|//|%00|%2f|%5c|%61|/[.][.]|%2e%2e|[\\\\|^`{}]|[!-~]){0,4}";
    let query = "([?](code|state|error|iss|return_to|by_itself|theme|note|person)(=|\\[\\]=)?[!-~]{0,10})?";
    let long = prop_oneof![9 => Just(String::new()), 1 => "[a-z]{250,3000}"];
    let paths = (proptest::sample::select(known), more, long, query);
    let paths = paths.prop_map(|(path, more, long, query)| format!("{path}{more}{long}{query}"));
    prop_oneof![20 => paths, 1 => "[*]|evil[.]example(:443)?|http://evil[.]example(/account)?"]
}

fn header() -> impl Strategy<Value = Vec<u8>> {
    let names = [
        "accept",
        "accept-encoding",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "islands-router",
        "origin",
        "purpose",
        "range",
        "referer",
        "sec-fetch-site",
        "sec-purpose",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "x-request-id",
    ];
    let values = prop_oneof![
        proptest::sample::select(vec![
            "text/html",
            "application/json",
            "*/*",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/cbor",
            "text/plain; charset=utf-16",
            "same-origin",
            "none",
            "gzip",
            "bytes=0-",
            "bytes=9-1",
            "bytes=-99999999999999999999",
            "Thu, 01 Jan 1970 00:00:00 GMT",
            "http://localhost:3000/",
            "http://localhost:3000/notes?__err=x",
            "http://localhost:3000",
            "session=2~x; session.1=y",
            "-1",
            "99999999999999999999",
            "100-continue",
            "websocket",
        ])
        .prop_map(|value| value.as_bytes().to_vec()),
        "[ -~]{0,30}".prop_map(String::into_bytes),
        prop::collection::vec(128_u8.., 0..10),
    ];
    (proptest::sample::select(names.to_vec()), values)
        .prop_map(|(name, value)| [name.as_bytes(), b": ", &value].concat())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        form().prop_map(String::into_bytes),
        "(note|person|theme|%)=[!-~]{0,20}(&person=sub)?".prop_map(String::into_bytes),
        "[\\[{\"a-z:,]{0,20}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..60),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_request_is_a_server_error(
        method in proptest::sample::select(vec!["GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "X"]),
        target in target(),
        headers in prop::collection::vec(header(), 0..5),
        body in body(),
    ) {
        let head = [method.as_bytes(), b" ", target.as_bytes()].concat();
        let head = headers.into_iter().fold(head, |head, line| [&head[..], b"\n", &line].concat());
        requests(&[&head[..], b"\n\n", &body].concat());
    }
}

/// A setting with a value that is likely to be wrong.
fn setting() -> impl Strategy<Value = String> {
    let names = vec![
        "APP_URL",
        "SESSION_SECRETS",
        "SESSION_IDLE_SECS",
        "SESSION_ABSOLUTE_SECS",
        "SESSION_REFRESH_ENTRIES",
        "UPSTREAM_ORIGINS",
        "COGNITO_ISSUER",
        "COGNITO_CLIENT_ID",
        "COGNITO_CLIENT_SECRET",
        "COGNITO_DOMAIN",
        "COGNITO_SCOPES",
        "COGNITO_REFRESH",
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
        "LEPTOS_SITE_ADDR",
        "LEPTOS_RELOAD_PORT",
        "MAX_CONNECTIONS",
    ];
    let url = "https?:(//|/|)([a-z0-9.-]{0,10}|\\[::1\\]|127[.]0[.]0[.]1|localhost|u:p@x)(:[0-9]{0,6})?(/[!-~]{0,12}|\\PC{0,6})(_[A-Za-z]{1,4})?";
    let value = prop_oneof![url, "-?[0-9]{1,30}", "[ -~]{0,80}", "\\PC{0,20}"];
    (proptest::sample::select(names), value).prop_map(|(name, value)| format!("{name}={value}"))
}

proptest! {
    #[test]
    fn no_setting_makes_the_program_panic(settings in prop::collection::vec(setting(), 1..4)) {
        super::settings(settings.join("\n").as_bytes());
    }
}
