//! Damaged, swapped and foreign cookies read as "no session": a redirect, never an error (B22).

use std::io::Read;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use local_cognito::Tamper;
use serde_json::json;

use crate::{
    app::TestApp,
    browser::{Browser, DEMO, Page, query},
};

const BASE64URL: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// With another letter at that place; of the same alphabet, so that what is decoded differs by a few bits and no more.
fn flipped(value: &str, at: usize) -> String {
    let letter = value.as_bytes()[at];
    let other = BASE64URL.iter().position(|own| *own == letter).map_or(b'A', |index| BASE64URL[index ^ 1]);
    format!("{}{}{}", &value[..at], char::from(other), &value[at + 1..])
}

/// What the app says to somebody with these cookies: a page, its home page, the session. Nobody is signed in.
async fn assert_nobody(app: &TestApp, cookies: &str) {
    let client = &Browser::new(app).client;
    for (path, status, body) in
        [("/account", 302, Some("")), ("/", 200, None), ("/api/auth/session", 200, Some("null"))]
    {
        let request = client.get(format!("{}{path}", app.url)).header("Cookie", cookies);
        let page = Page::read(request.send().await.unwrap()).await;
        assert_eq!(page.status, status, "{path} with {cookies}");
        assert!(body.is_none_or(|body| page.body == body) && !page.body.contains(DEMO.0), "{path} with {cookies}");
        assert!(page.sets().is_empty(), "{path} with {cookies}");
    }
}

/// The cookies of somebody with so long a name that the session takes three of them.
pub(crate) async fn three_chunks(app: &TestApp) -> [String; 3] {
    let name: String = std::iter::repeat_with(fastrand::alphanumeric).take(6000).collect();
    app.cognito.tamper_next_id_token(Tamper::Claims(vec![("name", json!(name))]));
    let browser = Browser::signed_in(app, DEMO).await;
    assert_eq!(browser.session().await["user"]["name"], name, "together they are a session");
    let cookies = browser.cookies();
    let name = app.cookie("session");
    let values = ["=", ".1=", ".2="].map(|rest| {
        let name = format!("{name}{rest}");
        cookies.iter().find_map(|cookie| cookie.strip_prefix(&name)).unwrap_or_else(|| panic!("no {name}")).to_owned()
    });
    assert_eq!(cookies.len(), 3);
    values
}

fn chunks(name: &str, [first, second, third]: [&str; 3]) -> String {
    format!("{name}={first}; {name}.1={second}; {name}.2={third}")
}

#[tokio::test]
pub(crate) async fn b22_tampered_truncated_and_foreign_cookies_are_no_session() {
    let app = TestApp::start().await;
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let (name, value) = session.split_once('=').unwrap();
    let middle = value.len() / 2;
    for damaged in [
        flipped(value, middle),
        value[..middle].to_owned(),
        value[1..].to_owned(),
        format!("{value}A"),
        format!("2~{value}"),
        format!("0~{value}"),
        format!("~{value}"),
        value.replace("..", ".AA."),
        String::new(),
        "....".to_owned(),
        "x".repeat(4000),
    ] {
        assert_nobody(&app, &format!("{name}={damaged}")).await;
    }
    let other_app = TestApp::start().await;
    let elsewhere = Browser::new(&other_app);
    elsewhere.plant(&session.replacen(name, &other_app.cookie("session"), 1));
    assert_eq!(elsewhere.get("/account").await.status, 302, "same secret, another issuer");
}

/// What the parts of a sealed value say to somebody without the key: as they are, and inflated.
fn legible(sealed: &str) -> String {
    let parts = sealed.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap());
    let texts = parts.map(|part| {
        let mut inflated = Vec::new();
        let _ = flate2::read::DeflateDecoder::new(&part[..]).read_to_end(&mut inflated);
        String::from_utf8_lossy(&part).into_owned() + &String::from_utf8_lossy(&inflated)
    });
    texts.collect()
}

#[tokio::test]
async fn b22_what_is_in_the_cookies_cannot_be_read() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let hosted_ui = browser.begin("/account?tab=1").await;
    let pending = legible(browser.cookies()[0].split_once('=').unwrap().1);
    for secret in [&query(&hosted_ui)["state"], &query(&hosted_ui)["nonce"], "/account"] {
        assert!(pending.contains("A256GCM") && !pending.contains(secret), "{pending}");
    }
    let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
    browser.get(&callback).await;
    let sub = browser.session().await["user"]["sub"].as_str().unwrap().to_owned();
    let session = legible(browser.cookies()[0].split_once('=').unwrap().1);
    for secret in [DEMO.0, &sub, &app.cognito.issuer(), "eyJ"] {
        assert!(session.contains("A256GCM") && !session.contains(secret), "{secret} in {session}");
    }
}

#[tokio::test]
async fn b22_with_any_letter_changed_or_cut_off_it_is_no_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let cookie = browser.cookies().remove(0);
    let (name, value) = cookie.split_once('=').unwrap();
    let url = format!("{}/api/auth/session", app.url);
    let flips = (0..value.len()).step_by(3).map(|at| flipped(value, at));
    let cuts = (0..value.len()).rev().step_by(11).map(|at| value[..at].to_owned());
    for damaged in flips.chain(cuts) {
        let answer = browser.client.get(&url).header("Cookie", format!("{name}={damaged}")).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (200, "null"), "{damaged}");
    }
    assert_eq!(browser.session().await["user"]["email"], DEMO.0, "untouched it is");
}

#[tokio::test]
async fn b22_swapped_missing_foreign_and_miscounted_chunks_are_no_session() {
    let app = TestApp::start().await;
    let (own, other) = (three_chunks(&app).await, three_chunks(&app).await);
    let name = &app.cookie("session");
    let chunks = |parts: [&str; 3]| chunks(name, parts);
    let [a, b, c] = own.each_ref().map(String::as_str);
    let [other_a, other_b, other_c] = other.each_ref().map(String::as_str);
    let head = a.strip_prefix("3~").unwrap();
    let counted = |count: &str| format!("{count}~{head}");
    let mut damaged = vec![
        chunks([a, c, b]),
        chunks([b, a, c]),
        chunks([c, b, a]),
        chunks([b, c, a]),
        chunks([c, a, b]),
        chunks([a, b, other_c]),
        chunks([a, other_b, c]),
        chunks([other_a, b, c]),
        chunks([a, other_b, other_c]),
        chunks([a, b, b]),
        chunks([a, b, ""]),
        chunks([a, "", c]),
        chunks([a, b, &c[..c.len() - 1]]),
        chunks([a, &flipped(b, 100), c]),
        chunks([a, b, &flipped(c, c.len() - 1)]),
        chunks([head, b, c]),
        format!("{name}={a}"),
        format!("{name}={a}; {name}.1={b}"),
        format!("{name}={a}; {name}.2={c}"),
        format!("{name}.1={b}; {name}.2={c}"),
        format!("{name}={a}; {name}.1={b}; {name}.3={c}"),
    ];
    let counts = ["0", "1", "2", "4", "-1", "3.0", "", " 3", "3 ", "99999999999999999999", "3~3"];
    damaged.extend(counts.iter().map(|count| chunks([&counted(count), b, c])));
    for cookies in damaged {
        assert_nobody(&app, &cookies).await;
    }
    let client = &Browser::new(&app).client;
    let whole = client.get(format!("{}/api/auth/session", app.url)).header("Cookie", chunks([a, b, c]));
    assert!(whole.send().await.unwrap().text().await.unwrap().contains(DEMO.0));
}

#[tokio::test]
async fn b22_one_purpose_never_opens_as_another() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let pending = browser.cookies().remove(0);
    let (name, value) = pending.split_once('=').unwrap();
    assert_nobody(&app, &format!("{}={value}", app.cookie("session"))).await;
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let before = app.cognito.count("token:authorization_code");
    let thief = Browser::new(&app);
    thief.plant(&format!("{name}={}", session.split_once('=').unwrap().1));
    assert_eq!(thief.get(&callback).await.failure().as_deref(), Some("starts_over"));
    assert_eq!(app.cognito.count("token:authorization_code"), before);
}

#[tokio::test]
pub(crate) async fn b20_b21_a_typical_session_is_one_cookie_with_the_right_attributes() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let answer = browser.sign_in("/account", DEMO).await;
    let values = answer.set_cookies();
    let session: Vec<_> = values.iter().filter(|value| value.starts_with("session")).collect();
    assert_eq!(session.len(), 1, "{values:?}");
    assert!(session[0].len() <= 4096, "{} bytes", session[0].len());
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(values.iter().all(|value| value.contains(attribute) && !value.contains("Domain")), "{attribute}");
    }
}

#[tokio::test]
async fn b04_b22_a_damaged_or_foreign_sign_in_cookie_is_none_and_no_error() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let callback = browser.go_to_callback("/account", DEMO).await;
    let cookie = browser.cookies().remove(0);
    let (name, value) = cookie.split_once('=').unwrap();
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let before = app.cognito.count("token:authorization_code");
    let mut damaged: Vec<_> = (0..value.len()).step_by(4).map(|at| flipped(value, at)).collect();
    damaged.extend((0..value.len()).step_by(31).map(|at| value[..at].to_owned()));
    damaged.push(session.split_once('=').unwrap().1.to_owned());
    damaged.extend(["....", "2~", "\"\"", "%00"].map(str::to_owned));
    assert!(damaged.len() > 80);
    let client = Browser::new(&app).client;
    for value in damaged {
        let answer = client.get(&callback).header("Cookie", format!("{name}={value}")).send().await.unwrap();
        let answer = Page::read(answer).await;
        assert_eq!((answer.status, answer.failure().as_deref()), (302, Some("starts_over")), "{value}");
    }
    assert_eq!(app.cognito.count("token:authorization_code"), before);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"), "untouched it works");
}
