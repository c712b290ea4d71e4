//! The checks of a sign-in's ID token, each by a token in which that one thing is wrong, and at its edges by one in which
//! it is just right (B12–B16; OpenID Connect Core §3.1.3.7).

use local_cognito::Tamper;
use serde_json::{Value, json};

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, query},
    log::Log,
};

/// Signs in with an ID token of this kind: nobody may be signed in after it.
async fn assert_refused(app: &TestApp, tamper: Tamper) {
    let (browser, shown) = (Browser::new(app), format!("{tamper:?}"));
    app.cognito.tamper_next_id_token(tamper);
    let answer = browser.sign_in("/account", DEMO).await;
    assert_eq!(answer.failure().as_deref(), Some("sign_in_failed"), "{shown}");
    let sets_session = answer.sets().iter().any(|name| name.starts_with("session"));
    assert!(!sets_session && browser.session().await.is_null(), "{shown}");
}

/// Signs in with an ID token that is unusual, and good.
async fn assert_taken(app: &TestApp, tamper: Tamper) {
    let (browser, shown) = (Browser::new(app), format!("{tamper:?}"));
    app.cognito.tamper_next_id_token(tamper);
    let answer = browser.sign_in("/account", DEMO).await;
    assert_eq!(answer.location.as_deref(), Some("/account"), "{shown}");
    assert_eq!(browser.session().await["user"]["email"], DEMO.0, "{shown}");
}

fn claim(name: &'static str, value: impl Into<Value>) -> Tamper {
    Tamper::Claims(vec![(name, value.into())])
}

#[tokio::test]
async fn b12_only_rs256_by_the_pools_keys_is_taken() {
    let app = TestApp::start().await;
    for tamper in [
        Tamper::Signature,
        Tamper::AlgNone,
        Tamper::AlgHs256,
        Tamper::AlgHs256PublicKey,
        Tamper::AlgRs512,
        Tamper::AlgPs256,
        Tamper::ForeignKey,
        Tamper::UnknownKid,
    ] {
        assert_refused(&app, tamper).await;
    }
    assert_taken(&app, Tamper::Claims(vec![])).await;
}

#[tokio::test]
async fn b13_the_issuer_is_exactly_the_pool() {
    let app = TestApp::start().await;
    let issuer = app.cognito.issuer();
    assert_refused(&app, Tamper::Issuer).await;
    for other in [
        json!(format!("{issuer}/")),
        json!(issuer.to_uppercase()),
        json!(issuer.replace("http:", "https:")),
        json!(issuer[..issuer.len() - 1]),
        json!(app.cognito.base_url()),
        json!([issuer]),
        json!(""),
        Value::Null,
    ] {
        assert_refused(&app, claim("iss", other)).await;
    }
}

#[tokio::test]
async fn b13_the_audience_is_this_client_and_azp_says_so_where_there_are_several() {
    let app = TestApp::start().await;
    let (us, them) = (app.cognito.client_id(), "7otherclient0000000000000z");
    assert_refused(&app, Tamper::Audience).await;
    for aud in
        [json!(""), json!([]), json!([them]), json!([us, them]), json!(us.to_uppercase()), json!(us[..25]), Value::Null]
    {
        assert_refused(&app, claim("aud", aud)).await;
    }
    for (aud, azp) in [
        (json!(us), them),
        (json!([us]), them),
        (json!([us, them]), them),
        (json!([them]), us.as_str()),
        (json!(them), us.as_str()),
        (json!([them, "8yetanotherclient0000000z"]), us.as_str()),
    ] {
        assert_refused(&app, Tamper::Claims(vec![("aud", aud), ("azp", json!(azp))])).await;
    }
    assert_taken(&app, claim("aud", json!([us]))).await;
    for aud in [json!(us), json!([us, them]), json!([them, us])] {
        assert_taken(&app, Tamper::Claims(vec![("aud", aud), ("azp", json!(us))])).await;
    }
}

#[tokio::test]
async fn b13_exp_iat_and_nbf_hold_within_60_seconds() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let now = app.cognito.clock()().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    for (name, good, bad) in [("exp", now - 60, now - 61), ("iat", now + 60, now + 61), ("nbf", now + 60, now + 61)] {
        assert_taken(&app, claim(name, good)).await;
        assert_refused(&app, claim(name, bad)).await;
    }
    for missing in ["exp", "iat"] {
        assert_refused(&app, claim(missing, Value::Null)).await;
    }
    for no_time in [json!("never"), json!(-1), json!([now])] {
        for name in ["exp", "iat", "nbf"] {
            assert_refused(&app, claim(name, no_time.clone())).await;
        }
    }
    for tamper in [Tamper::Expired, Tamper::NotYetValid] {
        assert_refused(&app, tamper).await;
    }
    assert_taken(&app, claim("nbf", now - 1)).await;
}

#[tokio::test]
async fn b14_the_nonce_is_this_sign_ins() {
    let app = TestApp::start().await;
    for tamper in [Tamper::Nonce, Tamper::NoNonce, claim("nonce", ""), claim("nonce", json!([]))] {
        assert_refused(&app, tamper).await;
    }
    // Another sign-in's that the same browser has under way.
    let browser = Browser::new(&app);
    let other = query(&browser.begin("/account").await)["nonce"].clone();
    app.cognito.tamper_next_id_token(claim("nonce", other));
    assert_eq!(browser.sign_in("/account", DEMO).await.failure().as_deref(), Some("sign_in_failed"));
    assert!(browser.session().await.is_null());
}

#[tokio::test]
async fn b15_at_hash_belongs_to_the_access_token_where_there_is_one() {
    let app = TestApp::start().await;
    for tamper in [Tamper::AtHash, claim("at_hash", "")] {
        assert_refused(&app, tamper).await;
    }
    assert_taken(&app, claim("at_hash", Value::Null)).await;
}

#[tokio::test]
async fn b16_no_access_token_is_taken_for_an_id_token() {
    let app = TestApp::start().await;
    for tamper in [
        Tamper::AccessToken,
        Tamper::TokenUse,
        claim("token_use", "refresh"),
        claim("token_use", "ID"),
        claim("token_use", ""),
        claim("token_use", Value::Null),
    ] {
        assert_refused(&app, tamper).await;
    }
}

#[tokio::test]
async fn a_name_an_e_mail_address_and_groups_of_whatever_type_end_no_sign_in() {
    let app = TestApp::start().await;
    let log = Log::start();
    for (name, value) in [
        ("name", json!({ "given": "Demo" })),
        ("name", json!(7)),
        ("name", json!("")),
        ("email", json!(["demo@example.com"])),
        ("email", json!(false)),
        ("email", Value::Null),
        ("cognito:groups", json!("admin")),
        ("cognito:groups", json!([1, 2])),
        ("cognito:groups", json!({ "admin": true })),
        ("cognito:groups", Value::Null),
    ] {
        let browser = Browser::new(&app);
        app.cognito.tamper_next_id_token(claim(name, value.clone()));
        assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"), "{name} {value}");
        let user = browser.session().await["user"].clone();
        let shown = if name == "cognito:groups" { &user["groups"] } else { &user[name] };
        let expected = if name == "cognito:groups" { json!([]) } else { Value::Null };
        assert_eq!(shown, &expected, "{name} {value}");
        // Renewed, it is the pool's own again.
        app.advance(3700);
        assert_eq!(browser.session().await["user"]["email"], DEMO.0);
    }
    for name in ["name", "email", "cognito:groups"] {
        let told = log.text().lines().any(|line| line.contains("WARN") && line.contains(&format!("claim=\"{name}\"")));
        assert!(
            told,
            "{name} is named: {}",
            log.text().lines().filter(|line| line.contains("WARN")).collect::<String>()
        );
    }
}

#[tokio::test]
async fn a_claim_that_is_needed_and_of_another_type_is_named_in_the_log() {
    let app = TestApp::start().await;
    for (name, value) in [
        ("sub", json!(7)),
        ("aud", json!(7)),
        ("exp", json!("never")),
        ("iat", json!([])),
        ("nbf", json!("x")),
        ("cognito:username", json!({})),
        ("cognito:username", Value::Null),
        ("token_use", json!(1)),
        ("nonce", json!(1)),
    ] {
        let log = Log::start();
        assert_refused(&app, claim(name, value.clone())).await;
        let line = log.line("the ID token was refused").unwrap_or_default();
        assert!(line.contains(&format!("claim {name}")), "{name} {value}: {line}");
    }
}

#[tokio::test]
async fn without_a_name_and_an_e_mail_address_the_menu_shows_the_username() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let no_name = vec![("name", Value::Null), ("email", Value::Null), ("cognito:username", json!("ada.l"))];
    app.cognito.tamper_next_id_token(Tamper::Claims(no_name));
    browser.sign_in("/account", DEMO).await;
    assert_eq!(browser.session().await["user"]["username"], "ada.l");
    let page = browser.get("/account").await;
    assert!(page.body.contains("<span class=\"person-name\">ada.l</span>"), "{}", page.body);
}
