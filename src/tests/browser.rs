//! A browser as far as HTTP goes: keeps cookies, follows a redirect only when told, fills in the hosted UI's form.

use std::{collections::HashMap, sync::Arc};

use reqwest::{
    Client, Response,
    cookie::{CookieStore, Jar},
    header::{ACCEPT, LOCATION, SET_COOKIE},
    redirect::Policy,
};

use crate::{app::TestApp, form::Form};

pub(crate) const DEMO: (&str, &str) = ("demo@example.com", "Demo-Passw0rd");
pub(crate) const ADMIN: (&str, &str) = ("admin@example.com", "Admin-Passw0rd");

/// The parameters of a URL.
pub(crate) fn query(url: &str) -> HashMap<String, String> {
    let url = reqwest::Url::parse(url).unwrap();
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// One browser profile.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) app: String,
    pub(crate) client: Client,
    jar: Arc<Jar>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: Option<String>,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn new(app: &TestApp) -> Self {
        Self::at(&app.url)
    }

    /// With an app that is served at this URL.
    pub(crate) fn at(url: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder().cookie_provider(jar.clone()).redirect(Policy::none()).build().unwrap();
        Self { app: url.to_owned(), client, jar }
    }

    /// Signed in by the whole way through the hosted UI.
    pub(crate) async fn signed_in(app: &TestApp, who: (&str, &str)) -> Self {
        let browser = Self::new(app);
        let page = browser.sign_in("/account", who).await;
        assert_eq!(page.location.as_deref(), Some("/account"), "{page:?}");
        browser
    }

    /// Asks for a document, by path or absolute URL.
    pub(crate) async fn get(&self, url: &str) -> Page {
        Page::read(self.client.get(self.absolute(url)).header(ACCEPT, "text/html").send().await.unwrap()).await
    }

    /// Calls a server function or the like.
    pub(crate) async fn get_json(&self, url: &str) -> Page {
        Page::read(self.client.get(self.absolute(url)).header(ACCEPT, "application/json").send().await.unwrap()).await
    }

    /// Submits a form.
    pub(crate) async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.client.post(self.absolute(url)).header(ACCEPT, "text/html");
        Page::read(request.header("Sec-Fetch-Site", "same-origin").form(fields).send().await.unwrap()).await
    }

    /// From the page asked for to Cognito's answer: the callback's URL, not yet followed.
    pub(crate) async fn go_to_callback(&self, page: &str, who: (&str, &str)) -> String {
        let answer = self.log_in(&self.begin(page).await, who).await;
        answer.location.unwrap_or_else(|| panic!("no way on from the login page: {}", answer.body))
    }

    /// Follows the hosted UI's URL and fills in its form, if it shows one; the answer is not followed.
    pub(crate) async fn log_in(&self, hosted_ui: &str, (email, password): (&str, &str)) -> Page {
        let (mut url, mut page) = (hosted_ui.to_owned(), self.get(hosted_ui).await);
        while let Some(location) = &page.location {
            url = self.resolve(&url, location);
            if url.starts_with(&self.app) {
                return page;
            }
            page = self.get(&url).await;
        }
        let form = Form::of(&page.body).unwrap_or_else(|| panic!("the hosted UI refused: {}", page.body));
        let mut fields: Vec<_> = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([("username", email), ("password", password)]);
        self.post(&self.resolve(&url, &form.action), &fields).await
    }

    /// Starts a sign-in by asking for a protected page; gives the hosted UI's URL.
    pub(crate) async fn begin(&self, page: &str) -> String {
        let refused = self.get(page).await;
        assert_eq!((refused.status, refused.body.as_str()), (302, ""), "a protected page is never rendered");
        let answer = self.get(&refused.location.unwrap()).await;
        assert_eq!(answer.status, 302, "{answer:?}");
        answer.location.unwrap()
    }

    /// The whole way; gives the callback's answer.
    pub(crate) async fn sign_in(&self, page: &str, who: (&str, &str)) -> Page {
        let callback = self.go_to_callback(page, who).await;
        self.get(&callback).await
    }

    /// The session as the browser's script gets it.
    pub(crate) async fn session(&self) -> serde_json::Value {
        let page = self.get_json("/api/auth/session").await;
        assert_eq!(page.status, 200, "{page:?}");
        serde_json::from_str(&page.body).unwrap()
    }

    /// Another tab, or a late request, or a thief: a profile of its own with the cookies of this one.
    pub(crate) fn copy(&self, app: &TestApp) -> Self {
        let copy = Self::new(app);
        self.cookies().iter().for_each(|cookie| copy.plant(cookie));
        copy
    }

    /// The cookies that the app gets, as `name=value`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let url = self.app.parse().unwrap();
        let header = self.jar.cookies(&url);
        let text = header.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        text.split("; ").filter(|pair| !pair.is_empty()).map(str::to_owned).collect()
    }

    /// Puts a cookie into the jar, as an attacker or a copy would.
    pub(crate) fn plant(&self, cookie: &str) {
        self.jar.add_cookie_str(&format!("{cookie}; Path=/"), &self.app.parse().unwrap());
    }

    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.app) } else { url.to_owned() }
    }

    fn resolve(&self, base: &str, location: &str) -> String {
        reqwest::Url::parse(base).unwrap().join(location).unwrap().into()
    }
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

    /// The names of the cookies that this answer sets (not those it clears).
    pub(crate) fn sets(&self) -> Vec<String> {
        let values = self.set_cookies();
        let set = values.iter().filter(|value| !value.contains("Max-Age=0"));
        set.filter_map(|value| value.split('=').next()).map(str::to_owned).collect()
    }

    /// The typed error that this answer is: its code, and the reference under which the log has more.
    pub(crate) fn error(&self) -> (String, String) {
        let error: serde_json::Value = serde_json::from_str(&self.body).unwrap();
        let text = |name: &str| error[name].as_str().unwrap_or_else(|| panic!("no {name}: {self:?}")).to_owned();
        (text("code"), text("reference"))
    }

    /// The code of the failed sign-in that this answer leads to.
    pub(crate) fn failure(&self) -> Option<String> {
        let location = self.location.as_deref()?.strip_prefix("/sign-in-failed?")?;
        location.split('&').find_map(|pair| pair.strip_prefix("error=")).map(str::to_owned)
    }
}
