//! The app's own table of who may see what, for tests that go through all of it: a route that is added later is tested
//! without anybody thinking of it.

use leptos::server_fn::axum::server_fn_paths;
use leptos_cognito_app::server;

/// A page or server function that needs somebody.
#[derive(Clone, Debug)]
pub(crate) struct Protected {
    pub(crate) path: String,
    pub(crate) group: Option<String>,
    /// The method, of a server function.
    pub(crate) call: Option<http::Method>,
    /// What a server function that changes something is sent, as a form.
    pub(crate) arguments: Vec<(&'static str, String)>,
}

impl Protected {
    /// With what the server functions ask for, as the person whose `sub` this is; each ignores what it does not know.
    pub(crate) fn sent_by(&self, sub: &str) -> Self {
        let arguments = [("note", "A note."), ("person", sub), ("id", "no-session-of-theirs")];
        Self { arguments: arguments.map(|(name, value)| (name, value.to_owned())).to_vec(), ..self.clone() }
    }
}

/// All that needs somebody, by the table with which the app starts.
pub(crate) fn protected() -> Vec<Protected> {
    let access = server::access().unwrap();
    let calls: Vec<_> = server_fn_paths().collect();
    let method = |path: &str| calls.iter().find(|(own, _)| *own == path).map(|(_, method)| method.clone());
    let mut all: Vec<_> = access
        .restricted()
        .map(|(path, group)| Protected {
            path: path.to_owned(),
            group: group.map(str::to_owned),
            call: method(path),
            arguments: Vec::new(),
        })
        .collect();
    all.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(all.iter().any(|route| route.call.is_none()) && all.iter().any(|route| route.call.is_some()), "{all:?}");
    assert!(all.iter().any(|route| route.group.is_some()), "{all:?}");
    // A pattern would have to be filled in.
    assert!(all.iter().all(|route| !route.path.contains('{')), "{all:?}");
    all
}

/// The pages of it.
pub(crate) fn protected_pages() -> Vec<Protected> {
    protected().into_iter().filter(|route| route.call.is_none()).collect()
}
