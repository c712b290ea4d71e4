//! Cookies of the app's names that are not this server's: another program's on the same host, a sibling domain's, or those
//! of a server that knows a newer secret. They hide nothing, and they are left alone.

use leptos_cognito::server::{Purpose, Sealer, SessionSecrets};
use serde_json::json;

use crate::{
    app::{SECRET, TestApp},
    browser::{Browser, DEMO, Page},
    cookies::three_chunks,
    sealed::{OTHER_SECRET, claims, seal},
};

/// What is not this server's, as a cookie's value.
fn foreign(purpose: Purpose) -> [String; 4] {
    let sealer = Sealer::new(purpose, &SessionSecrets::parse(OTHER_SECRET).unwrap()).unwrap();
    ["another-programs".to_owned(), String::new(), "3~x".to_owned(), sealer.seal(&json!({"sub": "x"})).unwrap()]
}

async fn ask(app: &TestApp, path: &str, cookies: &str) -> Page {
    let request = Browser::new(app).client.get(format!("{}{path}", app.url)).header("Accept", "text/html");
    Page::read(request.header("Cookie", cookies).send().await.unwrap()).await
}

#[tokio::test]
async fn b22_a_foreign_cookie_of_the_same_name_hides_no_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let own = browser.cookies().remove(0);
    let damaged = format!("{}A", own);
    for other in
        foreign(Purpose::Session).iter().map(|value| format!("{}={value}", app.cookie("session"))).chain([damaged])
    {
        for cookies in
            [format!("{other}; {own}"), format!("{own}; {other}"), format!("{other}; {other}; {own}; {other}")]
        {
            let page = ask(&app, "/account", &cookies).await;
            assert!(page.status == 200 && page.body.contains(DEMO.0), "{cookies}: {page:?}");
        }
    }
    // Sealed with this server's own secret, it is tried as well, and what comes after it too.
    let mut broken = claims(&browser);
    broken["sub"] = json!(1);
    let page = ask(&app, "/account", &format!("{}; {own}", seal(&app, &broken, SECRET))).await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn b22_a_foreign_chunk_hides_no_session() {
    let app = TestApp::start().await;
    let [first, second, third] = three_chunks(&app).await;
    let name = app.cookie("session");
    let [zero, one, two] = [name.clone(), format!("{name}.1"), format!("{name}.2")];
    let own = [(&zero, first), (&one, second), (&two, third)].map(|(name, value)| format!("{name}={value}"));
    for other in foreign(Purpose::Session) {
        for names in [&[&one][..], &[&two], &[&zero], &[&zero, &one, &two]] {
            let others: Vec<_> = names.iter().map(|name| format!("{name}={other}")).collect();
            for cookies in [[&others[..], &own].concat(), [&own[..], &others].concat()] {
                let page = ask(&app, "/api/auth/session", &cookies.join("; ")).await;
                assert!(page.body.contains(DEMO.0), "{other:?} as {names:?}");
            }
        }
    }
}

#[tokio::test]
async fn however_many_foreign_cookies_come_the_answer_does() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let own = browser.cookies().remove(0);
    let head = own.split("..").next().unwrap();
    let name = app.cookie("session");
    let cheap = format!("{name}=another-programs; ").repeat(400);
    assert_eq!(
        ask(&app, "/account", &format!("{cheap}{own}")).await.status,
        200,
        "what is obviously another's costs nothing"
    );
    let many = |name: &str| format!("{name}={head}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA; ");
    let forged = format!("{}{}", many(&name).repeat(40), many(&format!("{name}.1")).repeat(40));
    let page = ask(&app, "/api/auth/session", &forged).await;
    assert_eq!((page.status, page.body.as_str()), (200, "null"));
}

#[tokio::test]
async fn b05_a_foreign_cookie_hides_no_sign_in_under_way() {
    let app = TestApp::start().await;
    for (index, other) in foreign(Purpose::SignIn).into_iter().enumerate() {
        let browser = Browser::new(&app);
        let callback = browser.go_to_callback("/account", DEMO).await;
        let own = browser.cookies().remove(0);
        let other = format!("{}={other}", own.split('=').next().unwrap());
        let cookies = if index % 2 == 0 { format!("{other}; {own}") } else { format!("{own}; {other}") };
        let page = ask(&app, &callback.replace(&app.url, ""), &cookies).await;
        assert_eq!(page.location.as_deref(), Some("/account"), "{other}: {page:?}");
    }
}

/// Two servers while a new secret is rolled out: one knows it already, and one does not. A browser goes to and fro.
#[tokio::test]
async fn b05_b23_a_sign_in_under_way_outlives_what_other_servers_do_while_a_secret_is_rolled_out() {
    let app = TestApp::start().await;
    let new = app.start_another_with(&[("SESSION_SECRETS", format!("{OTHER_SECRET},{SECRET}"))]).await;
    let begun = Browser::new(&new);
    let hosted_ui = begun.begin("/account").await;
    let callback = begun.log_in(&hosted_ui, DEMO).await.location.unwrap();
    let pending = begun.cookies().remove(0);

    let browser = begun.copy(&app);
    let answers = [
        browser.get("/api/auth/signin").await,
        browser.sign_in("/account", DEMO).await,
        browser.get("/api/auth/callback/cognito?code=x&state=y").await,
        browser.post("/api/auth/signout", &[]).await,
    ];
    for answer in answers {
        let touched = answer.set_cookies().iter().any(|set| set.starts_with(pending.split('=').next().unwrap()));
        assert!(!touched, "{answer:?}");
    }
    assert_eq!(browser.personal_cookies(), [pending], "what the old server does not know is left alone, and only that");
    let landed = browser.copy(&new).get(&callback.replace(&app.url, &new.url)).await;
    assert_eq!(landed.location.as_deref(), Some("/account"), "{landed:?}");
}
