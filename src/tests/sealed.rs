//! What is inside a session cookie, opened and made with a test's own secret: what no answer of the app tells.

use leptos_cognito::server::{Purpose, Sealer, SessionSecrets};
use serde_json::Value;

use crate::{
    app::{SECRET, TestApp, plain_name},
    browser::Browser,
};

/// Another good secret.
pub(crate) const OTHER_SECRET: &str = "YW5vdGhlci1zZWNyZXQtb2YtdGhlLXNhbWUtbGVuZ3Ro";

fn sealer(secret: &str) -> Sealer {
    Sealer::new(Purpose::Session, &SessionSecrets::parse(secret).unwrap()).unwrap()
}

/// The claims of the session in this browser's cookies.
pub(crate) fn claims(browser: &Browser) -> Value {
    open(&browser.cookies(), SECRET).expect("no session in the cookies")
}

/// The claims of the session in these cookies (`name=value`), chunks joined, if this secret opens them.
pub(crate) fn open(cookies: &[String], secret: &str) -> Option<Value> {
    let pairs: Vec<_> = cookies.iter().filter_map(|cookie| cookie.split_once('=')).collect();
    let find = |name: &str| pairs.iter().find(|(own, _)| plain_name(own) == name).map(|(_, value)| *value);
    let first = find("session")?;
    let Some((count, head)) = first.split_once('~') else { return sealer(secret).open(first) };
    let rest = (1..count.parse().unwrap()).map(|index| find(&format!("session.{index}")).unwrap_or_default());
    sealer(secret).open(&std::iter::once(head).chain(rest).collect::<String>())
}

/// The claims as a cookie of this app, `name=value`.
pub(crate) fn seal(app: &TestApp, claims: &Value, secret: &str) -> String {
    format!("{}={}", app.cookie("session"), sealer(secret).seal(claims).unwrap())
}
