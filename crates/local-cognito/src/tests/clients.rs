//! Several clients and pools at one listener: what they share, and what each has for itself.

use reqwest::Response;
use serde_json::{Value, json};

use super::super::{ClientIdentity, ClientSettings, PoolSettings, SecretSetting, UserSettings};
use super::{CALLBACK, DEMO, Rig, VERIFIER, claims, error_of, location, query};

const API: &str = "https://api.example/orders";

/// Two clients in the first pool, one in a second; the demo user is in both pools.
async fn start() -> (Rig, [ClientIdentity; 3]) {
    let rig = Rig::start_with(|settings| {
        let other = ClientSettings::new("other", "http://localhost:3000");
        let foreign = ClientSettings::new("foreign", "http://localhost:3000");
        settings.pools[0].clients.push(other);
        let (id, users) = ("eu-central-1_Second".to_owned(), UserSettings::demo());
        settings.pools.push(PoolSettings { id, clients: vec![foreign], users, classic_hosted_ui: false });
    })
    .await;
    let clients = rig.cognito.clients().try_into().unwrap();
    (rig, clients)
}

async fn code_for(rig: &Rig, client: &ClientIdentity) -> String {
    let url = rig.authorize_url(&[("client_id", &client.id), ("prompt", "login")]);
    query(&location(&rig.submit_login(&url, DEMO).await), "code").unwrap()
}

async fn token(rig: &Rig, client: &ClientIdentity, form: &[(&str, &str)]) -> Response {
    let request = rig.browser.post(rig.url("/oauth2/token")).basic_auth(&client.id, client.secret.as_ref());
    request.form(form).send().await.unwrap()
}

async fn redeem(rig: &Rig, client: &ClientIdentity, code: &str) -> Response {
    let grant = [("grant_type", "authorization_code"), ("code", code)];
    let proof = [("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    token(rig, client, &[grant, proof].concat()).await
}

#[tokio::test]
async fn a_browser_signs_in_once_for_all_clients_of_a_pool_and_for_no_other_pool() {
    let (rig, [app, other, foreign]) = start().await;
    location(&rig.submit_login(&rig.authorize_url(&[("client_id", &app.id)]), DEMO).await);
    let silent = |id: String| {
        let rig = &rig;
        async move { location(&rig.get(&rig.authorize_url(&[("client_id", &id), ("prompt", "none")])).await) }
    };
    assert!(query(&silent(other.id.clone()).await, "code").is_some());
    assert_eq!(query(&silent(foreign.id.clone()).await, "error").unwrap(), "login_required");

    location(&rig.submit_login(&rig.authorize_url(&[("client_id", &foreign.id)]), DEMO).await);
    let logout = format!("/logout?client_id={}&logout_uri=http://localhost:3000/", other.id);
    location(&rig.get(&rig.url(&logout)).await);
    assert_eq!(query(&silent(app.id).await, "error").unwrap(), "login_required", "signed out of the pool");
    assert!(query(&silent(foreign.id).await, "code").is_some(), "and of no other");
}

#[tokio::test]
async fn a_code_is_for_its_client_and_worth_nothing_once_it_was_elsewhere() {
    let (rig, [app, other, foreign]) = start().await;
    let invalid_grant = || (400, json!({ "error": "invalid_grant" }));
    let code = code_for(&rig, &app).await;
    assert_eq!(error_of(redeem(&rig, &foreign, &code).await).await, invalid_grant());
    let impostor = ClientIdentity { secret: Some("wrong".to_owned()), ..other.clone() };
    assert_eq!(error_of(redeem(&rig, &impostor, &code).await).await.1["error"], "invalid_client");
    assert_eq!(redeem(&rig, &app, &code).await.status(), 200, "neither the pool nor a failed client used it up");

    let code = code_for(&rig, &app).await;
    assert_eq!(error_of(redeem(&rig, &other, &code).await).await, invalid_grant());
    assert_eq!(error_of(redeem(&rig, &app, &code).await).await, invalid_grant(), "it was in the wrong hands");
}

#[tokio::test]
async fn a_refresh_token_is_for_its_client_and_its_pool() {
    let (rig, [app, other, foreign]) = start().await;
    let code = code_for(&rig, &app).await;
    let tokens: Value = redeem(&rig, &app, &code).await.json().await.unwrap();
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    for wrong in [&other, &foreign] {
        let refused = error_of(token(&rig, wrong, &form).await).await;
        assert_eq!(refused, (400, json!({ "error": "invalid_grant" })));
        let revoke = rig.browser.post(rig.url("/oauth2/revoke")).basic_auth(&wrong.id, wrong.secret.as_ref());
        let answer = revoke.form(&[("token", refresh_token)]).send().await.unwrap();
        // In another pool the token is one that nobody knows.
        assert_eq!(answer.status(), if wrong.issuer == app.issuer { 401 } else { 200 });
    }
    assert_eq!(token(&rig, &app, &form).await.status(), 200, "and still alive");
    assert_eq!(claims(&tokens["id_token"])["iss"], app.issuer);
}

#[tokio::test]
async fn a_client_has_scopes_of_its_own() {
    let rig =
        Rig::start_with(|settings| settings.client().scopes = vec!["openid".to_owned(), "email".to_owned()]).await;
    for (scope, error) in [("openid profile", "invalid_scope"), ("email", "invalid_scope")] {
        let refused = location(&rig.get(&rig.authorize_url(&[("scope", scope)])).await);
        assert_eq!(query(&refused, "error").unwrap(), error, "{scope}");
    }
    let all = rig.submit_login(&rig.authorize_url(&[("scope", "")]), DEMO).await;
    let tokens: Value = rig.redeem(&query(&location(&all), "code").unwrap()).await.json().await.unwrap();
    assert_eq!(claims(&tokens["access_token"])["scope"], "openid email");
}

#[tokio::test]
async fn a_client_without_revocation_says_so() {
    let rig = Rig::start_with(|settings| settings.client().token_revocation = false).await;
    let tokens = rig.sign_in().await;
    let revoke = rig.browser.post(rig.url("/oauth2/revoke"));
    let revoke = revoke.basic_auth(rig.cognito.client_id(), rig.cognito.client_secret());
    let refused = revoke.form(&[("token", tokens["refresh_token"].as_str().unwrap())]).send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let body = r#"{"error":"invalid_request","error_description":"Unsupported operation"}"#;
    assert_eq!(refused.text().await.unwrap(), body);
}

#[tokio::test]
async fn a_public_client_signs_in_refreshes_and_revokes_by_its_id_alone() {
    let rig = Rig::start_with(|settings| settings.client().secret = SecretSetting::None).await;
    let (id, code) = (rig.cognito.client_id(), rig.code().await);
    let post = |path: &'static str, form: Vec<(&'static str, String)>| {
        let form = [form, vec![("client_id", id.clone())]].concat();
        rig.browser.post(rig.url(path)).form(&form).send()
    };
    let grant = [("grant_type", "authorization_code"), ("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
    let grant = grant.map(|(name, value)| (name, value.to_owned())).to_vec();
    let answer = post("/oauth2/token", [grant, vec![("code", code)]].concat()).await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let form = vec![("grant_type", "refresh_token".to_owned()), ("refresh_token", refresh.clone())];
    assert_eq!(post("/oauth2/token", form.clone()).await.unwrap().status(), 200);
    assert_eq!(post("/oauth2/revoke", vec![("token", refresh)]).await.unwrap().status(), 200);
    assert_eq!(error_of(post("/oauth2/token", form).await.unwrap()).await.1["error"], "invalid_grant");
}

#[tokio::test]
async fn a_resource_becomes_the_audience_of_the_access_token_and_stays_it() {
    let rig = Rig::start().await;
    let callback = rig.submit_login(&rig.authorize_url(&[("resource", API)]), DEMO).await;
    let tokens: Value = rig.redeem(&query(&location(&callback), "code").unwrap()).await.json().await.unwrap();
    assert_eq!(claims(&tokens["access_token"])["aud"], API);
    assert_eq!(claims(&tokens["id_token"])["aud"], rig.cognito.client_id().as_str());
    let form = [("grant_type", "refresh_token"), ("refresh_token", tokens["refresh_token"].as_str().unwrap())];
    let renewed: Value = rig.token(&form).await.json().await.unwrap();
    assert_eq!(claims(&renewed["access_token"])["aud"], API);
}
