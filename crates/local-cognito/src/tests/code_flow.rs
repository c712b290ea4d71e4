//! The code flow from end to end, and what the tokens look like to a verifying client.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};

use super::super::Tamper;
use super::{ADMIN, CALLBACK, Rig, claims, decode_part, location, query};

/// Verifies by the published keys, as a client does; times are the test clock's, so not here.
async fn verify(rig: &Rig, token: &str) -> Result<Value, jsonwebtoken::errors::Error> {
    let url = format!("{}/.well-known/jwks.json", rig.cognito.issuer());
    let keys: JwkSet = rig.get(&url).await.json().await.unwrap();
    let kid = decode_header(token)?.kid.unwrap();
    let Some(jwk) = keys.find(&kid) else { return Err(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat.into()) };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.set_issuer(&[rig.cognito.issuer()]);
    Ok(decode::<Value>(token, &DecodingKey::from_jwk(jwk)?, &validation)?.claims)
}

#[tokio::test]
async fn a_person_signs_in_and_the_app_gets_three_tokens() {
    let rig = Rig::start().await;
    let callback = location(&rig.submit_login(&rig.authorize_url(&[]), ADMIN).await);
    assert!(callback.starts_with(&format!("{CALLBACK}?code=")), "{callback}");
    assert_eq!(query(&callback, "state").unwrap(), "the state");
    let code = query(&callback, "code").unwrap();
    assert_eq!(code.len(), 36);

    let response = rig.redeem(&code).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert!(response.headers().contains_key("x-amz-cognito-request-id"));
    let tokens: Value = response.json().await.unwrap();
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    assert_eq!(tokens["refresh_token"].as_str().unwrap().len(), 1785);

    let id = verify(&rig, tokens["id_token"].as_str().unwrap()).await.unwrap();
    let access = verify(&rig, tokens["access_token"].as_str().unwrap()).await.unwrap();
    assert_eq!(id["aud"], rig.cognito.client_id().as_str());
    assert_eq!((&id["nonce"], &id["email"]), (&json!("the nonce"), &json!("admin@example.com")));
    assert_eq!((&id["auth_time"], &id["exp"]), (&json!(1_700_000_000), &json!(1_700_003_600)));
    assert_eq!(id["cognito:groups"], json!(["admin"]));
    assert_eq!(id["cognito:username"], id["sub"]);
    assert_eq!(access["username"], id["sub"]);
    assert_eq!((&access["origin_jti"], &access["event_id"]), (&id["origin_jti"], &id["event_id"]));
    assert_ne!(access["jti"], id["jti"]);
    assert!(access.get("aud").is_none() && access.get("email").is_none());
}

#[tokio::test]
async fn a_refresh_keeps_the_sign_in_and_renews_the_tokens() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    rig.pass_secs(3000);
    let form = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    let by_grant: Value = rig.token(&form).await.json().await.unwrap();
    assert!(by_grant.get("refresh_token").is_none());
    let answer: Value = rig.initiate_auth(&tokens).await.json().await.unwrap();
    let by_api = &answer["AuthenticationResult"];

    let (first_id, first_access) = (claims(&tokens["id_token"]), claims(&tokens["access_token"]));
    for (id, access) in [
        (claims(&by_grant["id_token"]), claims(&by_grant["access_token"])),
        (claims(&by_api["IdToken"]), claims(&by_api["AccessToken"])),
    ] {
        for kept in ["auth_time", "origin_jti", "sub"] {
            assert_eq!((&id[kept], &access[kept]), (&first_id[kept], &first_id[kept]), "{kept}");
        }
        assert_eq!(access["scope"], first_access["scope"]);
        assert!(id.get("nonce").is_none(), "a nonce belongs to the sign-in");
        assert_eq!(access["exp"], json!(1_700_000_000 + 3000 + 3600));
        assert_ne!(id["jti"], first_id["jti"]);
    }
}

#[tokio::test]
async fn a_tampered_id_token_fails_and_only_that_one() {
    let rig = Rig::start().await;
    for tamper in [Tamper::Signature, Tamper::AlgNone, Tamper::AlgHs256, Tamper::UnknownKid, Tamper::Issuer] {
        rig.cognito.tamper_next_id_token(tamper.clone());
        let tokens = rig.sign_in().await;
        assert!(verify(&rig, tokens["id_token"].as_str().unwrap()).await.is_err(), "{tamper:?}");
        assert!(verify(&rig, tokens["access_token"].as_str().unwrap()).await.is_ok(), "{tamper:?}");
    }
    rig.cognito.tamper_next_id_token(Tamper::TokenUse);
    let tampered = rig.sign_in().await;
    assert_eq!(verify(&rig, tampered["id_token"].as_str().unwrap()).await.unwrap()["token_use"], "access");
    let good = rig.sign_in().await;
    assert_eq!(verify(&rig, good["id_token"].as_str().unwrap()).await.unwrap()["token_use"], "id");
}

#[tokio::test]
async fn rotated_keys_leave_the_jwks_and_new_tokens_verify() {
    let rig = Rig::start().await;
    let before = rig.sign_in().await;
    rig.cognito.rotate_signing_keys();
    assert!(verify(&rig, before["id_token"].as_str().unwrap()).await.is_err());
    let after = rig.sign_in().await;
    assert!(verify(&rig, after["id_token"].as_str().unwrap()).await.is_ok());
    let get_user = rig.call_api("GetUser", &json!({ "AccessToken": before["access_token"] })).await;
    assert_eq!(get_user.status(), 200, "the pool itself still knows its old key");
    assert_ne!(
        decode_part(before["id_token"].as_str().unwrap(), 0),
        decode_part(after["id_token"].as_str().unwrap(), 0)
    );
}

#[tokio::test]
async fn discovery_has_exactly_cognitos_members() {
    let rig = Rig::start().await;
    let url = format!("{}/.well-known/openid-configuration", rig.cognito.issuer());
    let document: Value = rig.get(&url).await.json().await.unwrap();
    let mut names: Vec<&String> = document.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(
        names,
        [
            "authorization_endpoint",
            "end_session_endpoint",
            "id_token_signing_alg_values_supported",
            "issuer",
            "jwks_uri",
            "response_types_supported",
            "revocation_endpoint",
            "scopes_supported",
            "subject_types_supported",
            "token_endpoint",
            "token_endpoint_auth_methods_supported",
            "userinfo_endpoint"
        ]
    );
    assert_eq!(document["issuer"], rig.cognito.issuer().as_str());
    assert_eq!(document["token_endpoint"], rig.url("/oauth2/token").as_str());
    let elsewhere = rig.get(&rig.url("/us-east-1_Other/.well-known/jwks.json")).await;
    assert_eq!(elsewhere.status(), 404);
}
