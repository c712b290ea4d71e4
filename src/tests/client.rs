//! The app as an OAuth client: how it proves itself, what it asks for, what it takes for an answer (B1, B11).

use aws_lc_rs::hmac;
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, query},
    wire::{Sent, Wire},
};

/// Which proof a call brings: what this operation's is, and that it is right.
fn assert_authenticated(call: &Sent, app: &TestApp, username: &str) {
    let (id, secret) = (app.cognito.client_id(), app.cognito.client_secret().unwrap());
    match call.operation().as_str() {
        "authorization_code" | "refresh_token" => {
            let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{id}:{secret}")));
            assert_eq!(call.headers["authorization"].to_str().unwrap(), basic);
            assert_eq!(call.field("client_secret"), None, "not twice (RFC 6749 §2.3)");
        }
        "InitiateAuth" => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
            let hash = BASE64_STANDARD.encode(hmac::sign(&key, format!("{username}{id}").as_bytes()));
            assert_eq!(call.json()["AuthParameters"]["SECRET_HASH"], hash);
            assert_eq!(call.json()["ClientId"], id);
        }
        "GetTokensFromRefreshToken" | "RevokeToken" => {
            assert_eq!((&call.json()["ClientId"], &call.json()["ClientSecret"]), (&id.into(), &secret.into()));
        }
        other => panic!("{other} is no token call that is known here"),
    }
}

#[tokio::test]
async fn b01_the_client_authenticates_on_every_token_call() {
    for (method, operation) in [
        ("initiate-auth", "InitiateAuth"),
        ("get-tokens", "GetTokensFromRefreshToken"),
        ("token-endpoint", "refresh_token"),
    ] {
        let settings = vec![("COGNITO_REFRESH", method.to_owned())];
        let (app, wire) = Wire::tap(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        let session = browser.session().await;
        assert_eq!(session["refresh_count"], 1, "{method}");
        browser.post("/api/auth/signout", &[]).await;
        let calls = wire.token_calls();
        let operations: Vec<_> = calls.iter().map(Sent::operation).collect();
        assert_eq!(operations, ["authorization_code", operation, "RevokeToken"]);
        for call in &calls {
            assert_authenticated(call, &app, session["user"]["sub"].as_str().unwrap());
        }
    }
}

#[tokio::test]
async fn b01_without_the_clients_secret_nobody_gets_tokens() {
    for secret in ["", "not_the_clients_secret"] {
        let settings = vec![("COGNITO_CLIENT_SECRET", secret.to_owned())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::new(&app);
        let answer = browser.sign_in("/account", DEMO).await;
        assert_eq!(answer.failure().as_deref(), Some("configuration"), "{secret:?}");
        assert!(browser.session().await.is_null());
    }
}

#[tokio::test]
async fn b01_only_a_code_is_asked_for_and_nothing_else_is_taken() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let hosted_ui = browser.begin("/account").await;
    assert_eq!(hosted_ui.matches("response_type=").count(), 1);
    assert!(hosted_ui.contains("response_type=code&") && !hosted_ui.contains("response_mode"), "{hosted_ui}");
    let state = &query(&hosted_ui)["state"];
    let tokens = "access_token=eyJh.eyJz.c2ln&id_token=eyJh.eyJz.c2ln&token_type=Bearer&expires_in=3600";
    let answer = browser.get(&format!("/api/auth/callback/cognito?state={state}&{tokens}")).await;
    assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"));
    assert!(browser.session().await.is_null());
    assert_eq!(app.cognito.count("token:authorization_code"), 0);
}

#[tokio::test]
async fn b11_only_the_scopes_that_are_set_are_asked_for() {
    for (setting, asked) in [
        ("", "openid email profile aws.cognito.signin.user.admin"),
        ("openid", "openid"),
        ("openid, email", "openid email"),
    ] {
        let settings = vec![("COGNITO_SCOPES", setting.to_owned())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::new(&app);
        assert_eq!(query(&browser.begin("/account").await)["scope"], asked);
        assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"), "{setting}");
    }
}

/// What each of the four is for is missing without it, so none is asked for in vain. (`profile` shows the e-mail address
/// as well, so `email` is missed only where `profile` is left out.)
#[tokio::test]
async fn b11_each_scope_that_is_asked_for_is_needed() {
    for (scopes, has_name, has_email, has_profile_call) in [
        ("openid email profile aws.cognito.signin.user.admin", true, true, true),
        ("openid email profile", true, true, false),
        ("openid email aws.cognito.signin.user.admin", false, true, true),
        ("openid phone aws.cognito.signin.user.admin", false, false, true),
    ] {
        let settings = vec![("COGNITO_SCOPES", scopes.to_owned())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let user = browser.session().await["user"].clone();
        assert_eq!((!user["name"].is_null(), !user["email"].is_null()), (has_name, has_email), "{scopes}");
        let call = browser.get_json("/api/account/profile").await;
        assert_eq!(call.status == 200, has_profile_call, "{scopes}: {call:?}");
    }
}
