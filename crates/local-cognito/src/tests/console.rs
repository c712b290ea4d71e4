//! The console's pages: what they show, what they never show, and who may press their buttons.

use serde_json::{Value, json};

use super::torment::after_button;
use super::{CALLBACK, DEMO, Rig, VERIFIER, claims};

const PAGES: [&str; 6] = ["", "/sign-ins", "/users", "/clients", "/requests", "/faults"];

/// Every page and every answer that only shows something.
async fn everything(rig: &Rig) -> String {
    let state = rig.state().await;
    let mut paths: Vec<String> = PAGES.iter().map(|path| format!("/_console{path}")).collect();
    let ids = |list: &str, name: &str| -> Vec<String> {
        state[list].as_array().unwrap().iter().map(|view| view[name].as_str().unwrap().to_owned()).collect()
    };
    paths.extend(ids("sign_ins", "id").into_iter().map(|id| format!("/_console/sign-ins/{id}")));
    paths.extend(ids("users", "sub").into_iter().map(|sub| format!("/_console/users/{sub}")));
    paths.push("/_console/version".to_owned());
    paths.extend(["", "/clock", "/faults", "/requests", "/state"].map(|path| format!("/_control{path}")));
    let mut text = String::new();
    for path in paths {
        text.push_str(&rig.page(&path).await);
    }
    text
}

#[tokio::test]
async fn no_secret_of_a_whole_session_is_on_any_page() {
    let rig = Rig::start_with(|settings| settings.client().rotation_grace_secs = Some(60)).await;
    let code = rig.code().await;
    let tokens: Value = rig.redeem(&code).await.json().await.unwrap();
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let rotated = rig.rotate(&refresh).await;
    let forked = rig.rotate(&refresh).await;
    rig.assert_reuse(&rotated).await;
    let form = [("grant_type", "refresh_token"), ("refresh_token", forked.as_str())];
    let again: Value = rig.token(&form).await.json().await.unwrap();
    rig.call_api("GetUser", &json!({ "AccessToken": tokens["access_token"] })).await;
    rig.browser
        .get(rig.url("/oauth2/userInfo"))
        .bearer_auth(tokens["access_token"].as_str().unwrap())
        .send()
        .await
        .unwrap();
    let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
    let newest = again["refresh_token"].as_str().unwrap();
    rig.call_api("RevokeToken", &json!({ "Token": newest, "ClientId": id, "ClientSecret": secret })).await;
    rig.initiate_auth(&tokens).await;
    // Secrets in the wrong places.
    rig.get(&rig.url(&format!("/{refresh}?{secret}={secret}"))).await;
    rig.get(&rig.authorize_url(&[("scope", &secret), ("redirect_uri", &format!("{CALLBACK}?code={code}"))])).await;
    rig.call_api("GetUser", &json!({ (secret.as_str()): [secret], "Username": DEMO.1 })).await;
    rig.token(&[("grant_type", "x"), ("client_id", &secret), ("username", DEMO.1)]).await;

    let shown = everything(&rig).await;
    assert!(shown.contains("Forked") && shown.contains("RefreshTokenReuseException") && shown.contains("userInfo"));
    let sub = claims(&tokens["access_token"])["sub"].as_str().unwrap().to_owned();
    let mut secrets = vec![code, secret, DEMO.1.to_owned(), VERIFIER.to_owned(), rig.secret_hash(&sub)];
    for answer in [&tokens, &again] {
        secrets.extend(
            ["access_token", "id_token", "refresh_token"].map(|name| answer[name].as_str().unwrap().to_owned()),
        );
    }
    secrets.extend([rotated, forked]);
    for secret in &secrets {
        assert!(!shown.contains(secret.as_str()), "{secret:.12}… is shown");
        // Nor the part that is the signature or the ciphertext.
        let tail = &secret[secret.len().saturating_sub(60)..];
        assert!(!shown.contains(tail), "the end of {secret:.12}… is shown");
    }
}

#[tokio::test]
async fn the_client_secret_is_shown_on_demand_alone() {
    let rig = Rig::start().await;
    let path = format!("/_console/clients/{}/secret", rig.cognito.client_id());
    let shown = rig.browser.post(rig.url(&path)).send().await.unwrap();
    assert_eq!(shown.headers()["cache-control"], "no-store");
    assert!(shown.text().await.unwrap().contains(&rig.cognito.client_secret().unwrap()));
    assert_eq!(rig.get(&rig.url(&path)).await.status(), 405);
    let unknown = rig.browser.post(rig.url("/_console/clients/unknown/secret")).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
    let elsewhere = rig.browser.post(rig.url(&path)).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(elsewhere.status(), 403);
}

#[tokio::test]
async fn what_people_typed_is_escaped() {
    let evil = "<script>alert(1)</script>";
    let rig = Rig::start_with(|settings| {
        settings.pools[0].users[0].attributes.insert("name".to_owned(), evil.to_owned());
        settings.pools[0].users[0].groups.push(evil.to_owned());
        settings.client().callback_urls.push(format!("https://app.example.com/{evil}"));
    })
    .await;
    let email = format!("{evil}@example.com");
    rig.press("users", &[("action", "create"), ("email", &email), ("password", "New-Passw0rd")]).await;
    rig.sign_in().await;
    rig.get(&rig.url(&format!("/{evil}?state={evil}"))).await;
    rig.call_api("GetUser", &json!({ "message": evil, "scope": "\"><img src=x onerror=1>" })).await;
    let pressed = rig.press("users", &[("action", "disable"), ("email", evil)]).await;
    let shown = everything(&rig).await + &rig.page(&after_button(&pressed)).await;
    let html: String = shown.split("{\"about\"").next().unwrap().to_owned();
    assert!(html.contains("&lt;script&gt;alert(1)"), "it is shown");
    assert!(!html.contains("<script>alert(1)") && !html.contains("<img src=x"), "and is no markup");
}

#[tokio::test]
async fn another_sites_page_cannot_press_a_button() {
    let rig = Rig::start().await;
    let press = || rig.browser.post(rig.url("/_console/orders/clock")).form(&[("advance_secs", "60")]);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "http://localhost:3000"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        assert_eq!(press().header(name, value).send().await.unwrap().status(), 403, "{name}: {value}");
    }
    assert_eq!(rig.state().await["now"], 1_700_000_000);
    let rebound = press().header("host", "rebound.example").send().await.unwrap();
    assert_eq!(rebound.status(), 403);
    let own = press().header("origin", rig.cognito.base_url()).header("sec-fetch-site", "same-origin");
    assert_eq!(own.send().await.unwrap().status(), 303);
    assert_eq!(rig.state().await["now"], 1_700_000_060);
}

#[tokio::test]
async fn pages_forbid_everything_but_themselves() {
    let rig = Rig::start().await;
    for path in PAGES {
        let response = rig.get(&rig.url(&format!("/_console{path}"))).await;
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        for part in ["default-src 'none'", "frame-ancestors 'none'", "form-action 'self'", "script-src 'sha256-"] {
            assert!(policy.contains(part) && !policy.contains("unsafe"), "{path}: {policy}");
        }
        assert_eq!((header("cache-control"), header("x-frame-options")), ("no-store".to_owned(), "DENY".to_owned()));
        let page = response.text().await.unwrap();
        assert!(!page.contains("style=\"") && !page.contains("onclick"), "{path}: the policy would not run it");
    }
    for path in ["/nowhere", "/users/unknown", "/sign-ins/unknown"] {
        assert_eq!(rig.get(&rig.url(&format!("/_console{path}"))).await.status(), 404, "{path}");
    }
    assert!(rig.cognito.requests().is_empty(), "the console's own requests are not in the record");
    rig.press("faults", &[("operation", "*"), ("times", "9"), ("fault", "drop")]).await;
    rig.page("/_console").await;
}

#[tokio::test]
async fn requests_are_listed_with_their_answer_and_can_be_filtered() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    rig.get_tokens("garbage").await;
    let all = rig.page("/_console/requests").await;
    let origin = claims(&tokens["access_token"])["origin_jti"].as_str().unwrap().to_owned();
    assert!(all.contains(&format!("href=\"/_console/sign-ins/{origin}\"")), "the code grant leads to its sign-in");
    assert!(all.contains("Invalid Refresh Token") && all.contains("NotAuthorizedException"));
    let failed = rig.page("/_console/requests?operation=&status=4").await;
    assert!(failed.contains("\"operation\">GetTokensFromRefreshToken<") && !failed.contains("\"operation\">login<"));
    let logins = rig.page("/_console/requests?operation=login&status=").await;
    assert!(logins.contains("\"operation\">login<") && !logins.contains("\"operation\">GetTokensFromRefreshToken<"));
    let oldest = rig.page("/_console/requests?before=1").await;
    assert!(oldest.contains("\"operation\">authorize<") && !oldest.contains("\"operation\">login<"));
}

#[tokio::test]
async fn pending_codes_are_found_on_the_users_page() {
    let rig = Rig::start().await;
    assert!(!rig.page("/_console/users").await.contains("waiting to be entered"));
    let pool = &rig.cognito.service.pools[0];
    pool.sign_up("new@example.com", "New-Passw0rd", Default::default()).unwrap();
    let code = pool.with_state(|state| state.verifications.values().next().unwrap().code.clone());
    for path in ["/_console", "/_console/users"] {
        let page = rig.page(path).await;
        assert!(page.contains(&code) && page.contains("confirm the sign-up"), "{path}");
    }
    rig.pass_secs(24 * 60 * 60);
    assert!(!rig.page("/_console/users").await.contains(&code), "over");
}

#[tokio::test]
async fn the_version_changes_with_what_is_shown() {
    let rig = Rig::start().await;
    let version = || rig.page("/_console/version");
    let before = version().await;
    rig.page("/_console").await;
    assert_eq!(version().await, before, "looking is no change");
    rig.get(&rig.url("/nowhere")).await;
    let after = version().await;
    assert_ne!(after, before);
    rig.press("rotation", &[("grace_secs", "1")]).await;
    assert_ne!(version().await, after);
}

#[tokio::test]
async fn a_code_that_an_error_quotes_and_a_secret_in_the_wrong_place_are_not_shown() {
    let rig = Rig::start().await;
    let secret = rig.cognito.client_secret().unwrap();
    let request = json!({
        "ClientId": rig.cognito.client_id(), "Username": DEMO.0, "SecretHash": rig.secret_hash(DEMO.0),
        "ConfirmationCode": "378313 ", "Password": "Other-Passw0rd",
    });
    let answer = rig.call_api("ConfirmForgotPassword", &request).await.text().await.unwrap();
    assert!(answer.contains("'378313 '"), "as at AWS: {answer}");
    rig.token(&[("grant_type", &secret)]).await;
    let console = rig.get(&rig.url("/_console/requests")).await.text().await.unwrap();
    let control = rig.get(&rig.url("/_control/requests")).await.text().await.unwrap();
    for page in [console, control] {
        assert!(page.contains("ConfirmForgotPassword") && !page.contains("378313"), "{page}");
        assert!(page.contains("token:unknown") && !page.contains(&secret), "{page}");
    }
}
