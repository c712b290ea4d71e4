//! Damaged, swapped and foreign cookies read as "no session": a redirect, never an error (B22).

use crate::{
    app::TestApp,
    browser::{Browser, DEMO},
};

#[tokio::test]
pub(crate) async fn tampered_truncated_and_foreign_cookies_are_no_session() {
    let app = TestApp::start().await;
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let other_app = TestApp::start().await;
    let (name, value) = session.split_once('=').unwrap();
    let middle = value.len() / 2;
    let flipped = if &value[middle..=middle] == "A" { "B" } else { "A" };
    for damaged in [
        format!("{}{flipped}{}", &value[..middle], &value[middle + 1..]),
        value[..middle].to_owned(),
        value[1..].to_owned(),
        format!("{value}A"),
        format!("2~{value}"),
        String::new(),
        "....".to_owned(),
        "x".repeat(4000),
    ] {
        let browser = Browser::new(&app);
        browser.plant(&format!("{name}={damaged}"));
        let page = browser.get("/account").await;
        assert_eq!((page.status, page.body.as_str()), (302, ""), "{damaged}");
        assert_eq!(browser.get("/").await.status, 200, "{damaged}");
    }
    let elsewhere = Browser::new(&other_app);
    elsewhere.plant(&session);
    assert_eq!(elsewhere.get("/account").await.status, 302, "same secret, another issuer");
}

#[tokio::test]
async fn a_sign_in_cookie_is_no_session() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    browser.begin("/account").await;
    let cookie = browser.cookies().remove(0);
    browser.plant(&format!("session={}", cookie.split_once('=').unwrap().1));
    assert_eq!(browser.get("/account").await.status, 302);
}

#[tokio::test]
pub(crate) async fn a_typical_session_is_one_cookie_with_the_right_attributes() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let answer = browser.sign_in("/account", DEMO).await;
    let values: Vec<_> =
        answer.headers.get_all("set-cookie").into_iter().map(|value| value.to_str().unwrap()).collect();
    let session: Vec<_> = values.iter().filter(|value| value.starts_with("session")).collect();
    assert_eq!(session.len(), 1, "{values:?}");
    assert!(session[0].len() <= 4096, "{} bytes", session[0].len());
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(values.iter().all(|value| value.contains(attribute) && !value.contains("Domain")), "{attribute}");
    }
}
