//! No file of a crate imports from one that imports from it, on whatever way round. What a file takes from the modules that
//! it is in does not count: those only declare and re-export.

use std::collections::{BTreeMap, BTreeSet};

use crate::structure::sources;

type Path = Vec<String>;

/// `server/guard.rs` is the module `server::guard`, `server/mod.rs` is `server`, `lib.rs` the crate.
fn module_of(file: &str) -> Path {
    let name = file.trim_end_matches(".rs");
    let parts = name.split('/').filter(|part| !["mod", "lib"].contains(part));
    parts.map(str::to_owned).collect()
}

/// Every path that a `use` names, groups taken apart.
fn paths(tree: &str) -> Vec<Path> {
    let Some((head, group)) = tree.split_once('{') else {
        return vec![tree.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let head: Path = head.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
    let (mut depth, mut from, mut all) = (0, 0, Vec::new());
    let group = &group[..group.rfind('}').unwrap_or(group.len())];
    for (at, letter) in group.char_indices().chain([(group.len(), ',')]) {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let item = group[from..at].trim();
                from = at + 1;
                if !item.is_empty() {
                    all.extend(paths(item).into_iter().map(|rest| head.iter().cloned().chain(rest).collect()));
                }
            }
            _ => {}
        }
    }
    all
}

/// The module that a path of `from` leads to: the longest part of it that is a file.
fn resolve(from: &[String], path: &[String], modules: &BTreeSet<Path>) -> Option<Path> {
    let mut base = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" => from.to_vec(),
        "super" => from[..from.len().checked_sub(1)?].to_vec(),
        // A child of this module.
        _ => [from, &path[..1]].concat(),
    };
    for part in &path[1..] {
        if part == "super" {
            base.pop()?;
            continue;
        }
        let longer: Path = base.iter().cloned().chain([part.clone()]).collect();
        if !modules.contains(&longer) {
            break;
        }
        base = longer;
    }
    modules.contains(&base).then_some(base)
}

fn imports(folder: &str) -> BTreeMap<Path, BTreeSet<Path>> {
    let files: Vec<_> = sources(folder).into_iter().filter(|(name, _)| !name.contains("tests")).collect();
    let modules: BTreeSet<Path> = files.iter().map(|(name, _)| module_of(name)).collect();
    let of = |(name, source): &(String, String)| {
        let from = module_of(name);
        let program = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
        let uses =
            program.split("use ").skip(1).filter_map(|rest| rest.split_once(';')).map(|(tree, _)| tree.to_owned());
        let targets = uses.flat_map(|tree| paths(&tree)).filter_map(|path| resolve(&from, &path, &modules));
        (from.clone(), targets.filter(|target| !from.starts_with(target)).collect())
    };
    files.iter().map(of).collect()
}

/// The shortest way from one to another, both included.
fn way(graph: &BTreeMap<Path, BTreeSet<Path>>, from: &Path, to: &Path) -> Option<Vec<Path>> {
    let (mut ways, mut seen) = (vec![vec![from.clone()]], BTreeSet::from([from.clone()]));
    while let Some(next) = (!ways.is_empty()).then(|| ways.remove(0)) {
        let last = next.last()?;
        if last == to {
            return Some(next);
        }
        for target in graph.get(last).into_iter().flatten() {
            if seen.insert(target.clone()) {
                ways.push(next.iter().cloned().chain([target.clone()]).collect());
            }
        }
    }
    None
}

#[test]
fn no_files_import_from_each_other() {
    for folder in ["", "leptos-cognito/", "local-cognito/"] {
        let graph = imports(folder);
        assert!(graph.values().map(BTreeSet::len).sum::<usize>() > 50, "{folder:?}: nothing was found");
        for (from, targets) in &graph {
            for target in targets {
                let back =
                    way(&graph, target, from).map(|way| way.iter().map(|path| path.join("::")).collect::<Vec<_>>());
                assert_eq!(back, None, "{folder:?}: {} imports from {}, and back", from.join("::"), target.join("::"));
            }
        }
    }
}

#[test]
fn a_circle_is_found() {
    let path = |text: &str| text.split("::").map(str::to_owned).collect::<Path>();
    let modules = BTreeSet::from([path("server"), path("server::guard"), path("server::cookies"), path("session")]);
    let from = path("server::guard");
    for (tree, found) in [
        ("super::cookies::SetCookies", Some("server::cookies")),
        ("super::super::session::Session", Some("session")),
        ("crate::session", Some("session")),
        ("super::Auth", Some("server")),
        ("axum::Router", None),
    ] {
        let resolved = resolve(&from, &paths(tree)[0], &modules);
        assert_eq!(resolved, found.map(path), "{tree}");
    }
    let grouped = paths("super::{\n    super::{A, b::C},\n    cookies::{self, D},\n}");
    assert_eq!(grouped.len(), 4, "{grouped:?}");
    let one = |text: &str| BTreeSet::from([path(text)]);
    let graph = BTreeMap::from([(path("a"), one("b")), (path("b"), one("c")), (path("c"), one("a"))]);
    assert_eq!(way(&graph, &path("b"), &path("a")).map(|way| way.len()), Some(3));
}
