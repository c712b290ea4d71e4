//! What a sign-out does with cookies: each one of the app's goes, with the attributes it was set with, or a browser would
//! keep it (RFC 6265 §5.3).

use local_cognito::UserSettings;
use reqwest::Method;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, Page},
};

/// Name and attributes of each cookie that an answer sets or clears, `Max-Age` apart.
fn cookies(page: &Page, clears: bool) -> Vec<(String, Vec<String>)> {
    let lines = page.headers.get_all("set-cookie").into_iter().map(|line| line.to_str().unwrap());
    let lines = lines.filter(|line| line.contains("Max-Age=0") == clears);
    let mut cookies: Vec<_> = lines
        .map(|line| {
            let mut parts = line.split("; ");
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            assert_eq!(value.is_empty(), clears, "{line}");
            let mut attributes: Vec<_> =
                parts.filter(|part| !part.starts_with("Max-Age=")).map(str::to_owned).collect();
            attributes.sort();
            (name.to_owned(), attributes)
        })
        .collect();
    cookies.sort();
    cookies
}

#[tokio::test]
async fn b38_every_cookie_goes_with_the_attributes_it_was_set_with() {
    let names: Vec<String> = (0..20_u64)
        .map(|seed| {
            let mut rng = fastrand::Rng::with_seed(seed);
            (0..128).map(|_| rng.alphanumeric()).collect()
        })
        .collect();
    let groups: Vec<&str> = names.iter().map(String::as_str).collect();
    let person = ("of.many.groups@example.com", "Very-Many-Gr0ups");
    let users = vec![UserSettings::new(person.0, person.1, "Very Many", &groups)];
    let app = TestApp::start_with(Wishes { users, ..Wishes::default() }).await;
    let browser = Browser::new(&app);
    let mut set = cookies(&browser.sign_in("/account", person).await, false);
    assert!(set.len() >= 2, "several chunks: {set:?}");
    for _ in 0..3 {
        set.extend(cookies(&browser.get("/api/auth/signin").await, false));
        app.advance(1);
    }
    set.sort();
    let kept = browser.cookies().into_iter().map(|cookie| cookie.split('=').next().unwrap().to_owned());
    let mut kept: Vec<_> = kept.collect();
    kept.sort();
    assert!(set.iter().map(|(name, _)| name).eq(&kept), "{set:?}");

    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!(cookies(&answer, true), set);
    let set_now: Vec<_> = cookies(&answer, false).into_iter().map(|(name, _)| name).collect();
    assert_eq!(set_now, [app.cookie("signed-out")]);
    assert!(browser.personal_cookies().is_empty(), "{:?}", browser.personal_cookies());
    let all = answer.headers.get_all("set-cookie").iter().count();
    assert_eq!(all, set.len() + 1, "each once");
}

#[tokio::test]
async fn b38_on_https_the_session_goes_with_the_attributes_it_was_set_with() {
    let app = TestApp::start().await;
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let session = session.replacen(&app.cookie("session"), "__Host-session", 1);
    let https = app.start_another_with(&[("APP_URL", "https://app.example.com".to_owned())]).await;
    app.advance(3700);
    let ask = async |method: Method, path: &str| {
        let request = Browser::new(&https).client.request(method, format!("{}{path}", https.url));
        let request = request.header("Cookie", &session).header("Sec-Fetch-Site", "same-origin");
        Page::read(request.send().await.unwrap()).await
    };
    let set = cookies(&ask(Method::GET, "/account").await, false);
    assert!(set[0].0 == "__Host-session" && set[0].1.iter().any(|attribute| attribute == "Secure"), "{set:?}");
    assert_eq!(cookies(&ask(Method::POST, "/api/auth/signout").await, true), set);
}

#[tokio::test]
async fn b38_a_session_that_does_not_open_goes_as_well_and_what_is_anothers_stays() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let (session, sign_in) = (app.cookie("session"), app.cookie("sign-in"));
    for junk in ["=2~damaged", ".1=damaged", ".2=left-over"] {
        browser.plant(&format!("{session}{junk}"));
    }
    browser.plant(&format!("{sign_in}.AAAAAAAAAAAA=damaged"));
    browser.plant("another-programs=its-own");
    let answer = browser.post("/api/auth/signout", &[]).await;
    assert_eq!((answer.status, cookies(&answer, true).len()), (303, 3));
    let mut left = browser.personal_cookies();
    left.sort();
    assert_eq!(left, ["another-programs=its-own".to_owned(), format!("{sign_in}.AAAAAAAAAAAA=damaged")]);
}
