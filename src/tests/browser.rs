//! A browser as far as HTTP goes: keeps cookies, follows a redirect only when told, fills in the hosted UI's form.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use reqwest::{
    Client, Method, RequestBuilder,
    cookie::{CookieStore, Jar},
    header::{ACCEPT, HOST},
    redirect::Policy,
};

pub(crate) use crate::page::Page;
use crate::{app::TestApp, form::Form, routes::Protected};

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
    /// The app's own host, as a proxy in front of it passes it on.
    host: String,
    pub(crate) client: Client,
    jar: Arc<Jar>,
    heard: Arc<Mutex<String>>,
}

impl Browser {
    pub(crate) fn new(app: &TestApp) -> Self {
        Self { host: app.host(), ..Self::at(&app.url) }
    }

    /// With an app that is served at this URL.
    pub(crate) fn at(url: &str) -> Self {
        let jar = Arc::new(Jar::default());
        let client = Client::builder().cookie_provider(jar.clone()).redirect(Policy::none()).build().unwrap();
        let host = url.split("://").last().unwrap_or_default().to_owned();
        Self { app: url.to_owned(), host, client, jar, heard: Arc::default() }
    }

    /// Signed in by the whole way through the hosted UI.
    pub(crate) async fn signed_in(app: &TestApp, who: (&str, &str)) -> Self {
        let browser = Self::new(app);
        let page = browser.sign_in("/account", who).await;
        assert_eq!(page.location.as_deref(), Some("/account"), "{page:?}");
        browser.forget(|name| name.starts_with("sign-in"));
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
        let mut request = request.build().unwrap();
        if request.url().as_str().starts_with(&self.app) {
            request.headers_mut().insert(HOST, self.host.parse().unwrap());
        }
        let answer = self.client.execute(request).await.unwrap();
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
        let mut location = answer.location.unwrap();
        if location.contains("/logout?") {
            // After a limit or a verdict: by way of the home page to a sign-in that asks for the password.
            for _ in 0..3 {
                location = self.get(&location).await.location.unwrap();
            }
        }
        location
    }

    /// Follows redirects, across sites, to the first answer that is none; gives its URL, too.
    pub(crate) async fn follow(&self, url: &str) -> (String, Page) {
        let mut url = self.absolute(url);
        for _ in 0..12 {
            let page = self.get(&url).await;
            match &page.location {
                Some(location) if (300..400).contains(&page.status) => url = self.resolve(&url, location),
                _ => return (url, page),
            }
        }
        panic!("redirects without end: {url}");
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
        Self { app: app.url.clone(), host: app.host(), ..self.clone() }
    }

    /// The cookies that the app gets, as `name=value`.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let url = self.app.parse().unwrap();
        let header = self.jar.cookies(&url);
        let text = header.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        text.split("; ").filter(|pair| !pair.is_empty()).map(str::to_owned).collect()
    }

    /// Without the notes that a session has ended, which name nobody.
    pub(crate) fn personal_cookies(&self) -> Vec<String> {
        let is_note = |cookie: &String| cookie.contains("signed-out") || cookie.contains("reauthenticate");
        self.cookies().into_iter().filter(|cookie| !is_note(cookie)).collect()
    }

    /// Drops cookies of the app by their names.
    pub(crate) fn forget(&self, is_dropped: impl Fn(&str) -> bool) {
        let names = self.cookies().into_iter().filter_map(|cookie| Some(cookie.split_once('=')?.0.to_owned()));
        names.filter(|name| is_dropped(name)).for_each(|name| self.plant(&format!("{name}=; Max-Age=0")));
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
