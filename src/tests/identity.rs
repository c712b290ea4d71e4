//! Who a session is: issuer and `sub`, from the sign-in to the last refresh, whatever the e-mail address says (B18, B19).

use local_cognito::{Fault, Tamper};
use serde_json::{Value, json};

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
};

#[tokio::test]
async fn b18_a_refresh_that_brings_another_issuer_subject_or_audience_ends_the_session() {
    for method in ["initiate-auth", "get-tokens", "token-endpoint"] {
        let settings = vec![("COGNITO_REFRESH", method.to_owned())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let aud = Tamper::Claims(vec![("aud", json!([app.cognito.client_id(), "other"]))]);
        let iss = Tamper::Claims(vec![("iss", json!(format!("{}/", app.cognito.issuer())))]);
        for tamper in [
            Tamper::Issuer,
            iss,
            Tamper::Subject,
            Tamper::Claims(vec![("sub", json!(""))]),
            Tamper::Audience,
            aud,
            Tamper::Signature,
            Tamper::AlgNone,
            Tamper::AlgHs256,
            Tamper::TokenUse,
            Tamper::AtHash,
        ] {
            let browser = Browser::signed_in(&app, DEMO).await;
            let copy = browser.copy(&app);
            let shown = format!("{method}: {tamper:?}");
            app.cognito.tamper_next_id_token(tamper);
            app.advance(3700);
            let page = browser.get("/account").await;
            assert_eq!((page.status, page.body.as_str()), (302, ""), "{shown}");
            assert!(browser.personal_cookies().is_empty(), "{shown}");
            assert!(copy.session().await.is_null(), "it has ended, wherever its cookie is: {shown}");
        }
        let browser = Browser::signed_in(&app, DEMO).await;
        app.advance(3700);
        assert_eq!(browser.session().await["refresh_count"], 1, "{method}");
    }
}

/// Then nothing of the token can be believed, and still it must not be somebody else's.
#[tokio::test]
async fn b18_another_users_token_ends_the_session_even_while_the_keys_cannot_be_had() {
    for (tamper, is_kept) in [
        (Tamper::Claims(vec![]), true),
        (Tamper::Subject, false),
        (Tamper::Issuer, false),
        (Tamper::Audience, false),
        (Tamper::AtHash, false),
        (Tamper::TokenUse, false),
    ] {
        let app = TestApp::start().await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let cognito = app.cognito.clone();
        tokio::task::spawn_blocking(move || cognito.rotate_signing_keys()).await.unwrap();
        app.cognito.fail_next("jwks", 10, Fault::InternalError);
        let shown = format!("{tamper:?}");
        app.cognito.tamper_next_id_token(tamper);
        app.advance(3700);
        assert_eq!(!browser.session().await.is_null(), is_kept, "{shown}");
    }
}

#[tokio::test]
async fn b19_another_sub_with_the_same_address_is_another_user() {
    let app = TestApp::start().await;
    let before = Browser::signed_in(&app, DEMO).await;
    let old_user = before.session().await["user"].clone();
    // The account is deleted, and somebody else gets one with its address.
    assert!(app.cognito.delete_user(DEMO.0));
    let control = format!("{}/_control/users", app.cognito.base_url());
    let order = json!({ "email": DEMO.0, "action": "create", "password": DEMO.1 });
    let created = reqwest::Client::new().post(control).json(&order).send().await.unwrap();
    assert_eq!(created.status(), 200);
    let after = Browser::signed_in(&app, DEMO).await;
    let new_user = after.session().await["user"].clone();
    assert_eq!(old_user["email"], new_user["email"]);
    assert_ne!(old_user["sub"], new_user["sub"]);
    // The old session is never the new user's: it is its own user's while it lasts, and ends with the account.
    assert_eq!(before.session().await["user"], old_user);
    app.advance(3700);
    assert!(before.session().await.is_null());
    assert_eq!(after.session().await["user"]["sub"], new_user["sub"]);
    // Nor does a session become another user's by a refresh that brings the same address.
    app.cognito.tamper_next_id_token(Tamper::Subject);
    app.advance(3700);
    assert!(after.session().await.is_null());
}

#[tokio::test]
async fn b19_the_same_sub_with_another_address_is_the_same_user() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let before = browser.session().await;
    for email in [json!("new.address@example.com"), json!(ADMIN.0), Value::Null] {
        app.cognito.tamper_next_id_token(Tamper::Claims(vec![("email", email.clone())]));
        app.advance(3700);
        let after = browser.session().await;
        assert_eq!((&after["user"]["sub"], &after["user"]["email"]), (&before["user"]["sub"], &email));
        assert_eq!(after["signed_in_at"], before["signed_in_at"], "the same session");
        assert_eq!(after["user"]["groups"], json!([]), "an administrator's address is no administrator");
        assert_eq!(browser.get("/admin").await.status, 403);
    }
}

#[tokio::test]
async fn b19_the_same_sub_at_another_issuer_is_nobody_here() {
    let (app, other) = (TestApp::start().await, TestApp::start().await);
    let session = Browser::signed_in(&app, DEMO).await.cookies().remove(0);
    let elsewhere = Browser::new(&other);
    elsewhere.plant(&session.replacen(&app.cookie("session"), &other.cookie("session"), 1));
    assert!(elsewhere.session().await.is_null(), "the same secret, the same claims, another issuer");
    let here = Browser::new(&app);
    here.plant(&session);
    assert_eq!(here.session().await["user"]["email"], DEMO.0);
}
