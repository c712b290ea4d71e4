//! The program itself: what it says when it cannot start, each time with what to do.

use std::{
    net::TcpListener,
    process::{Command, Output},
};

/// Runs the program with these settings alone and waits for it to give up.
fn run(settings: &[(&str, &str)]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leptos-cognito-app"));
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

/// A configuration with nothing wrong but the address to listen on, which is taken: whoever gets past the configuration
/// says so instead of serving.
fn run_complete(holder: &TcpListener, settings: &[(&str, &str)]) -> String {
    let addr = holder.local_addr().unwrap().to_string();
    let complete = [
        ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC"),
        ("COGNITO_CLIENT_ID", "abc"),
        ("APP_URL", "https://app.example.com"),
        ("LEPTOS_SITE_ADDR", &addr),
    ];
    run(&[&complete[..], settings].concat())
}

/// As `openssl rand -base64 32` makes it: 256 bits.
const GOOD_SECRET: &str = "q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rSNq0mXvYt6Ro=";

#[test]
fn b23_the_program_does_not_start_on_a_short_missing_or_example_secret() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let bits_248 = &GOOD_SECRET[..42];
    let second_is_short = format!("{GOOD_SECRET},{bits_248}");
    for (secrets, why) in [
        ("", "SESSION_SECRETS is not set"),
        (" , ,", "SESSION_SECRETS is empty"),
        ("tiny-5", "is shorter than 43 characters"),
        (bits_248, "is shorter than 43 characters"),
        (&second_is_short, "secret 2 is shorter than 43 characters"),
        (&"a".repeat(64), "repeats a few characters"),
        (&"0123456789".repeat(7), "repeats a few characters"),
        ("change-me-change-me-change-me-change-me-change-me-", "is an example"),
        ("Example-of-a-secret-that-is-quite-long-enough-1234", "is an example"),
        ("your-secret-here-your-secret-here-your-secret-here", "is an example"),
        ("replace-this-by-the-output-of-openssl-rand-base64", "is an example"),
    ] {
        let said = run_complete(&holder, &[("SESSION_SECRETS", secrets)]);
        assert!(
            said.contains("SESSION_SECRETS") && said.contains(why) && !said.contains("cannot listen"),
            "{why}: {said}"
        );
        assert!(secrets.len() < 5 || !said.contains(secrets), "the secret is not shown: {said}");
        assert!(why.contains("not set") || said.contains("openssl rand -base64 32"), "what to do is said: {said}");
    }
    let documented = include_str!("../../.env.example");
    assert!(documented.lines().any(|line| line == "SESSION_SECRETS="), "the documentation has none to be copied");
    for good in
        [GOOD_SECRET.to_owned(), GOOD_SECRET[..43].to_owned(), format!("{GOOD_SECRET},{}", GOOD_SECRET.to_lowercase())]
    {
        let said = run_complete(&holder, &[("SESSION_SECRETS", &good)]);
        assert!(said.contains("cannot listen on"), "a good one is taken: {said}");
    }
}

#[test]
fn b44_the_program_does_not_start_on_an_upstream_that_is_no_origin() {
    let holder = TcpListener::bind("127.0.0.1:0").unwrap();
    let secret = ("SESSION_SECRETS", GOOD_SECRET);
    let origins = "https://api.example.com,http://api.example.com,https://api.example.com/v1";
    let said = run_complete(&holder, &[secret, ("UPSTREAM_ORIGINS", origins), ("SESSION_IDLE_SECS", "x")]);
    assert!(
        said.contains("3 problem(s)") && said.contains("origin 2 must be https") && said.contains("origin 3"),
        "{said}"
    );
    let said = run_complete(&holder, &[secret, ("UPSTREAM_ORIGINS", "https://api.example.com, http://localhost:8080")]);
    assert!(said.contains("cannot listen on"), "{said}");
}

#[test]
fn production_needs_a_user_pool() {
    let said = run(&[("LEPTOS_ENV", "PROD")]);
    assert!(said.contains("COGNITO_ISSUER"), "{said}");
}
