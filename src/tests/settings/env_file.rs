//! `.env`: which file is read, and how.

use std::fs;

use super::{Folder, SECRET, is_taken};

/// A complete configuration as a file, with this value as its secret.
fn complete(secret: &str) -> String {
    format!(
        "COGNITO_ISSUER=https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbC\nCOGNITO_CLIENT_ID=abc\n\
         APP_URL=https://app.example.com\nSESSION_SECRETS={secret}\n"
    )
}

#[test]
fn a_dollar_is_a_dollar() {
    // 43 characters; with `$Nq0mX` taken for a variable it would be too short.
    for secret in ["q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rS$Nq0mXvYt6R", "q0vyyDIzmVwbTMq6iCbXk4mNwRXbV4rS${Nq0}vYt6R"] {
        for written in [secret.to_owned(), format!("\"{secret}\""), format!("'{secret}'")] {
            let said = Folder::with_env_file(complete(&written)).run_bare(&[]);
            assert!(is_taken(&said), "{written}: {said}");
        }
    }
}

#[test]
fn quotes_comments_and_spaces_are_what_people_expect() {
    for (written, is_good) in [
        (format!("{SECRET} # made today"), true),
        (format!("  \"{SECRET}\"   # made today"), true),
        (format!("'{SECRET}'\r"), true),
        (format!("\t{SECRET}  \t"), true),
        (format!("\"{SECRET}"), false),
        (format!("\"{SECRET}\"more"), false),
        (format!("#{SECRET}"), false),
    ] {
        let said = Folder::with_env_file(complete(&written)).run_bare(&[]);
        assert_eq!(is_taken(&said), is_good, "{written}: {said}");
        assert!(is_good || said.contains(".env, line 4") && !said.contains(SECRET), "{written}: {said}");
    }
    let scopes = "COGNITO_SCOPES=openid email profile\nexport RUST_LOG=info\n";
    let said = Folder::with_env_file(complete(SECRET) + scopes).run_bare(&[]);
    assert!(is_taken(&said), "{said}");
}

#[test]
fn a_byte_order_mark_is_taken_off_and_other_encodings_are_told() {
    let text = complete(SECRET);
    let said = Folder::with_env_file(format!("\u{feff}{text}")).run_bare(&[]);
    assert!(is_taken(&said), "{said}");
    let utf_16 = |bytes: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
        let mark = mark.then_some(0xfeff).into_iter();
        mark.chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    for file in [utf_16(u16::to_le_bytes, true), utf_16(u16::to_be_bytes, true), utf_16(u16::to_le_bytes, false)] {
        let said = Folder::with_env_file(file).run_bare(&[]);
        assert!(said.contains(".env is UTF-16") && said.contains("UTF-8"), "{said}");
    }
    let said = Folder::with_env_file([text.as_bytes(), b"NAME=caf\xe9\n"].concat()).run_bare(&[]);
    assert!(said.contains(".env, line 5") && said.contains("UTF-8"), "{said}");
}

#[test]
fn a_line_that_cannot_be_read_is_told_by_its_number_and_not_quoted() {
    let file = format!("{}hush-hush-1\n\n# a comment\n7UP=hush-hush-2\n=hush-hush-3\n", complete(SECRET));
    let said = Folder::with_env_file(file).run_bare(&[]);
    for line in ["line 5", "line 8", "line 9", "3 problem(s)"] {
        assert!(said.contains(line), "{line} is not in {said}");
    }
    assert!(!said.contains("hush"), "{said}");
}

#[test]
fn a_name_that_is_there_twice_is_told_with_both_lines() {
    let file = format!("{}APP_URL=https://other.example.com\n", complete(SECRET));
    let said = Folder::with_env_file(file).run_bare(&[]);
    assert!(said.contains("APP_URL is there twice, in lines 3 and 5"), "{said}");
}

#[test]
fn only_the_file_in_the_programs_own_folder_is_read() {
    let folder = Folder::with_env_file(complete(SECRET));
    let below = folder.path.join("below");
    fs::create_dir(&below).unwrap();
    let said = folder.run_in(&below, &[("LEPTOS_ENV", "PROD")]);
    assert!(said.contains("COGNITO_ISSUER is not set"), "{said}");
    let said = folder.run_in(&below, &[("COGNITO_SCOPES", "openid")]);
    assert!(said.contains("COGNITO_ISSUER is not set"), "{said}");
}

#[test]
fn in_production_no_file_is_read_unless_it_is_named() {
    let folder = Folder::with_env_file(complete(SECRET));
    let said = folder.run_bare(&[("LEPTOS_ENV", "PROD")]);
    assert!(said.contains("COGNITO_ISSUER is not set") && said.contains("ENV_FILE"), "{said}");
    let other = folder.write("production.env", complete(SECRET) + "LEPTOS_ENV=PROD\n");
    for name in [".env", "production.env", other.to_str().unwrap()] {
        let said = folder.run_bare(&[("LEPTOS_ENV", "PROD"), ("ENV_FILE", name)]);
        assert!(is_taken(&said), "{name}: {said}");
    }
    fs::remove_file(folder.path.join(".env")).unwrap();
    let said = folder.run_bare(&[("ENV_FILE", "production.env")]);
    assert!(is_taken(&said), "named, and instead of the other: {said}");
    for name in ["no-such-file", "."] {
        let said = folder.run(&[("ENV_FILE", name)]);
        assert!(said.contains(&format!("the file {name:?} that ENV_FILE names cannot be read")), "{said}");
    }
    let said = Folder::with_env_file("ENV_FILE=production.env\n").run(&[]);
    assert!(said.contains(".env, line 1") && said.contains("ENV_FILE"), "{said}");
}

#[test]
fn the_environment_wins_and_a_name_that_is_set_and_empty_is_not_read_from_the_file() {
    let said = Folder::with_env_file("SESSION_IDLE_SECS=a week\n").run(&[("SESSION_IDLE_SECS", "3600")]);
    assert!(is_taken(&said), "{said}");
    let said = Folder::with_env_file("SESSION_IDLE_SECS=a week\n").run(&[("SESSION_IDLE_SECS", "")]);
    assert!(is_taken(&said), "{said}");
}

#[test]
fn what_the_file_says_of_the_log_holds() {
    let said = Folder::with_env_file("RUST_LOG=infoo\n").run(&[]);
    assert!(said.contains("RUST_LOG") && said.contains("info"), "{said}");
    let said = Folder::with_env_file("RUST_LOG=off\n").run(&[("APP_URL", "x")]);
    assert!(said.contains("APP_URL"), "why it does not start is told whatever the log's filter: {said}");
}
