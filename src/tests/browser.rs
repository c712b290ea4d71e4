//! A browser as far as HTTP goes: keeps cookies, follows a redirect only when told, fills in the hosted UI's form.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use reqwest::{
    Client, Method, RequestBuilder, Response,
    cookie::{CookieStore, Jar},
    header::{ACCEPT, LOCATION, SET_COOKIE},
    redirect::Policy,
};

use crate::{
    app::{TestApp, plain_name},
    form::Form,
    routes::Protected,
};

pub(crate) const DEMO: (&str, &str) = ("demo@example.com", "Demo-Passw0rd");
pub(crate) const ADMIN: (&str, &str) = ("admin@example.com", "Admin-Passw0rd");

/// The parameters of a URL.
pub(crate) fn query(url: &str) -> HashMap<String, String> {
    reqwest::Url::parse(url).unwrap().query_pairs().into_owned().collect()
}

/// One browser profile.
#[derive(Clone)]
pub(crate) struct Browser {
    pub(crate) app: String,
    pub(crate) client: Client,
    jar: Arc<Jar>,
    heard: Arc<Mutex<String>>,
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
        Self { app: url.to_owned(), client, jar, heard: Arc::default() }
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
        self.send(self.client.get(self.absolute(url)).header(ACCEPT, "text/html")).await
    }

    /// Calls a server function or the like.
    pub(crate) async fn get_json(&self, url: &str) -> Page {
        self.send(self.client.get(self.absolute(url)).header(ACCEPT, "application/json")).await
    }

    /// Asks for a document, or calls a server function, whichever the path is.
    pub(crate) async fn ask(&self, path: &str) -> Page {
        if path.starts_with("/api/") { self.get_json(path).await } else { self.get(path).await }
    }

    /// Asks for a page or calls a server function of the app's table.
    pub(crate) async fn request(&self, route: &Protected) -> Page {
        match &route.call {
            None => self.get(&route.path).await,
            Some(method) => {
                let request = self.client.request(method.clone(), self.absolute(&route.path));
                let request = request.header(ACCEPT, "application/json").header("Sec-Fetch-Site", "same-origin");
                let is_sent = *method == Method::POST;
                self.send(if is_sent { request.form(&route.arguments) } else { request }).await
            }
        }
    }

    /// The `sub` of whoever is signed in; nothing where nobody is.
    pub(crate) async fn person(&self) -> String {
        self.session().await["user"]["sub"].as_str().unwrap_or_default().to_owned()
    }

    /// Submits a form.
    pub(crate) async fn post(&self, url: &str, fields: &[(&str, &str)]) -> Page {
        let request = self.client.post(self.absolute(url)).header(ACCEPT, "text/html");
        self.send(request.header("Sec-Fetch-Site", "same-origin").form(fields)).await
    }

    async fn send(&self, request: RequestBuilder) -> Page {
        let answer = request.send().await.unwrap();
        let url = answer.url().to_string();
        let page = Page::read(answer).await;
        // Of other sites, where people type and Cognito knows them, only where they were and where they were sent.
        let told = if url.starts_with(&self.app) { format!("{page:?}") } else { format!("{:?}", page.location) };
        self.heard.lock().unwrap().push_str(&format!("{url}\n{told}\n"));
        page
    }

    /// Every URL asked for, with all that the app answered.
    pub(crate) fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
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
        self.get(&self.go_to_callback(page, who).await).await
    }

    /// The session as the browser's script gets it.
    pub(crate) async fn session(&self) -> serde_json::Value {
        let Page { status: 200, body, .. } = self.get_json("/api/auth/session").await else { panic!("no answer") };
        serde_json::from_str(&body).unwrap()
    }

    /// Another tab, or a late request, or a thief: a profile of its own with the cookies of this one.
    pub(crate) fn copy(&self, app: &TestApp) -> Self {
        let copy = Self::new(app);
        self.cookies().iter().for_each(|cookie| copy.plant(cookie));
        copy
    }

    /// The same browser at another app: one jar for both.
    pub(crate) fn visit(&self, app: &TestApp) -> Self {
        Self { app: app.url.clone(), ..self.clone() }
    }

    /// The cookies that the app gets, as `name=value`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let url = self.app.parse().unwrap();
        let header = self.jar.cookies(&url);
        let text = header.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        text.split("; ").filter(|pair| !pair.is_empty()).map(str::to_owned).collect()
    }

    /// Without the note that somebody signed out, which names nobody.
    pub(crate) fn personal_cookies(&self) -> Vec<String> {
        self.cookies().into_iter().filter(|cookie| !cookie.contains("signed-out")).collect()
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

    /// The code of the failed sign-in that this answer leads to.
    pub(crate) fn failure(&self) -> Option<String> {
        let location = self.location.as_deref()?.strip_prefix("/sign-in-failed?")?;
        location.split('&').find_map(|pair| pair.strip_prefix("error=")).map(str::to_owned)
    }
}
