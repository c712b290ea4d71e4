//! Secrets in files, as containers have them.

use super::{Folder, SECRET, is_taken};

#[test]
fn a_secret_may_be_in_a_file() {
    let folder = Folder::new();
    for newline in ["", "\n", "\r\n"] {
        let session = folder.write("session", format!("{SECRET}{newline}"));
        let client = folder.write("client", format!("0123456789abcdefghijklmnop{newline}"));
        let files = [
            ("SESSION_SECRETS", ""),
            ("SESSION_SECRETS_FILE", session.to_str().unwrap()),
            ("COGNITO_CLIENT_SECRET_FILE", client.to_str().unwrap()),
        ];
        let said = folder.run(&files);
        assert!(is_taken(&said), "{newline:?}: {said}");
    }
    folder.write(".env", "SESSION_SECRETS_FILE=session\n");
    let said = folder.run(&[("SESSION_SECRETS", "")]);
    assert!(is_taken(&said), "what names the file may itself be in .env: {said}");
}

#[test]
fn what_is_wrong_with_the_file_is_told_with_its_path() {
    let folder = Folder::new();
    folder.write("empty", "\n");
    folder.write("latin", b"caf\xe9-caf\xe9");
    folder.write("two-lines", format!("{SECRET}\n\n"));
    folder.write("good", SECRET);
    folder.write("large", "a".repeat(100_000));
    for (name, told) in [
        ("no-such-file", "cannot be read"),
        (".", "cannot be read"),
        ("empty", "is empty"),
        ("latin", "is not UTF-8"),
        ("large", "is larger than"),
    ] {
        for setting in ["SESSION_SECRETS", "COGNITO_CLIENT_SECRET"] {
            let of_file = format!("{setting}_FILE");
            let said = folder.run(&[(setting, ""), (&of_file, name)]);
            let line = said.lines().find(|line| line.contains(&of_file)).unwrap_or_default();
            assert!(line.contains(told) && line.contains(&format!("{name:?}")), "{setting} {name}: {said}");
            assert!(!said.contains(&format!("{setting} is not set")), "once is enough: {said}");
        }
    }
    let said = folder.run(&[("SESSION_SECRETS_FILE", "good")]);
    assert!(said.contains("SESSION_SECRETS and SESSION_SECRETS_FILE are both set"), "{said}");
    let said = folder.run(&[("SESSION_SECRETS", ""), ("SESSION_SECRETS_FILE", "two-lines")]);
    assert!(said.contains("white space") && !said.contains(SECRET), "{said}");
}

#[test]
fn the_clients_secret_in_a_file_keeps_local_cognito_from_starting() {
    let folder = Folder::new();
    folder.write("client", "0123456789abcdefghijklmnop");
    let said = folder.run_bare(&[("COGNITO_CLIENT_SECRET_FILE", "client")]);
    assert!(said.contains("COGNITO_ISSUER is not set"), "{said}");
}
