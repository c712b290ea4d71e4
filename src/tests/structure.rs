//! The rules on the source text that keep the shape of the project (docs/architecture.md).

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Every Rust file below a folder: of `src/`, or, if it begins with a crate's name and a slash, of that crate; with its path
/// from there.
pub(crate) fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let of_crate = folder.split_once('/').filter(|(name, _)| name.ends_with("-cognito"));
    let (base, folder) = match of_crate {
        Some((name, folder)) => (root.join("crates").join(name).join("src"), folder),
        None => (root.join("src"), folder),
    };
    let (mut folders, mut files) = (vec![base.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&base).unwrap().to_str().unwrap().to_owned();
                files.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!files.is_empty(), "no sources in {folder}");
    files
}

/// Files of the program in which the text stands, save those allowed.
fn where_is(text: &str, folder: &str, allowed: &[&str]) -> Vec<String> {
    let tests = ["tests/", "benches/"];
    let is_program =
        |name: &str| !tests.iter().any(|folder| name.starts_with(folder)) && !name.contains("/simulation/");
    let found = sources(folder).into_iter().filter(|(name, source)| is_program(name) && source.contains(text));
    let names: Vec<_> = found.map(|(name, _)| name).collect();
    for name in allowed {
        assert!(names.iter().any(|found| found == name), "{text:?} is not in {name}: has the rule lost its object?");
    }
    names.into_iter().filter(|name| !allowed.contains(&name.as_str())).collect()
}

/// The library.
const LIBRARY: &str = "leptos-cognito/";

fn nowhere() -> Vec<String> {
    Vec::new()
}

#[test]
fn features_are_named_in_few_files() {
    assert_eq!(where_is("cfg(feature", "", &["lib.rs"]), nowhere());
    assert_eq!(where_is("cfg(all(feature", "", &["lib.rs"]), nowhere());
    assert_eq!(where_is("cfg(feature", LIBRARY, &["lib.rs"]), nowhere());
    assert_eq!(where_is("cfg(not(feature", LIBRARY, &["lib.rs"]), nowhere());
}

#[test]
fn one_folder_talks_to_the_identity_provider() {
    assert_eq!(where_is("oauth2::", LIBRARY, &["server/cognito/oauth.rs"]), nowhere());
    let api = ["server/cognito/api/mod.rs", "server/cognito/api/client.rs"];
    assert_eq!(where_is("aws_sdk", LIBRARY, &api), nowhere());
    assert_eq!(where_is("aws_config", LIBRARY, &api), nowhere());
}

/// What sends a person's tokens: the two halves of `cognito`, and `upstream`, which asks a list first (B44).
#[test]
fn b44_few_files_can_send_a_token() {
    assert_eq!(where_is("reqwest::Client::", LIBRARY, &["server/cognito/mod.rs"]), nowhere());
    assert_eq!(where_is("bearer_auth", LIBRARY, &["server/upstream.rs"]), nowhere());
    assert_eq!(where_is("AUTHORIZATION", LIBRARY, &[]), nowhere());
    let senders = ["bounded_body.rs", "cognito/mod.rs", "cognito/oauth.rs", "issuer.rs", "upstream.rs"];
    let senders = senders.map(|name| format!("server/{name}"));
    let senders: Vec<&str> = senders.iter().map(String::as_str).collect();
    assert_eq!(where_is("reqwest", LIBRARY, &senders), nowhere());
    assert_eq!(where_is(".access_token()?", LIBRARY, &["server/current/mod.rs", "server/upstream.rs"]), nowhere());
    assert_eq!(where_is("pub fn access_token", LIBRARY, &[]), nowhere(), "nobody outside the crate gets the token");
}

/// An error's own words go through the filter, in one place.
#[test]
fn b46_what_a_connection_says_is_masked() {
    assert_eq!(where_is("without_url", LIBRARY, &["server/bounded_body.rs"]), nowhere());
    assert_eq!(where_is("error_description()", LIBRARY, &["server/cognito/oauth.rs"]), nowhere());
}

#[test]
fn one_file_reads_the_environment() {
    assert_eq!(where_is("env::var", "", &["server/config/environment.rs"]), nowhere());
    // `Auth::from_env`, for an app whose settings are in the environment.
    assert_eq!(where_is("env::var", LIBRARY, &["server/mod.rs"]), nowhere());
}

#[test]
fn cookies_are_set_by_the_cookie_files() {
    // The two in the middle of a refusal hand on its cookies.
    let writers = ["server/cookies.rs", "server/kept_form.rs", "server/refused_page.rs"];
    assert_eq!(where_is("SET_COOKIE", LIBRARY, &writers), nowhere());
    // The app itself has one cookie: light or dark.
    assert_eq!(where_is("SET_COOKIE", "pages", &["pages/theme.rs"]), nowhere());
    // Read there, from answers.
    assert_eq!(where_is("SET_COOKIE", "server", &["server/fuzzing/mod.rs"]), nowhere());
    // `sign_in` clears one that this server refuses.
    let writers = ["server/callback.rs", "server/guard.rs", "server/sign_in.rs", "server/sign_out.rs"];
    let found =
        |text| sources(LIBRARY).into_iter().filter(move |(_, source)| source.contains(text)).map(|(name, _)| name);
    let found = found("session_cookie.store").chain(found("session_cookie.clear"));
    let others: Vec<_> = found.filter(|name| !writers.contains(&name.as_str())).collect();
    assert_eq!(others, nowhere(), "the session cookie is written at these places");
}

#[test]
fn pages_do_not_write_and_the_arrows_have_no_back_edges() {
    assert_eq!(where_is("crate::server", "pages", &[]), nowhere());
    assert_eq!(where_is("crate::app", "pages", &[]), nowhere());
}

#[test]
fn no_file_is_long_without_a_reason() {
    for (name, source) in ["", LIBRARY, "local-cognito/"].into_iter().flat_map(sources) {
        let has_reason = source.lines().take(12).any(|line| line.contains("Longer than 250 lines"));
        let lines = source.lines().count();
        assert!(lines <= 250 || has_reason, "{name} has {lines} lines: split it, or say in its head why not");
    }
}
