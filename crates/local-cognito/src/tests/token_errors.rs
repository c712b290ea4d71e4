//! Every row of the token endpoint's error table, of `/oauth2/revoke` and of `userInfo`.

use reqwest::Response;
use serde_json::{Value, json};

use super::{CALLBACK, Rig, VERIFIER, error_of};

const CODE_GRANT: (&str, &str) = ("grant_type", "authorization_code");

async fn post_form(rig: &Rig, path: &str, form: &[(&str, &str)]) -> Response {
    rig.browser.post(rig.url(path)).form(form).send().await.unwrap()
}

#[tokio::test]
async fn each_request_error_has_its_row() {
    let rig = Rig::start().await;
    for (form, body) in [
        (&[][..], json!({ "error": "invalid_request" })),
        (&[("grant_type", "")], json!({ "error": "invalid_request" })),
        (&[("grant_type", "password")], json!({ "error": "unsupported_grant_type" })),
        (&[("grant_type", "client_credentials")], json!({ "error": "unauthorized_client" })),
        (&[CODE_GRANT], json!({ "error": "invalid_request" })),
        (&[CODE_GRANT, ("code", "x")], json!({ "error": "invalid_request" })),
        (&[CODE_GRANT, ("code", "x"), ("redirect_uri", CALLBACK)], json!({ "error": "invalid_grant" })),
        (
            &[("grant_type", "refresh_token")],
            json!({ "error": "invalid_request", "error_description": "invalid_refresh_token" }),
        ),
        (&[("grant_type", "refresh_token"), ("refresh_token", "x")], json!({ "error": "invalid_grant" })),
    ] {
        assert_eq!(error_of(rig.token(form).await).await, (400, body), "{form:?}");
    }
    let not_a_form = rig.browser.post(rig.url("/oauth2/token")).json(&json!({ "grant_type": "refresh_token" }));
    let refused = error_of(not_a_form.send().await.unwrap()).await;
    assert_eq!(refused, (400, json!({ "error": "invalid_request" })));
}

#[tokio::test]
async fn the_client_comes_first_and_a_failed_one_does_not_use_up_the_code() {
    let rig = Rig::start().await;
    let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
    let code = rig.code().await;
    let grant = [CODE_GRANT, ("code", &code), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let with = |more: &[(&'static str, &str)]| {
        let pairs = grant.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        rig.browser.post(rig.url("/oauth2/token")).form(&pairs.collect::<Vec<_>>()).send()
    };
    let bad_client = json!({ "error": "invalid_client" });
    let bad_secret = json!({ "error": "invalid_client", "error_description": "invalid_client_secret" });
    assert_eq!(error_of(with(&[]).await.unwrap()).await, (400, bad_client.clone()));
    assert_eq!(error_of(with(&[("client_id", "unknown")]).await.unwrap()).await, (400, bad_client.clone()));
    assert_eq!(error_of(with(&[("client_id", &id)]).await.unwrap()).await, (400, bad_secret.clone()));
    let wrong = [("client_id", id.as_str()), ("client_secret", "wrong")];
    assert_eq!(error_of(with(&wrong).await.unwrap()).await, (400, bad_secret));

    let good = with(&[("client_id", &id), ("client_secret", &secret)]).await.unwrap();
    assert_eq!(good.status(), 200);
    let again = with(&[("client_id", &id), ("client_secret", &secret)]).await.unwrap();
    assert_eq!(error_of(again).await, (400, json!({ "error": "invalid_grant" })));
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "garbage"), ("client_id", "unknown")];
    assert_eq!(error_of(post_form(&rig, "/oauth2/token", &refresh).await).await, (400, bad_client));
}

#[tokio::test]
async fn a_code_needs_its_verifier_its_redirect_and_its_five_minutes() {
    let rig = Rig::start().await;
    let invalid_grant = (400, json!({ "error": "invalid_grant" }));
    for verifier in [&[("code_verifier", "another-verifier-of-the-right-length-0123456789")][..], &[]] {
        let code = rig.code().await;
        let form = [&[CODE_GRANT, ("code", &code), ("redirect_uri", CALLBACK)][..], verifier].concat();
        assert_eq!(error_of(rig.token(&form).await).await, invalid_grant, "{verifier:?}");
    }
    let code = rig.code().await;
    let elsewhere =
        [CODE_GRANT, ("code", &code), ("redirect_uri", "http://localhost:3000/"), ("code_verifier", VERIFIER)];
    let mismatch = json!({ "error": "unauthorized_client", "error_description": "invalid_redirect" });
    assert_eq!(error_of(rig.token(&elsewhere).await).await, (400, mismatch));

    let code = rig.code().await;
    rig.pass_secs(299);
    assert_eq!(rig.redeem(&code).await.status(), 200);
    let code = rig.code().await;
    rig.pass_secs(300);
    assert_eq!(error_of(rig.redeem(&code).await).await, invalid_grant);
    let code = rig.code().await;
    rig.cognito.delete_user("demo@example.com");
    assert_eq!(error_of(rig.redeem(&code).await).await, invalid_grant);
}

#[tokio::test]
async fn every_dead_refresh_token_gets_the_same_answer() {
    let rig = Rig::start_with(|settings| settings.client().refresh_token_secs = 7200).await;
    let refused = |tokens: Value| {
        let token = tokens["refresh_token"].as_str().unwrap().to_owned();
        let rig = &rig;
        async move {
            let response = rig.token(&[("grant_type", "refresh_token"), ("refresh_token", &token)]).await;
            assert_eq!(error_of(response).await, (400, json!({ "error": "invalid_grant" })));
        }
    };
    let expired = rig.sign_in().await;
    rig.pass_secs(7200);
    refused(expired).await;
    let revoked = rig.sign_in().await;
    assert_eq!(rig.cognito.revoke_all("demo@example.com"), 2);
    refused(revoked).await;
    let disabled = rig.sign_in().await;
    assert!(rig.cognito.disable_user("demo@example.com"));
    refused(disabled).await;
}

#[tokio::test]
async fn revocation_has_each_of_its_rows() {
    let rig = Rig::start().await;
    let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
    let tokens = rig.sign_in().await;
    let (access, refresh) = (tokens["access_token"].as_str().unwrap(), tokens["refresh_token"].as_str().unwrap());
    let revoke = |form: Vec<(&'static str, String)>| {
        rig.browser.post(rig.url("/oauth2/revoke")).basic_auth(&id, Some(&secret)).form(&form).send()
    };
    let missing = json!({ "error": "invalid_request", "error_description": "Invalid parameter in request" });
    assert_eq!(error_of(revoke(vec![]).await.unwrap()).await, (400, missing));
    let unsupported = (400, json!({ "error": "unsupported_token_type" }));
    assert_eq!(error_of(revoke(vec![("token", access.to_owned())]).await.unwrap()).await, unsupported);
    let secret_in_body = [("token", refresh), ("client_id", &id), ("client_secret", &secret)];
    let unauthorized = (401, json!({ "error": "invalid_client" }));
    assert_eq!(error_of(post_form(&rig, "/oauth2/revoke", &secret_in_body).await).await, unauthorized);

    let alive = rig.call_api("GetUser", &json!({ "AccessToken": access })).await;
    assert_eq!(alive.status(), 200);
    for token in [refresh, refresh, "never issued"] {
        let response = revoke(vec![("token", token.to_owned())]).await.unwrap();
        assert_eq!((response.status().as_u16(), response.text().await.unwrap().as_str()), (200, ""));
    }
    let dead = rig.call_api("GetUser", &json!({ "AccessToken": access })).await;
    assert_eq!(error_of(dead).await.1["message"], "Access Token has been revoked");
}

#[tokio::test]
async fn user_info_gives_booleans_as_strings_and_needs_openid() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let ask = |token: String| rig.browser.get(rig.url("/oauth2/userInfo")).bearer_auth(token).send();
    let access = tokens["access_token"].as_str().unwrap();
    let info: Value = ask(access.to_owned()).await.unwrap().json().await.unwrap();
    assert_eq!(info["email_verified"], json!("true"));
    assert_eq!((&info["email"], &info["name"]), (&json!("demo@example.com"), &json!("Demo User")));
    assert_eq!(info["sub"], info["username"]);

    let challenge = |response: &Response| response.headers()["www-authenticate"].to_str().unwrap().to_owned();
    let none = rig.get(&rig.url("/oauth2/userInfo")).await;
    let bad_request = r#"error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint""#;
    assert_eq!((none.status().as_u16(), challenge(&none).as_str()), (400, bad_request));
    rig.pass_secs(3600);
    let expired = ask(access.to_owned()).await.unwrap();
    let bad_token = r#"error="invalid_token", error_description="Access token is expired, disabled, or deleted, or the user has globally signed out.""#;
    assert_eq!((expired.status().as_u16(), challenge(&expired).as_str()), (401, bad_token));
}

#[tokio::test]
async fn user_info_refuses_a_token_without_openid() {
    let rig = Rig::start().await;
    let url = rig.authorize_url(&[("scope", "aws.cognito.signin.user.admin")]);
    let code = super::query(&super::location(&rig.submit_login(&url, super::DEMO).await), "code").unwrap();
    let tokens: Value = rig.redeem(&code).await.json().await.unwrap();
    assert!(tokens.get("id_token").is_none());
    let request = rig.browser.get(rig.url("/oauth2/userInfo")).bearer_auth(tokens["access_token"].as_str().unwrap());
    assert_eq!(request.send().await.unwrap().status(), 401);
}
