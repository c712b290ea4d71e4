//! A session belongs to the app client that it began with, as it belongs to the issuer.

use leptos_cognito::local_cognito::ClientSettings;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
    sealed::claims,
};

/// Two apps with the same pool and the same secret, each with a client of its own.
async fn two_apps() -> (TestApp, TestApp) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    let clients = vec![ClientSettings::new("other", &url)];
    let app = TestApp::start_with(Wishes { clients, ..Wishes::default() }).await;
    let other = app.cognito.clients().into_iter().find(|client| client.name == "other").unwrap();
    let settings = [("COGNITO_CLIENT_ID", other.id), ("COGNITO_CLIENT_SECRET", other.secret.unwrap())];
    let other = app.start_another_at(listener, &settings);
    (app, other)
}

#[tokio::test]
async fn b49_another_clients_session_is_none() {
    let (app, other) = two_apps().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let visitor = browser.copy(&other);
    assert!(visitor.session().await.is_null());
    let page = visitor.get("/account").await;
    assert_eq!((page.status, page.set_cookies()), (302, vec![]), "left alone: {page:?}");
    assert_eq!(visitor.get_json("/api/account/profile").await.status, 401);
    assert_eq!(browser.get("/account").await.status, 200, "and good where it is from");
}

#[tokio::test]
async fn b49_another_clients_refresh_token_is_sent_nowhere() {
    let (app, other) = two_apps().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let visitor = browser.copy(&other);
    visitor.post("/api/auth/signout", &[]).await;
    visitor.post("/api/auth/signout-everywhere", &[]).await;
    let visitor = browser.copy(&other);
    let callback = visitor.sign_in("/account", ADMIN).await;
    assert_eq!(callback.location.as_deref(), Some("/account"));
    assert_eq!(visitor.session().await["user"]["email"], ADMIN.0, "the new session replaces what was there");
    assert_eq!((app.cognito.count("RevokeToken"), app.cognito.count("GlobalSignOut")), (0, 0));
    app.advance(3700);
    assert_eq!(browser.session().await["refresh_count"], 1, "its token is as good as ever");
}

#[tokio::test]
async fn b49_a_session_of_before_the_client_was_in_it_is_read_by_its_access_token() {
    let (app, other) = two_apps().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let mut old = claims(&browser);
    assert!(old.as_object_mut().unwrap().remove("client_id").is_some(), "{old}");
    let cookie = crate::sealed::seal(&old, crate::app::SECRET);
    for (app, is_there) in [(&app, true), (&other, false)] {
        let visitor = Browser::new(app);
        visitor.plant(&cookie);
        assert_eq!(!visitor.session().await.is_null(), is_there);
    }
}
