//! The program itself: what it says when it cannot start, each time with what to do.

use std::{
    net::TcpListener,
    process::{Command, Output},
};

/// Runs the program with these settings alone and waits for it to give up.
fn run(settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leptos-cognito"));
    let empty = std::env::temp_dir();
    command.arg("serve").current_dir(empty).env_clear().envs(settings.iter().copied());
    let Output { status, stderr, .. } = command.output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn a_taken_port_is_named_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let holder = TcpListener::bind(taken).unwrap();
    let addr = holder.local_addr().unwrap().to_string();
    let said = run(&[("LEPTOS_SITE_ADDR", &addr), ("LOCAL_COGNITO_DIR", "")]);
    assert!(said.contains(&addr) && said.contains("LEPTOS_SITE_ADDR"), "{said}");
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let said = run(&[("LEPTOS_SITE_ADDR", &free), ("LOCAL_COGNITO_ADDR", &addr), ("LOCAL_COGNITO_DIR", "")]);
    assert!(said.contains(&addr) && said.contains("LOCAL_COGNITO_ADDR"), "{said}");
}

#[test]
fn half_a_configuration_names_everything_that_is_missing() {
    let said = run(&[("COGNITO_CLIENT_ID", "abc")]);
    for name in ["COGNITO_ISSUER", "SESSION_SECRETS", "APP_URL"] {
        assert!(said.contains(name), "{name} is missing in: {said}");
    }
}

#[test]
fn weak_secrets_are_refused() {
    let complete = [
        ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC"),
        ("COGNITO_CLIENT_ID", "abc"),
        ("APP_URL", "https://app.example.com"),
    ];
    for secret in ["tiny", "change-me-change-me-change-me-change-me-change-me-"] {
        let said = run(&[&complete[..], &[("SESSION_SECRETS", secret)]].concat());
        assert!(said.contains("SESSION_SECRETS") && said.contains("openssl rand"), "{said}");
        assert!(!said.contains(secret) || secret == "tiny", "the secret is not shown: {said}");
    }
}

#[test]
fn production_needs_a_user_pool() {
    let said = run(&[("LEPTOS_ENV", "PROD")]);
    assert!(said.contains("COGNITO_ISSUER"), "{said}");
}
