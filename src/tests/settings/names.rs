//! Names that nobody reads, and names that other programs have for the same thing.

use super::{Folder, SECRET, is_taken, run};

#[test]
fn a_misspelt_name_is_told_with_the_one_that_was_meant() {
    for (name, meant) in [
        ("COGNITO_CLIENTID", "COGNITO_CLIENT_ID"),
        ("COGNITO_SECRET", "COGNITO_CLIENT_SECRET"),
        ("SESSION_SECRET", "SESSION_SECRETS"),
        ("SESSION_IDLE_SEC", "SESSION_IDLE_SECS"),
        ("LOCAL_COGNITO_PORT", "LOCAL_COGNITO_ADDR"),
        ("LOCAL_COGNITO_ROTATION_GRACE", "LOCAL_COGNITO_ROTATION_GRACE_SECS"),
        ("UPSTREAM_ORIGIN", "UPSTREAM_ORIGINS"),
        ("MAX_CONNECTION", "MAX_CONNECTIONS"),
        ("LEPTOS_HASHFILES", "LEPTOS_HASH_FILES"),
        ("LEPTOS_RELAOD_PORT", "LEPTOS_RELOAD_PORT"),
    ] {
        let said = run(&[(name, "hush-hush")]);
        assert!(said.contains("problem") && said.contains(&format!("{name} is ")), "{name}: {said}");
        assert!(said.contains(meant) && !said.contains("hush"), "{name}: {said}");
        let said = Folder::with_env_file(format!("# mine\n{name}=x\n")).run(&[]);
        assert!(said.contains(".env, line 2") && said.contains(meant), "{name}: {said}");
    }
    let said = Folder::new().run_bare(&[("COGNITO_USER_POOL_ID", "eu-central-1_AbC")]);
    assert!(said.contains("COGNITO_USER_POOL_ID is not a setting") && said.contains("COGNITO_ISSUER is"), "{said}");
    let said = Folder::new().run_bare(&[("APP_URI", "https://app.example.com"), ("COGNITO_CLIENT_ID", "abc")]);
    assert!(said.contains("APP_URI is ") && said.contains("APP_URL"), "{said}");
}

#[test]
fn other_programs_names_are_left_alone() {
    for (name, value) in [
        ("SESSION_MANAGER", "local/host:@/tmp/.ICE-unix/1"),
        // Kubernetes and Docker, for a service of that name.
        ("COGNITO_SERVICE_HOST", "10.0.0.7"),
        ("COGNITO_SERVICE_PORT", "9229"),
        ("COGNITO_SERVICE_PORT_HTTP", "9229"),
        ("COGNITO_PORT", "tcp://10.0.0.7:9229"),
        ("COGNITO_PORT_9229_TCP", "tcp://10.0.0.7:9229"),
        ("COGNITO_PORT_9229_TCP_ADDR", "10.0.0.7"),
        ("LOCAL_COGNITO_PORT", "tcp://10.0.0.7:9400"),
        ("SESSION_STORE_SERVICE_HOST", "10.0.0.7"),
        ("SESSION_STORE_PORT_6379_TCP_PORT", "6379"),
        // AWS Copilot, .NET's images, cargo-leptos.
        ("COGNITO_USER_POOL_ID", "eu-central-1_AbC"),
        ("APP_UID", "1654"),
        ("APP_ENV", "production"),
        ("LEPTOS_WATCH", "true"),
        ("LEPTOS_LIB_DIR", "."),
        ("LEPTOS_BIN_DIR", "."),
        ("LEPTOS_JS_MINIFY", "false"),
        ("LEPTOS_HASH_FILE_NAME", "hash.txt"),
        ("RUST_LOG_STYLE", "never"),
        ("APP_URI", "https://app.example.com"),
        ("HOME", "/"),
    ] {
        let said = run(&[(name, value)]);
        assert!(is_taken(&said), "{name}: {said}");
    }
}

#[test]
fn nextauths_names_are_told_where_ours_are_missing() {
    let issuer = ("COGNITO_ISSUER", "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC");
    for (theirs, ours) in [
        ("NEXTAUTH_URL", "APP_URL"),
        ("AUTH_URL", "APP_URL"),
        ("NEXTAUTH_SECRET", "SESSION_SECRETS"),
        ("AUTH_SECRET", "SESSION_SECRETS"),
        ("AUTH_COGNITO_ID", "COGNITO_CLIENT_ID"),
    ] {
        let said = Folder::new().run_bare(&[issuer, (theirs, "hush-hush")]);
        let line = said.lines().find(|line| line.contains(&format!("{ours} is not set"))).unwrap_or_default();
        assert!(line.contains(theirs) && !said.contains("hush"), "{theirs}: {said}");
    }
    let said = run(&[("NEXTAUTH_URL", "https://app.example.com"), ("AUTH_SECRET", SECRET)]);
    assert!(is_taken(&said), "beside ours they mean nothing: {said}");
}
