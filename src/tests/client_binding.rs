//! A session belongs to the app client that it began with, as it belongs to the issuer.

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
    sealed::claims,
};

/// Two servers at one address, as after a change of `COGNITO_CLIENT_ID`: the same pool and secret, each a client of its own.
async fn two_clients() -> (TestApp, TestApp) {
    let app = TestApp::start_with(Wishes { clients: vec!["other"], ..Wishes::default() }).await;
    let other = app.cognito.clients().into_iter().find(|client| client.name == "other").unwrap();
    let settings = [("COGNITO_CLIENT_ID", other.id), ("COGNITO_CLIENT_SECRET", other.secret.unwrap())];
    let other = app.start_another_with(&settings).await;
    (app, other)
}

#[tokio::test]
async fn b49_another_clients_session_is_none() {
    let (app, other) = two_clients().await;
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
    let (app, other) = two_clients().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let visitor = browser.copy(&other);
    visitor.post("/api/auth/signout", &[]).await;
    visitor.post("/api/auth/signout-everywhere", &[]).await;
    let visitor = browser.copy(&other);
    let callback = visitor.go_to_callback("/account", ADMIN).await.replace(&app.url, &other.url);
    let callback = visitor.get(&callback).await;
    assert_eq!(callback.location.as_deref(), Some("/account"));
    assert_eq!(visitor.session().await["user"]["email"], ADMIN.0, "the new session replaces what was there");
    assert_eq!((app.cognito.count("RevokeToken"), app.cognito.count("GlobalSignOut")), (0, 0));
    app.advance(3700);
    assert_eq!(browser.session().await["refresh_count"], 1, "its token is as good as ever");
}

#[tokio::test]
async fn b49_a_session_of_before_the_client_was_in_it_is_read_by_its_access_token() {
    let (app, other) = two_clients().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let mut old = claims(&browser);
    assert!(old.as_object_mut().unwrap().remove("client_id").is_some(), "{old}");
    let cookie = crate::sealed::seal(&app, &old, crate::app::SECRET);
    for (app, is_there) in [(&app, true), (&other, false)] {
        let visitor = Browser::new(app);
        visitor.plant(&cookie);
        assert_eq!(!visitor.session().await.is_null(), is_there);
    }
}
