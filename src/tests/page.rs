//! What a browser gets: one answer, and what it means. Made by `browser`.

use reqwest::{
    Response,
    header::{LOCATION, SET_COOKIE},
};

use crate::{app::plain_name, browser::query};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Page {
    pub(crate) async fn read(response: Response) -> Self {
        let header =
            |name| response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        let (status, location, headers) = (response.status().as_u16(), header(LOCATION), response.headers().clone());
        Self { status, location, headers, body: response.text().await.unwrap() }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `Set-Cookie` lines.
    pub(crate) fn set_cookies(&self) -> Vec<String> {
        let values = self.headers.get_all(SET_COOKIE).into_iter();
        values.map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    /// The names of the cookies that this answer sets (not those it clears), without the app's port in them.
    pub(crate) fn sets(&self) -> Vec<String> {
        let values = self.set_cookies();
        let set = values.iter().filter(|value| !value.contains("Max-Age=0"));
        set.filter_map(|value| value.split('=').next()).map(plain_name).collect()
    }

    /// The typed error that this answer is: its code, and the reference under which the log has more.
    pub(crate) fn error(&self) -> (String, String) {
        let error: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:?}")).to_owned();
        (text("code"), text("reference"))
    }

    /// Status and body; of a typed error, which has a reference of its own, its code and that there is no more to it.
    pub(crate) fn refusal(&self) -> (u16, String) {
        let error: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&self.body).ok();
        let names: Option<Vec<_>> = error.as_ref().map(|error| error.keys().map(String::as_str).collect());
        if names.is_some_and(|names| names == ["code", "reference"]) {
            (self.status, self.error().0)
        } else {
            (self.status, self.body.clone())
        }
    }

    /// The code of the failed sign-in that this answer leads to; `starts_over` where a fresh one begins by itself.
    pub(crate) fn failure(&self) -> Option<String> {
        let location = self.location.as_deref()?;
        if location.contains("/oauth2/authorize?") && query(location)["state"].contains('.') {
            return Some("starts_over".to_owned());
        }
        let location = location.strip_prefix("/sign-in-failed?")?;
        location.split('&').find_map(|pair| pair.strip_prefix("error=")).map(str::to_owned)
    }
}
