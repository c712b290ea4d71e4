//! A form that a browser sends by itself after its session has ended: what was typed comes back in a page.

use base64::{Engine, engine::general_purpose::URL_SAFE};
use reqwest::{
    Method,
    header::{ACCEPT, CONTENT_TYPE, REFERER},
};

use crate::{
    app::TestApp,
    browser::{Browser, DEMO, Page},
    form::Form,
    raw::RawClient,
};

const SAVE: &str = "/api/notes/save";

/// Sends the note from the page `from`, as a document's form that was rendered for `browser`.
async fn send(browser: &Browser, action: &str, from: &str, note: &str) -> reqwest::Response {
    send_as(browser, &browser.person().await, action, from, note).await
}

/// As [`send`], with a form that was rendered for that person.
async fn send_as(browser: &Browser, person: &str, action: &str, from: &str, note: &str) -> reqwest::Response {
    let request = browser.client.post(format!("{}{action}", browser.app)).header(ACCEPT, "text/html,*/*;q=0.8");
    let request = request.header("Sec-Fetch-Site", "same-origin").header(REFERER, format!("{}{from}", browser.app));
    request.form(&[("note", note), ("person", person)]).send().await.unwrap()
}

#[tokio::test]
async fn what_was_typed_is_in_a_form_again_and_is_sent_to_where_it_would_have_gone() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    let note = "a </textarea><script>alert(1)</script> & \"more\"\nlines";
    let answer = send(&nobody, SAVE, "/notes?x=1", note).await;
    assert_eq!(answer.status(), 401);
    let page = answer.text().await.unwrap();
    assert!(page.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; "), "{page}");
    let scripts = |text: &str| page.matches(text).count();
    assert_eq!(scripts("<script"), scripts("<script nonce=\""), "nothing of what was typed runs: {page}");
    assert!(!page.contains("/pkg/leptos-cognito.js"), "the program does not come along: {page}");
    assert!(page.contains(r#"href="/api/auth/signin?return_to=/signed-in" target="_blank""#), "{page}");
    let action = Form::of(&page).unwrap().action;
    assert_eq!(action, "/api/notes/save?kept_from=%2Fnotes%3Fx%3D1");

    // Sent too soon it is kept again, in the same form.
    let again = send(&nobody, &action, SAVE, note).await.text().await.unwrap();
    assert_eq!(Form::of(&again).unwrap().action, action);

    // Signed in, it is saved, and the way leads back to the page of the first form.
    let demo = Browser::signed_in(&app, DEMO).await;
    let saved = send(&demo, &action, SAVE, note).await;
    assert_eq!(saved.status(), 302);
    assert_eq!(saved.headers()["location"].to_str().unwrap(), format!("{}/notes?x=1", app.url));
    let last: String = serde_json::from_str(&demo.get_json("/api/notes/last").await.body).unwrap();
    assert_eq!(last, note);
}

#[tokio::test]
async fn the_page_has_the_headers_of_a_page_that_depends_on_the_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let demo = browser.person().await;
    app.cognito.revoke_all(DEMO.0);
    app.advance(3700);
    let answer = send_as(&browser, &demo, SAVE, "/notes", "text").await;
    assert_eq!(answer.status(), 401);
    let header = |name| answer.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    assert_eq!((header("cache-control"), header("vary")), ("private, no-store", "Cookie"));
    assert!(header("content-security-policy").contains("style-src 'self'"), "it is a page, and has its style");
    assert!(header("set-cookie").contains("Max-Age=0"), "the ended session's cookie goes: {}", header("set-cookie"));
    assert!(browser.personal_cookies().is_empty());
}

#[tokio::test]
async fn the_address_keeps_its_other_parts_and_the_page_its_theme() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    nobody.plant(&format!("{}=dark", app.cookie("theme")));
    let page = send(&nobody, &format!("{SAVE}?a=1&b=x%26y"), "/notes", "text").await.text().await.unwrap();
    assert_eq!(Form::of(&page).unwrap().action, "/api/notes/save?a=1&b=x%26y&kept_from=%2Fnotes");
    assert!(page.contains("data-theme=\"dark\""), "{page}");
}

#[tokio::test]
async fn an_address_alone_makes_nobody_signed_out() {
    let app = TestApp::start().await;
    let demo = Browser::signed_in(&app, DEMO).await;
    // The theme's form leads back to where it was sent from, whatever that address says.
    let told = URL_SAFE.encode(r#"{"code":"signed_out","retry_after_secs":0}"#);
    let from = format!("{}/notes?__err={told}", app.url);
    let form = demo.client.post(format!("{}/api/theme", app.url)).form(&[("theme", "dark")]);
    let answer = form.header(ACCEPT, "text/html").header(REFERER, &from).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, from.as_str()));
}

#[tokio::test]
async fn a_form_of_unknown_length_is_refused_and_not_read() {
    let app = TestApp::start().await;
    let head = "POST /api/notes/save HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nsec-fetch-site: same-origin\r\n\
                content-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut client = RawClient::sending(&app.url, format!("{head}5\r\nnote=\r\n4\r\nxxxx\r\n0\r\n\r\n")).await;
    let answer = client.answer().await;
    assert_eq!(answer.status, 401, "{answer:?}");
    assert!(!answer.body.contains("xxxx") && answer.body.contains("Back button"), "{answer:?}");
}

#[tokio::test]
async fn nobody_is_led_off_the_site() {
    let app = TestApp::start().await;
    let (nobody, demo) = (Browser::new(&app), Browser::signed_in(&app, DEMO).await);
    let kept = |page: String| Form::of(&page).unwrap().action;
    let request = |referer: &str| {
        let request =
            nobody.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "text/html").header(REFERER, referer);
        request.form(&[("note", "x")]).send()
    };
    for referer in ["https://evil.example/notes", &format!("{}//evil.example", app.url), "nonsense"] {
        let action = kept(request(referer).await.unwrap().text().await.unwrap());
        assert_eq!(action, "/api/notes/save?kept_from=%2F", "{referer}");
    }
    for evil in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2Fapi%2Fauth%2Fsignin"] {
        let saved = send(&demo, &format!("{SAVE}?kept_from={evil}"), SAVE, "x").await;
        // Leptos leaves the question mark of an empty query.
        let location = saved.headers()["location"].to_str().unwrap().trim_end_matches('?');
        assert_eq!(location, format!("{}/", app.url), "{evil}");
    }
}

#[tokio::test]
async fn a_long_form_is_not_kept_and_the_page_says_what_helps() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    let form = |bytes: usize| format!("note={}", "x".repeat(bytes - 5));
    let post = |body: String| {
        let request = nobody.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "text/html");
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send()
    };
    let page = post(form(16 * 1024)).await.unwrap().text().await.unwrap();
    assert!(page.contains("xxxx") && Form::of(&page).unwrap().action.starts_with(SAVE));
    let answer = post(form(16 * 1024 + 1)).await.unwrap();
    assert_eq!(answer.status(), 401);
    let page = answer.text().await.unwrap();
    assert!(!page.contains("xxxx") && page.contains("Back button"), "{page}");
}

#[tokio::test]
async fn calls_and_other_sites_get_what_they_got_before() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    let post = |accept: &'static str, site: &'static str| {
        let request =
            nobody.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, accept).header("Sec-Fetch-Site", site);
        request.form(&[("note", "x")]).send()
    };
    let call = post("application/json", "same-origin").await.unwrap();
    assert_eq!(call.status(), 401);
    assert!(call.text().await.unwrap().starts_with(r#"{"code":"signed_out""#));
    let foreign = post("text/html", "cross-site").await.unwrap();
    assert_eq!(foreign.status(), 403);
    assert!(foreign.text().await.unwrap().starts_with(r#"{"code":"invalid_request""#));
    // What cannot be in a form again: another kind of body, and what no form sends.
    for (method, path, kind) in [
        (Method::POST, SAVE, "multipart/form-data; boundary=x"),
        (Method::GET, "/api/notes/last", "application/x-www-form-urlencoded"),
    ] {
        let request = nobody.client.request(method, format!("{}{path}", app.url)).header(ACCEPT, "text/html");
        let answer = request.header(CONTENT_TYPE, kind).body("note=x").send().await.unwrap();
        assert_eq!(answer.status(), 401, "{path}");
        assert!(answer.text().await.unwrap().starts_with(r#"{"code":"signed_out""#), "{path}");
    }
    // Nor is the sign-out, or a page that is not there, taken for such a form.
    for (path, status) in [("/api/auth/signout", 303), ("/no-such-page", 404)] {
        let Page { status: answered, .. } = nobody.post(path, &[("a", "b")]).await;
        assert_eq!(answered, status, "{path}");
    }
}

#[tokio::test]
async fn a_note_is_one_persons_and_has_its_limit() {
    let app = TestApp::start().await;
    let (demo, admin) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, crate::browser::ADMIN).await);
    let save = async |browser: &Browser, note: &str| {
        let request = browser.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "application/json");
        let form = [("note", note), ("person", &browser.person().await)];
        Page::read(request.form(&form).send().await.unwrap()).await
    };
    assert_eq!(save(&demo, "mine\r\nalone").await.body, "\"mine\\nalone\"");
    assert_eq!(admin.get_json("/api/notes/last").await.body, "null");
    // A browser counts UTF-16 units: what it lets through is kept.
    assert_eq!(save(&admin, &"ä".repeat(4096)).await.body, format!("\"{}\"", "ä".repeat(4096)));
    // Whose mistake it is the status says too, of arguments that are missing as well.
    let mistaken = (400, r#"{"code":"invalid_request"}"#.to_owned());
    assert_eq!(save(&demo, &"x".repeat(4097)).await.refusal(), mistaken);
    let request = demo.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "application/json");
    assert_eq!(Page::read(request.form(&[("note", "no person")]).send().await.unwrap()).await.refusal(), mistaken);
    assert_eq!(send(&demo, SAVE, "/notes", &"x".repeat(4097)).await.status(), 302, "signing in again would not help");
    assert_eq!(demo.get_json("/api/notes/last").await.body, "\"mine\\nalone\"");
    assert!(demo.get("/notes").await.body.contains("mine\nalone"), "rendered on the server");
}

#[tokio::test]
async fn what_one_person_typed_is_not_sent_in_the_name_of_another() {
    let app = TestApp::start().await;
    let (demo, admin) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, crate::browser::ADMIN).await);
    let demos = demo.person().await;
    // The server function meets somebody else's session; the form comes back as if it had been the guard.
    let kept = send_as(&admin, &demos, SAVE, "/notes", "not for the admin").await;
    assert_eq!(kept.status(), 401);
    let page = kept.text().await.unwrap();
    assert!(page.contains("not for the admin"), "{page}");
    let form = Form::of(&page).unwrap();
    assert_eq!(form.hidden, [("person".to_owned(), demos.clone())], "whose it is goes along");
    let again = send_as(&admin, &demos, &form.action, SAVE, "not for the admin").await;
    assert_eq!(again.status(), 401);
    assert_eq!(admin.get_json("/api/notes/last").await.body, "null");
    // A call gets the typed error.
    let call = admin.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "application/json");
    let call = call.form(&[("note", "x"), ("person", &demos)]).send().await.unwrap();
    assert_eq!(call.status(), 401);
    assert!(call.text().await.unwrap().starts_with(r#"{"code":"signed_out""#));

    assert_eq!(send_as(&demo, &demos, &form.action, SAVE, "mine").await.status(), 302);
    assert_eq!(demo.get_json("/api/notes/last").await.body, "\"mine\"");
}

#[tokio::test]
async fn a_form_of_too_many_fields_is_not_kept_in_part() {
    let app = TestApp::start().await;
    let nobody = Browser::new(&app);
    let post = |fields: usize| {
        let fields: Vec<_> = (0..fields).map(|field| (format!("field{field}"), "typed")).collect();
        nobody.client.post(format!("{}{SAVE}", app.url)).header(ACCEPT, "text/html").form(&fields).send()
    };
    let page = post(100).await.unwrap().text().await.unwrap();
    assert!(page.contains("field99") && page.contains("Nothing is lost"), "{page}");
    let page = post(101).await.unwrap().text().await.unwrap();
    assert!(!page.contains("typed") && page.contains("Back button"), "{page}");
}
