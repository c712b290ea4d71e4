//! What each setting may hold.

use super::{SECRET, is_taken, run};

/// None of these is taken, and each is told by its name.
#[test]
fn every_value_is_held_to_what_it_may_hold() {
    let long = |length: usize| "a".repeat(length);
    let scopes = (0..51).map(|index| format!("s{index}")).collect::<Vec<_>>().join(" ");
    for (name, values) in [
        ("COGNITO_CLIENT_ID", vec!["a b", "a-b", "client\u{e9}", &long(129)]),
        ("COGNITO_CLIENT_SECRET", vec!["hush hush", "hush$hush", "hush/hush=", &long(65)]),
        (
            "COGNITO_ISSUER",
            vec![
                "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC?x=1",
                "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC#x",
                "https://user:hush@cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC",
                "https://cognito-idp.eu-central-1.amazonaws.com/x/eu-central-1_AbC",
                "https://cognito-idp.eu-central-1.amazonaws.com//eu-central-1_AbC",
                "https://cognito-idp.eu-central-1.amazonaws.com/eu%20central-1_AbC",
                "https://Cognito-IDP.eu-central-1.amazonaws.com/eu-central-1_AbC",
                "https://cognito-idp.eu-central-1.amazonaws.com:443/eu-central-1_AbC",
                &format!("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_{}", long(55)),
            ],
        ),
        (
            "COGNITO_DOMAIN",
            vec![
                "https://demo.auth.eu-central-1.amazoncognito.com/oauth2/authorize",
                "https://demo.auth.eu-central-1.amazoncognito.com?x=1",
                "https://user:hush@demo.auth.eu-central-1.amazoncognito.com",
            ],
        ),
        (
            "COGNITO_SCOPES",
            vec![
                "openid \"email\"",
                "openid em\u{e4}il",
                "openid a\\b",
                &format!("openid {}", long(257)),
                &format!("openid {scopes}"),
            ],
        ),
        (
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            vec!["https://vpce.example.com?x=1", "https://vpce.example.com#x", "https://u:hush@vpce.example.com"],
        ),
        (
            "APP_URL",
            vec!["https://app.example.com?x", "https://user:hush@app.example.com", "http://localhost.example.com"],
        ),
        ("LEPTOS_SITE_ADDR", vec!["localhost:3000", "3000", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:99999"]),
        ("LEPTOS_SITE_ROOT", vec!["target/\u{7}site"]),
        ("LEPTOS_SITE_PKG_DIR", vec!["/pkg", "../pkg", "p kg", "pkg/"]),
        ("LEPTOS_OUTPUT_NAME", vec!["a/b", "a b", ".."]),
        ("LEPTOS_HASH_FILES", vec!["yes", "1", "on", "truee"]),
        ("LEPTOS_RELOAD_PORT", vec!["abc", "0", "65536", "-1"]),
        ("LEPTOS_ENV", vec!["live"]),
        ("MAX_CONNECTIONS", vec!["0", "-1", "many", "1000001", "18446744073709551615"]),
        ("RUST_LOG", vec!["leptos_cognito=loud", "=", "debgu"]),
        (
            "SESSION_SECRETS",
            vec![
                "hush-hush q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rSNq0mXvYt6Ro",
                "q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rSNq0mXvY\u{fc}t6Ro",
                &SECRET.repeat(20),
            ],
        ),
        ("SESSION_IDLE_SECS", vec!["299", "7d", "1.5", "315360001", "18446744073709551616"]),
        ("SESSION_ABSOLUTE_SECS", vec!["0", "315360001", "9999999999999"]),
        ("SESSION_REFRESH_ENTRIES", vec!["99", "10000001", "x"]),
        ("UPSTREAM_ORIGINS", vec!["https://api.example.com/x"]),
    ] {
        for value in values {
            let said = run(&[(name, value)]);
            let line = said.lines().find(|line| line.contains("- ") && line.contains(name)).unwrap_or_default();
            assert!(said.contains("1 problem(s)") && !line.is_empty(), "{name}={value}: {said}");
            assert!(!said.contains("hush") && !said.contains(SECRET), "{name}={value}: {said}");
        }
    }
}

#[test]
fn what_is_good_is_taken() {
    for (name, value) in [
        ("COGNITO_CLIENT_ID", "1h57kf5cpq17m0eml12EXAMPLE"),
        ("COGNITO_CLIENT_SECRET", "0_9aAzZ+0123456789"),
        ("COGNITO_DOMAIN", "demo.auth.eu-central-1.amazoncognito.com"),
        ("COGNITO_DOMAIN", "https://demo.auth.eu-central-1.amazoncognito.com/"),
        ("COGNITO_SCOPES", "openid,email  https://api.example.com/orders.read"),
        (
            "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER",
            "https://vpce-1.cognito-idp.eu-central-1.vpce.amazonaws.com/stage/",
        ),
        ("LEPTOS_HASH_FILES", "FALSE"),
        ("LEPTOS_RELOAD_PORT", "65535"),
        ("LEPTOS_SITE_PKG_DIR", "assets/pkg"),
        ("MAX_CONNECTIONS", "1"),
        ("RUST_LOG", "warn,leptos_cognito=debug,hyper=off"),
        ("SESSION_IDLE_SECS", "315360000"),
        ("SESSION_REFRESH_ENTRIES", "100"),
    ] {
        let said = run(&[(name, value)]);
        assert!(is_taken(&said), "{name}={value}: {said}");
    }
}

/// `docker --env-file` takes quotes and white space for a part of the value.
#[test]
fn quotes_and_white_space_around_a_value_are_told() {
    for (name, good) in [
        ("COGNITO_CLIENT_ID", "abc"),
        ("COGNITO_CLIENT_SECRET", "hushhushhushhushhushhush"),
        ("COGNITO_SCOPES", "openid"),
        ("SESSION_SECRETS", "hushhush0123456789-abcdefghijklm-nopqrstuvwxyz"),
        ("SESSION_IDLE_SECS", "3600"),
        ("APP_URL", "https://app.example.com"),
        ("LEPTOS_SITE_ROOT", "target/site"),
        ("LEPTOS_ENV", "DEV"),
        ("LEPTOS_HASH_FILES", "true"),
        ("MAX_CONNECTIONS", "5"),
        ("RUST_LOG", "info"),
    ] {
        assert!(is_taken(&run(&[(name, good)])), "{name}");
        for (value, told) in [
            (format!("\"{good}\""), "quotes"),
            (format!("'{good}'"), "quotes"),
            (format!("{good} "), "white space"),
            (format!("{good}\r"), "white space"),
            (format!("\t{good}"), "white space"),
        ] {
            let said = run(&[(name, &value)]);
            let line = said.lines().find(|line| line.contains("- ") && line.contains(name)).unwrap_or_default();
            assert!(line.contains(told) && said.contains("1 problem(s)"), "{name}={value:?}: {said}");
            assert!(!said.contains("hush"), "{name}={value:?}: {said}");
        }
    }
    assert!(is_taken(&run(&[("COGNITO_DOMAIN", " ")])), "nothing but white space counts as not set");
}

#[test]
fn local_cognitos_settings_are_held_to_theirs_at_once() {
    let settings = [
        ("LOCAL_COGNITO_DIR", ""),
        ("LOCAL_COGNITO_ACCESS_TOKEN_SECS", "86401"),
        ("LOCAL_COGNITO_REFRESH_TOKEN_SECS", "315360001"),
        ("LOCAL_COGNITO_ROTATION_GRACE_SECS", "61"),
        ("SESSION_IDLE_SECS", "1"),
        ("MAX_CONNECTIONS", "0"),
        ("APP_URL", "http://app.localhost:3000"),
    ];
    let said = super::Folder::new().run_bare(&settings);
    for (name, _) in &settings[1..] {
        assert!(said.contains(name), "{name} is not in {said}");
    }
    assert!(said.contains("localhost, 127.0.0.1 and [::1]"), "why Cognito would not call it back: {said}");
}

#[test]
fn names_below_localhost_are_this_machine() {
    for (name, value, is_good) in [
        ("APP_URL", "http://app.localhost:3000", true),
        ("APP_URL", "http://a.b.localhost", true),
        ("APP_URL", "http://localhost.:3000", true),
        ("APP_URL", "http://notlocalhost:3000", false),
        ("APP_URL", "http://localhost.evil.example", false),
        ("APP_URL", "http://app.localhost.evil.example", false),
        ("COGNITO_ISSUER", "http://cognito.localhost:9229/local_1abc", true),
        ("COGNITO_ISSUER", "http://cognitolocalhost:9229/local_1abc", false),
        ("COGNITO_DOMAIN", "http://cognito.localhost:9229", true),
        ("AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER", "http://cognito.localhost:9229", true),
        ("UPSTREAM_ORIGINS", "http://api.localhost:8080,http://localhost:8081", true),
        ("UPSTREAM_ORIGINS", "http://api.localhost.example:8080", false),
    ] {
        let said = run(&[(name, value)]);
        assert_eq!(is_taken(&said), is_good, "{name}={value}: {said}");
    }
}
