//! A person's whole life with the app, with every token that Cognito ever gave it known: none of them is in anything that
//! the app answered or logged, nor in any URL (B28). What only a browser can tell, web storage, is in end2end.

use local_cognito::{Fault, Tamper};

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser},
    log::Log,
    recorder::Recorder,
    routes::protected,
    sealed::claims,
};

/// Shorter parts of a token may occur by chance.
const TELLING_CHARS: usize = 16;

/// Everything that needs somebody, and what does not.
async fn look_around(browser: &Browser) {
    for route in protected() {
        browser.request(&route).await;
        browser.get(&route.path).await;
    }
    for path in ["/", "/api/auth/session", "/api/auth/session?by_itself=true", "/no-such-page"] {
        browser.get(path).await;
        browser.get_json(path).await;
    }
}

async fn live(app: &TestApp, browser: &Browser) {
    look_around(browser).await;
    // Sign-ins that fail, each in its own way.
    let callback = browser.go_to_callback("/account", ADMIN).await;
    browser.get(&callback.replace("state=", "state=x")).await;
    browser.get("/api/auth/callback/cognito?error=server_error&error_description=x").await;
    browser.get(&callback.replace("code=", "code=x")).await;
    for tamper in [Tamper::Signature, Tamper::AtHash, Tamper::Nonce, Tamper::Expired] {
        app.cognito.tamper_next_id_token(tamper);
        let failed = browser.sign_in("/account", ADMIN).await;
        browser.get(&failed.location.unwrap()).await;
    }
    assert_eq!(browser.sign_in("/account", ADMIN).await.location.as_deref(), Some("/account"));
    look_around(browser).await;
    for hour in 1..=3 {
        app.advance(3600);
        look_around(browser).await;
        assert_eq!(browser.session().await["refresh_count"], hour);
    }
    for fault in [Fault::Throttle, Fault::InternalError, Fault::WafBlock] {
        app.cognito.fail_next("GetTokensFromRefreshToken", 1, fault);
        app.advance(3700);
        look_around(browser).await;
        app.advance(60);
        browser.get("/account").await;
    }
    app.cognito.tamper_next_id_token(Tamper::Subject);
    app.advance(3700);
    assert_eq!(browser.get("/account").await.status, 302, "another user's token ends the session");
    assert_eq!(browser.sign_in("/account", ADMIN).await.location.as_deref(), Some("/account"));
    let refused = browser.client.post(format!("{}/api/auth/signout", app.url)).header("Sec-Fetch-Site", "cross-site");
    assert_eq!(refused.send().await.unwrap().status(), 403);
    let out = browser.post("/api/auth/signout", &[]).await;
    browser.get(&out.location.unwrap()).await;
    look_around(browser).await;
}

#[tokio::test]
async fn b28_no_token_is_in_anything_that_the_app_answers_or_logs() {
    let recorder = Recorder::start().await;
    let wishes = Wishes { rotation: Some(0), settings: recorder.settings(), ..Wishes::default() };
    let app = TestApp::start_with(wishes).await;
    recorder.stand_before(&app.cognito.base_url());
    let log = Log::start();
    let browser = Browser::new(&app);
    live(&app, &browser).await;
    let kept = Browser::signed_in(&app, ADMIN).await;

    let tokens = recorder.tokens();
    for kind in ["accesstoken", "idtoken", "refreshtoken"] {
        let count = tokens.iter().filter(|(own, _)| own == kind).count();
        assert!(count > 8, "{count} of {kind}: was everything renewed through the recorder?");
    }
    let (held, sealed) = (claims(&kept), kept.cookies().join(";"));
    for (claim, kind) in [("at", "accesstoken"), ("rt", "refreshtoken")] {
        assert!(tokens.contains(&(kind.to_owned(), held[claim].as_str().unwrap().to_owned())), "{claim} is not known");
    }

    let heard = browser.heard() + &kept.heard() + &recorder.urls().join("\n");
    assert!(
        heard.contains(&sealed) && heard.contains("ada") | heard.contains("Ada Admin"),
        "the search finds what is there"
    );
    let log = log.text();
    assert!(log.contains("TRACE") && log.contains("session"), "the log is not at its most talkative");
    for (kind, token) in &tokens {
        for part in token.split('.').chain([token.as_str()]).filter(|part| part.len() >= TELLING_CHARS) {
            assert!(!heard.contains(part), "a part of an {kind} was answered: {part}");
            assert!(!log.contains(part), "a part of an {kind} was logged: {part}");
        }
    }
}
