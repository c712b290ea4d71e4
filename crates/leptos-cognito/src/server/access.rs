//! Which path needs what. Everything needs a session unless it is listed: a page that is forgotten is closed, not open
//! (B43). Decided on the pattern that the router matched, and where that has a parameter, on every pattern that the path
//! might be shown for: no spelling of a URL gets round it.
//!
//! The table is about requests. A server function that a page calls while it renders, by its Rust name, is none: so each one
//! that needs somebody is listed here *and* begins with `require_session` or `require_group`.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    iter,
};

use axum::extract::MatchedPath;
use http::{Extensions, Method, Uri};

use super::{
    super::{CALLBACK, SESSION, SIGN_IN, SIGN_IN_FAILED, SIGN_OUT, SIGN_OUT_EVERYWHERE, SIGNED_IN},
    config_problems::ConfigProblems,
    pattern::{covers, has_parameter, is_wildcard, matches, readings},
};

/// What a path needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: anybody.
    Nothing,
    /// Somebody signed in.
    Session,
    /// Somebody in that group, by the verified `cognito:groups` claim.
    Group(String),
}

impl Need {
    /// Whether whoever has this has the other, too.
    fn includes(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Nothing) | (Self::Session | Self::Group(_), Self::Session) => true,
            (Self::Group(own), Self::Group(other)) => own == other,
            _ => false,
        }
    }
}

/// How a request is answered that lacks what it needs, and whether the guard may write its cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A document: the browser is sent to the sign-in.
    Page,
    /// A server function or another call: a typed error.
    Call,
    /// A step of signing in or out: it writes its own cookies, so the guard refreshes and writes nothing.
    Flow,
}

/// The app's table of paths. What is not in it needs a session; [`check`](Self::check) tells what is not in it.
#[derive(Clone, Debug)]
pub struct Access {
    needs: HashMap<String, Need>,
    server_functions: HashSet<String>,
}

impl Default for Access {
    fn default() -> Self {
        Self::new()
    }
}

impl Access {
    /// The table with this folder's own paths alone: everything else needs a session.
    #[must_use]
    pub fn new() -> Self {
        let own = [SIGN_IN, CALLBACK, SESSION, SIGN_OUT, SIGN_OUT_EVERYWHERE, SIGN_IN_FAILED, SIGNED_IN];
        let needs = own.into_iter().map(|path| (path.to_owned(), Need::Nothing)).collect();
        let server_functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
        Self { needs, server_functions }
    }

    /// Opens a path to everybody. `path` is the router's pattern, e.g. `/` or `/docs/{page}`. Where a request's path matches
    /// several patterns, it needs what each of them needs.
    #[must_use]
    pub fn public(mut self, path: &str) -> Self {
        self.needs.insert(path.to_owned(), Need::Nothing);
        self
    }

    /// Restricts a path to a Cognito group.
    #[must_use]
    pub fn group(mut self, path: &str, group: &str) -> Self {
        self.needs.insert(path.to_owned(), Need::Group(group.to_owned()));
        self
    }

    /// Says that a path is for everybody signed in: what holds for a path that is not listed too, but
    /// [`check`](Self::check) then asks whether it was forgotten.
    #[must_use]
    pub fn signed_in(mut self, path: &str) -> Self {
        self.needs.insert(path.to_owned(), Need::Session);
        self
    }

    /// Compares the table with the routes there are, server functions included. Call it at start.
    ///
    /// # Errors
    /// Every route without an entry, and every entry without a route: a rule for `/admn` protects nothing. And every
    /// wildcard that lets in more people than another entry for a path which it matches, too.
    pub fn check<'r>(&'r self, routes: impl IntoIterator<Item = &'r str>) -> Result<(), ConfigProblems> {
        let own = [SIGN_IN_FAILED, SIGNED_IN];
        let routes: BTreeSet<&str> =
            routes.into_iter().chain(self.server_functions.iter().map(String::as_str)).collect();
        let mut problems = ConfigProblems::default();
        for path in routes.iter().filter(|path| !self.needs.contains_key(**path)) {
            problems.add(format!(
                "{path} is not in the table of who may see what: add .public({path:?}), .signed_in({path:?}) or .group({path:?}, …)"
            ));
        }
        let entries: BTreeSet<&str> =
            self.needs.keys().map(String::as_str).filter(|path| !own.contains(path)).collect();
        for path in entries.difference(&routes) {
            problems.add(format!(
                "the table of who may see what has {path:?}, and there is no such route or server function: is it misspelt?"
            ));
        }
        for (wildcard, path) in self.open_wildcards() {
            problems.add(format!(
                "{wildcard:?} lets in more people than {path:?}, and matches {path:?} with a slash at its end, which shows the same \
                 page: let it need as much, or list what is open path by path (a page for paths that do not exist belongs into a \
                 router of its own, with mount_public)"
            ));
        }
        problems.finish(Some(()))
    }

    /// Wildcards, each with an entry that it covers and that needs more.
    fn open_wildcards(&self) -> BTreeSet<(&str, &str)> {
        let wildcards = self.needs.iter().filter(|(pattern, _)| is_wildcard(pattern));
        let pairs = wildcards.flat_map(|wildcard| self.needs.iter().map(move |entry| (wildcard, entry)));
        pairs
            .filter(|((wildcard, need), (path, other))| covers(wildcard, path) && !need.includes(other))
            .map(|((wildcard, _), (path, _))| (wildcard.as_str(), path.as_str()))
            .collect()
    }

    /// The paths that need somebody, each with the Cognito group it needs, where it needs one.
    pub fn restricted(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.needs.iter().filter_map(|(path, need)| match need {
            Need::Nothing => None,
            Need::Session => Some((path.as_str(), None)),
            Need::Group(group) => Some((path.as_str(), Some(group.as_str()))),
        })
    }

    /// All that a request needs: what its route does, and where that has a parameter, also what every other entry does that
    /// the path may be taken for.
    pub(super) fn needs(&self, extensions: &Extensions, uri: &Uri) -> impl Iterator<Item = &Need> {
        let pattern = matched(extensions);
        let own = pattern.and_then(|pattern| self.needs.get(pattern)).unwrap_or(&Need::Session);
        let is_open = pattern.is_some_and(has_parameter);
        iter::once(own).chain(if is_open { self.needs_of_path(uri) } else { Vec::new() })
    }

    fn needs_of_path(&self, uri: &Uri) -> Vec<&Need> {
        let readings = readings(uri);
        let is_meant = |pattern: &str| readings.iter().any(|segments| matches(pattern, segments));
        self.needs.iter().filter(|(pattern, _)| is_meant(pattern)).map(|(_, need)| need).collect()
    }

    pub(super) fn kind(&self, method: &Method, extensions: &Extensions) -> Kind {
        match matched(extensions) {
            Some(SIGN_IN | CALLBACK | SIGN_OUT | SIGN_OUT_EVERYWHERE) => Kind::Flow,
            Some(path) if self.server_functions.contains(path) => Kind::Call,
            _ if method == Method::GET || method == Method::HEAD => Kind::Page,
            _ => Kind::Call,
        }
    }
}

pub(super) fn matched(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(access: &Access, routes: &[&'static str]) -> String {
        access.check(routes.iter().copied()).err().map(|problems| problems.to_string()).unwrap_or_default()
    }

    #[test]
    fn b43_a_route_without_an_entry_and_an_entry_without_a_route_are_told() {
        let mut access = Access::new().public("/").signed_in("/account").group("/admn", "admin");
        // What this crate's own pages register is the business of the app's table.
        access.server_functions.retain(|path| access.needs.contains_key(path));
        let told = problems(&access, &["/", "/account", "/admin"]);
        assert!(told.contains("/admin is not in the table") && told.contains(".group(\"/admin\""), "{told}");
        assert!(told.contains("has \"/admn\""), "{told}");
        assert!(!told.contains("/account ") && told.contains("2 problem(s)"), "{told}");
    }

    #[test]
    fn b43_a_wildcard_lets_in_no_more_people_than_what_it_covers() {
        for (access, is_told) in [
            (Access::new().public("/{*rest}").signed_in("/account"), true),
            (Access::new().signed_in("/{*rest}").signed_in("/account"), false),
            (Access::new().signed_in("/{*rest}").group("/admin", "admin"), true),
            (Access::new().group("/{*rest}", "staff").group("/admin", "admin"), true),
            (Access::new().group("/{*rest}", "admin").signed_in("/account").group("/admin", "admin"), false),
            (Access::new().public("/docs/{*rest}").signed_in("/account"), false),
            (Access::new().public("/docs/{*rest}").signed_in("/docs/{page}/edit"), true),
            (Access::new().public("/{page}").signed_in("/account"), false),
        ] {
            let routes: Vec<&str> = access.needs.keys().map(String::as_str).collect();
            let told =
                access.check(routes.iter().copied()).err().map(|problems| problems.to_string()).unwrap_or_default();
            assert_eq!(told.contains("lets in more people than"), is_told, "{access:?}: {told}");
        }
    }

    #[test]
    fn b43_a_server_function_is_a_route_too() {
        let mut access = Access::new();
        access.server_functions.insert("/api/forgotten".to_owned());
        assert!(problems(&access, &[]).contains("/api/forgotten is not in the table"));
    }
}
