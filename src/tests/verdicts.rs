//! What ends a session and what does not, as it comes over the wire: names that do not resolve, certificates that are none,
//! answers that never come, statuses of whoever stands before Cognito. Exceptions are in `error_table`.

use std::time::Duration;

use local_cognito::Fault;
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
    sealed::claims,
};

const METHODS: [(&str, &str); 3] = [
    ("initiate-auth", "InitiateAuth"),
    ("get-tokens", "GetTokensFromRefreshToken"),
    ("token-endpoint", "token:refresh_token"),
];

async fn start(method: &str) -> TestApp {
    let settings = vec![("COGNITO_REFRESH", method.to_owned())];
    TestApp::start_with(Wishes { settings, has_still_clock: true, ..Wishes::default() }).await
}

/// The session is there, without a good token, and its cookie as it was.
async fn assert_kept(browser: &Browser, what: &str) {
    let before = browser.cookies();
    let page = browser.get("/account").await;
    assert!(page.status == 200 && page.body.contains(DEMO.0), "{what}: {}", page.status);
    let session = browser.session().await;
    assert_eq!((&session["user"]["email"], &session["degraded"]), (&DEMO.0.into(), &true.into()), "{what}");
    assert_eq!(browser.cookies(), before, "{what}");
}

#[tokio::test]
async fn b34_no_status_and_no_lost_connection_ends_a_session_by_whichever_operation() {
    for (method, operation) in METHODS {
        let app = start(method).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let mut renewals = 0;
        for fault in [
            Fault::Throttle,
            Fault::InternalError,
            Fault::Drop,
            Fault::WafBlock,
            Fault::Status(400),
            Fault::Status(401),
            Fault::Status(403),
            Fault::Status(404),
            Fault::Status(429),
            Fault::Status(500),
            Fault::Status(502),
            Fault::Status(503),
            Fault::Status(504),
        ] {
            let what = format!("{method}: {fault:?}");
            app.advance(3700);
            app.cognito.fail_next(operation, 100, fault);
            assert_kept(&browser, &what).await;
            app.cognito.clear_faults();
            app.advance(60);
            renewals += 1;
            let session = browser.session().await;
            assert_eq!((&session["refresh_count"], &session["degraded"]), (&renewals.into(), &false.into()), "{what}");
        }
    }
}

/// Two places where no Cognito is: one that speaks no TLS, and one that hangs up in the middle of it.
async fn no_tls(says: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            let _ = connection.write_all(says).await;
        }
    });
    format!("https://localhost:{port}")
}

#[tokio::test]
async fn b34_neither_dns_nor_tls_errors_end_a_session() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    // RFC 6761 §6.4: that name never exists.
    let places = [
        "https://cognito.invalid".to_owned(),
        no_tls(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await,
        no_tls(b"").await,
        "http://127.0.0.1:1".to_owned(),
    ];
    for place in places {
        for (method, setting) in [
            ("initiate-auth", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
            ("get-tokens", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"),
            ("token-endpoint", "COGNITO_DOMAIN"),
        ] {
            let settings = [("COGNITO_REFRESH", method.to_owned()), (setting, place.clone())];
            let other = app.start_another_with(&settings).await;
            assert_kept(&browser.copy(&other), &format!("{method} at {place}")).await;
        }
    }
    assert_eq!(browser.session().await["refresh_count"], 1, "and where Cognito is, it is renewed");
}

#[tokio::test]
async fn b34_a_pool_that_never_answers_is_given_up() {
    for (method, operation) in METHODS {
        let app = start(method).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        // Were it waited for, the answer would be a good one in the end.
        app.cognito.fail_next(operation, 10, Fault::Hang(Duration::from_secs(300)));
        assert_kept(&browser, method).await;
    }
}

/// What a call is told: to come back after so many seconds.
async fn told_to_wait(browser: &Browser) -> u64 {
    let refused = browser.get_json("/api/account/profile").await;
    assert_eq!(refused.status, 503, "{refused:?}");
    let secs = refused.header("retry-after").parse().unwrap();
    assert!(refused.body.contains(&format!("\"retry_after_secs\":{secs}")), "{refused:?}");
    secs
}

#[tokio::test]
async fn b34_cognito_is_asked_again_after_longer_and_longer_waits() {
    let app = start("auto").await;
    let browser = Browser::signed_in(&app, DEMO).await;
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 1000, Fault::InternalError);
    let mut asked = app.refreshes();
    for (failure, longest) in [2, 4, 8, 16, 30, 30].into_iter().enumerate() {
        let wait = told_to_wait(&browser).await;
        let now = app.refreshes();
        assert!(now > asked && now <= asked + 2, "failure {failure}: {} calls", now - asked);
        assert!((longest / 2..=longest).contains(&wait), "failure {failure}: {wait} s");
        asked = now;
        for path in ["/account", "/api/auth/session", "/api/account/profile"] {
            browser.get_json(path).await;
        }
        app.advance(wait.saturating_sub(1));
        browser.get("/account").await;
        assert_eq!(app.refreshes(), asked, "failure {failure}: Cognito is left alone for {wait} s");
        app.advance(1);
    }
    app.cognito.clear_faults();
    app.advance(30);
    assert_eq!(browser.session().await["refresh_count"], 1);
}

#[tokio::test]
async fn b36_after_a_verdict_nothing_protected_is_shown_by_whichever_operation() {
    for (method, operation) in METHODS {
        let app = start(method).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let late = browser.copy(&app);
        let user = claims(&browser)["sub"].clone();
        assert_eq!(app.cognito.revoke_all(DEMO.0), 1);
        app.advance(3700);
        for path in ["/account", "/api/account/profile", "/api/account/timeline", "/api/auth/session", "/"] {
            for tab in [&browser, &late] {
                let answer = tab.ask(path).await;
                let told =
                    [DEMO.0, "Demo User", user.as_str().unwrap()].into_iter().find(|word| answer.body.contains(word));
                assert_eq!(told, None, "{method}: {path}");
            }
        }
        assert_eq!((app.cognito.count("GetUser"), app.cognito.count(operation) <= 2), (0, true), "{method}");
    }
}

#[tokio::test]
async fn b35_while_the_token_is_good_no_failure_of_a_refresh_is_noticed() {
    for fault in [
        Fault::Throttle,
        Fault::InternalError,
        Fault::Drop,
        Fault::WafBlock,
        Fault::Status(429),
        Fault::Status(503),
        Fault::Hang(Duration::from_secs(300)),
    ] {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let (what, before) = (format!("{fault:?}"), browser.cookies());
        let fresh = browser.session().await;
        app.advance(3400);
        app.cognito.fail_next("InitiateAuth", 100, fault);
        for path in ["/account", "/", "/api/account/profile", "/api/account/timeline"] {
            let answer = browser.ask(path).await;
            assert_eq!((answer.status, answer.sets()), (200, Vec::new()), "{what}: {path}");
            assert!(path != "/account" || !answer.body.contains("cannot be reached"), "{what}: a notice is shown");
            assert!(path == "/api/account/timeline" || path == "/" || answer.body.contains(DEMO.0), "{what}: {path}");
        }
        let session = browser.session().await;
        for same in ["user", "signed_in_at", "ends_at", "degraded", "refresh_count"] {
            assert_eq!(session[same], fresh[same], "{what}: {same}");
        }
        assert_eq!(browser.cookies(), before, "{what}");
        assert!(app.refreshes() > 0 && app.cognito.count("GetUser") > 0, "{what}: nothing was tried");
    }
}
