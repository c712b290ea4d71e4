//! The script that starts the program in the browser. Leptos' own `HydrationScripts` would also tell browsers to load the
//! program ahead, with scripts or without: those without load it for nothing, and WebKit loads it twice.

use std::{fs, path::PathBuf};

use leptos::{nonce::use_nonce, prelude::*, reactive::owner::Owner};

const SCRIPT: &str = include_str!("program.js");

/// Starts the islands of the page. Goes into its head, before the style sheet: a script waits for those above it.
#[component]
pub fn Program(
    /// Where the program is.
    options: LeptosOptions,
) -> impl IntoView {
    // On a page of islands the server's own parts are not made live.
    if let Some(context) = Owner::current_shared_context() {
        context.set_is_hydrating(false);
    }
    let [js, wasm] = ["js", "wasm"].map(|kind| address(&options, kind));
    view! { <script nonce=use_nonce()>{format!("{SCRIPT}({js:?}, {wasm:?});")}</script> }
}

/// The address of a file of the program; `make release` puts a hash into its name.
fn address(options: &LeptosOptions, kind: &str) -> String {
    let (name, folder) = (&options.output_name, &options.site_pkg_dir);
    let hash = options.hash_files.then(|| hash_of(options, kind)).flatten();
    let hash = hash.map(|hash| format!(".{hash}")).unwrap_or_default();
    format!("/{folder}/{name}{hash}.{kind}")
}

/// From the list that cargo-leptos writes beside the server's program.
fn hash_of(options: &LeptosOptions, kind: &str) -> Option<String> {
    let folder: PathBuf = std::env::current_exe().ok()?.parent()?.to_owned();
    let list = fs::read_to_string(folder.join(options.hash_file.as_ref())).ok()?;
    find_hash(&list, kind).map(str::to_owned)
}

fn find_hash<'l>(list: &'l str, kind: &str) -> Option<&'l str> {
    list.lines()
        .filter_map(|line| line.trim().split_once(':'))
        .find(|(name, _)| *name == kind)
        .map(|(_, hash)| hash.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_part_of_the_name() {
        let list = "js: abc\nwasm: d-e_f\ncss: ghi\n";
        assert_eq!(
            (find_hash(list, "wasm"), find_hash(list, "js"), find_hash(list, "map")),
            (Some("d-e_f"), Some("abc"), None)
        );
        let options = LeptosOptions::builder().output_name("app").build();
        assert_eq!(address(&options, "wasm"), "/pkg/app.wasm");
    }
}
