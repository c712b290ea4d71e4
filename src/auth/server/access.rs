//! Which path needs what. Everything needs a session unless it is listed: a page that is forgotten is closed, not open
//! (B43). Decided on the pattern that the router matched, so that no spelling of a URL gets round it.

use std::collections::{HashMap, HashSet};

use axum::extract::MatchedPath;
use http::{Extensions, Method};

use super::super::{CALLBACK, NOT_ALLOWED, SESSION, SIGN_IN, SIGN_IN_FAILED, SIGN_OUT};

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

/// The app's table of paths.
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
        let own = [SIGN_IN, CALLBACK, SESSION, SIGN_OUT, SIGN_IN_FAILED, NOT_ALLOWED];
        let needs = own.into_iter().map(|path| (path.to_owned(), Need::Nothing)).collect();
        let server_functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
        Self { needs, server_functions }
    }

    /// Opens a path to everybody. `path` is the router's pattern, e.g. `/` or `/docs/{page}`.
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

    pub(super) fn need(&self, extensions: &Extensions) -> &Need {
        matched(extensions).and_then(|path| self.needs.get(path)).unwrap_or(&Need::Session)
    }

    pub(super) fn kind(&self, method: &Method, extensions: &Extensions) -> Kind {
        match matched(extensions) {
            Some(SIGN_IN | CALLBACK | SIGN_OUT) => Kind::Flow,
            Some(path) if self.server_functions.contains(path) => Kind::Call,
            _ if method == Method::GET || method == Method::HEAD => Kind::Page,
            _ => Kind::Call,
        }
    }
}

pub(super) fn matched(extensions: &Extensions) -> Option<&str> {
    extensions.get::<MatchedPath>().map(MatchedPath::as_str)
}
