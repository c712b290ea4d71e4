//! What the documents say is what the sources say: each setting, each snippet, each link to a file.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::structure::sources;

/// Written like settings in the sources, and none: what Cognito calls its parameters, and what other programs call settings.
const NO_SETTINGS: [&str; 15] = [
    "REFRESH_TOKEN",
    "SECRET_HASH",
    "NEXTAUTH_URL",
    "NEXTAUTH_SECRET",
    "AUTH_URL",
    "AUTH_SECRET",
    "AUTH_COGNITO_ID",
    "AUTH_COGNITO_ISSUER",
    "AUTH_COGNITO_SECRET",
    "COGNITO_APP_CLIENT_ID",
    "COGNITO_POOL_ID",
    "COGNITO_REGION",
    "COGNITO_USER_POOL_ID",
    "LOCAL_COGNITO_PORT",
    "SESSION_MANAGER",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn is_setting(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    name.contains('_') && name.split('_').all(is_part) && !NO_SETTINGS.contains(&name)
}

/// The settings that the program looks up, each by a text of its own.
fn settings_in_sources() -> BTreeSet<String> {
    let mut settings = BTreeSet::new();
    for folder in ["leptos-cognito/server", "server"] {
        for (name, source) in sources(folder) {
            let is_program = !name.contains("/simulation/") && !name.contains("fuzzing");
            let program = source.split("#[cfg(test)]").next().filter(|_| is_program).unwrap_or_default();
            settings.extend(program.split('"').filter(|text| is_setting(text)).map(str::to_owned));
        }
    }
    settings
}

#[test]
fn every_setting_is_in_the_readme_and_in_the_example_and_nothing_else_is() {
    let read_by_the_program = settings_in_sources();
    let file = read(".env.example");
    let in_file: BTreeSet<String> = file
        .lines()
        // One is there as a comment: in the file itself it would be a mistake.
        .filter_map(|line| line.strip_prefix("# ").unwrap_or(line).split_once('='))
        .map(|(name, _)| name.to_owned())
        .filter(|name| is_setting(name))
        .collect();
    let readme = read("README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Every setting\n")).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let in_table: BTreeSet<String> = rows.map(|(name, _)| name.to_owned()).filter(|name| is_setting(name)).collect();
    assert_eq!(in_file, read_by_the_program, ".env.example");
    assert_eq!(in_table, read_by_the_program, "the table in README.md");
}

/// Every Markdown file of the project.
fn documents() -> Vec<String> {
    let mut documents: Vec<String> =
        ["README.md", "CHANGELOG.md", "SECURITY.md", "crates/leptos-cognito/README.md", "examples/lifted/README.md"]
            .map(str::to_owned)
            .into();
    let docs =
        fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    documents.extend(docs.filter(|name| name.ends_with(".md")).map(|name| format!("docs/{name}")));
    documents
}

/// The lines of a text without their indentation; blank ones do not count.
fn lines(text: &str) -> Vec<&str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// A snippet names the file it is from in the line above, and stands in it line by line; `// …` leaves something out.
#[test]
fn every_rust_snippet_is_from_the_sources() {
    let mut snippets = 0;
    for name in ["README.md", "crates/leptos-cognito/README.md", "docs/from-nextauth.md"] {
        let document = read(name);
        let mut parts = document.split("```rust\n");
        let mut before = parts.next().unwrap_or_default();
        for part in parts {
            let (snippet, after) = part.split_once("```").unwrap();
            let marker = before.trim_end().lines().last().unwrap_or_default().trim();
            let file = marker.strip_prefix("<!-- ").and_then(|marker| marker.strip_suffix(" -->"));
            let file = file.unwrap_or_else(|| panic!("{name}: a snippet does not say where it is from:\n{snippet}"));
            let source = read(file);
            let source = lines(&source);
            let mut from = 0;
            for chunk in lines(snippet).split(|line| *line == "// …").filter(|chunk| !chunk.is_empty()) {
                let place = source[from..].windows(chunk.len()).position(|window| window == chunk);
                let place = place.unwrap_or_else(|| panic!("{name}: not in {file}:\n{}", chunk.join("\n")));
                from += place + chunk.len();
            }
            (before, snippets) = (after, snippets + 1);
        }
    }
    assert!(snippets > 10, "{snippets} snippets");
}

#[test]
fn links_to_files_lead_somewhere() {
    for name in documents() {
        let folder = root().join(&name);
        let folder = folder.parent().unwrap();
        for link in read(&name).split("](").skip(1) {
            let target = link.split([')', '#', ' ']).next().unwrap_or_default();
            if target.is_empty() || target.contains(':') {
                continue;
            }
            let path: PathBuf = folder.join(target);
            assert!(path.exists(), "{name} leads to {target}");
        }
    }
}
