//! The OAuth endpoints byte for byte: status, headers and body of each row of `cognito.md` §1.2 to §1.6; what other
//! methods and other origins get.

use reqwest::{Method, Response};

use super::{CALLBACK, DEMO, Rig, VERIFIER, claims, location, query};

const CODE: &str = "grant_type=authorization_code&code=x";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

async fn post(rig: &Rig, path: &str, basic: bool, body: &str) -> Response {
    let request = rig.browser.post(rig.url(path)).header(FORM.0, FORM.1).body(body.to_owned());
    let secret = rig.cognito.client_secret();
    let request = if basic { request.basic_auth(rig.cognito.client_id(), secret) } else { request };
    request.send().await.unwrap()
}

#[tokio::test]
async fn each_error_of_the_token_endpoint_is_cognitos() {
    let rig = Rig::start().await;
    let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
    let redirect = format!("{CODE}&redirect_uri={CALLBACK}");
    let by_id = format!("grant_type=refresh_token&refresh_token=x&client_id={id}");
    let code = rig.code().await;
    let elsewhere = format!("grant_type=authorization_code&code={code}&redirect_uri=http://localhost:3000/");
    for (basic, form, body) in [
        (true, "", r#"{"error":"invalid_request"}"#),
        (true, "grant_type=", r#"{"error":"invalid_request"}"#),
        (true, "grant_type=refresh_token&grant_type=refresh_token", r#"{"error":"invalid_request"}"#),
        (true, "grant_type=implicit", r#"{"error":"unsupported_grant_type"}"#),
        (true, "grant_type=client_credentials&scope=api/read", r#"{"error":"unauthorized_client"}"#),
        (true, CODE, r#"{"error":"invalid_request"}"#),
        (true, &redirect, r#"{"error":"invalid_grant"}"#),
        (true, &elsewhere, r#"{"error":"unauthorized_client","error_description":"invalid_redirect"}"#),
        (
            true,
            "grant_type=refresh_token&refresh_token=",
            r#"{"error":"invalid_request","error_description":"invalid_refresh_token"}"#,
        ),
        (true, "grant_type=refresh_token&refresh_token=a.b.c.d.e", r#"{"error":"invalid_grant"}"#),
        (false, "grant_type=refresh_token", r#"{"error":"invalid_client"}"#),
        (false, "grant_type=refresh_token&client_id=unknown", r#"{"error":"invalid_client"}"#),
        (false, &by_id, r#"{"error":"invalid_client","error_description":"invalid_client_secret"}"#),
        (false, &format!("{by_id}&client_secret={secret}"), r#"{"error":"invalid_grant"}"#),
    ] {
        let answer = post(&rig, "/oauth2/token", basic, form).await;
        assert_eq!(answer.status(), 400, "{form}");
        assert_eq!(answer.headers()["content-type"], "application/json;charset=UTF-8");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert_eq!(answer.headers()["x-amz-cognito-request-id"].len(), 36);
        assert!(!answer.headers().contains_key("www-authenticate"));
        assert_eq!(answer.text().await.unwrap(), body, "{form}");
    }
}

#[tokio::test]
async fn what_cognito_ignores_is_ignored() {
    let rig = Rig::start().await;
    let code = rig.code().await;
    let metadata = ("aws_client_metadata", r#"{"environment":"dev"}"#);
    let grant = [("grant_type", "authorization_code"), ("code", code.as_str()), metadata];
    let proof = [("redirect_uri", CALLBACK), ("code_verifier", VERIFIER), ("scope", "openid")];
    let answer = rig.token(&[grant, proof].concat()).await;
    assert_eq!(answer.status(), 200);
    let tokens: serde_json::Value = answer.json().await.unwrap();
    let refresh = ("refresh_token", tokens["refresh_token"].as_str().unwrap());
    let renewed = rig.token(&[("grant_type", "refresh_token"), refresh, ("scope", "openid")]).await;
    let renewed: serde_json::Value = renewed.json().await.unwrap();
    let scope = "openid email profile aws.cognito.signin.user.admin";
    assert_eq!(claims(&renewed["access_token"])["scope"], scope, "a refresh does not narrow it");

    for prompt in ["select_account", "consent", "login select_account consent", "made_up"] {
        let answer = location(&rig.get(&rig.authorize_url(&[("prompt", prompt), ("screen_hint", "signup")])).await);
        let asks = answer.starts_with("/login?");
        assert_eq!(
            (asks, query_code(&answer).is_some()),
            (prompt.contains("login"), !prompt.contains("login")),
            "{prompt}"
        );
    }
    let neither = location(&rig.get(&rig.authorize_url(&[("prompt", "none login")])).await);
    assert_eq!(query(&neither, "error").unwrap(), "login_required");
}

fn query_code(answer: &str) -> Option<String> {
    answer.starts_with(CALLBACK).then(|| query(answer, "code"))?
}

#[tokio::test]
async fn the_answer_has_its_members_in_cognitos_order() {
    let rig = Rig::start().await;
    let body = rig.redeem(&rig.code().await).await.text().await.unwrap();
    let names: Vec<&str> = body.split('"').skip(1).step_by(4).collect();
    assert_eq!(names[..4], ["access_token", "id_token", "refresh_token", "token_type"]);
    assert!(body.ends_with(r#""token_type":"Bearer","expires_in":3600}"#), "{}", &body[body.len() - 60..]);
}

#[tokio::test]
async fn each_error_of_revocation_is_cognitos() {
    let rig = Rig::start().await;
    let (id, secret) = (rig.cognito.client_id(), rig.cognito.client_secret().unwrap());
    let bad_request = r#"{"error":"invalid_request","error_description":"Invalid parameter in request"}"#;
    let access = rig.sign_in().await["access_token"].as_str().unwrap().to_owned();
    for (basic, form, status, body) in [
        (true, String::new(), 400, bad_request),
        (true, "token=".to_owned(), 400, bad_request),
        (true, "token=x&token=y".to_owned(), 400, bad_request),
        (true, format!("token={access}"), 400, r#"{"error":"unsupported_token_type"}"#),
        (false, "token=x".to_owned(), 401, r#"{"error":"invalid_client"}"#),
        (false, format!("token=x&client_id={id}&client_secret={secret}"), 401, r#"{"error":"invalid_client"}"#),
        (true, "token=never-issued&token_type_hint=access_token".to_owned(), 200, ""),
    ] {
        let answer = post(&rig, "/oauth2/revoke", basic, &form).await;
        assert_eq!(answer.status(), status, "{form:.40}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert!(!answer.headers().contains_key("www-authenticate"));
        assert_eq!(answer.text().await.unwrap(), body, "{form:.40}");
    }
}

#[tokio::test]
async fn user_info_takes_a_bearer_token_from_the_header_alone() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let token = tokens["access_token"].as_str().unwrap();
    let ask = |authorization: String| {
        rig.browser.get(rig.url("/oauth2/userInfo")).header("authorization", authorization).send()
    };
    let good = ask(format!("bearer {token}")).await.unwrap();
    assert_eq!(
        (good.status().as_u16(), &good.headers()["content-type"]),
        (200, &"application/json;charset=UTF-8".parse().unwrap())
    );
    let bad_request = r#"error="invalid_request", error_description="Bad OAuth2 request at UserInfo Endpoint""#;
    let bad_token = r#"error="invalid_token", error_description="Access token is expired, disabled, or deleted, or the user has globally signed out.""#;
    for (authorization, status, challenge) in [
        (String::new(), 400, bad_request),
        ("Bearer".to_owned(), 400, bad_request),
        ("Bearer ".to_owned(), 400, bad_request),
        (token.to_owned(), 400, bad_request),
        (format!("Basic {token}"), 400, bad_request),
        ("Bearer garbage".to_owned(), 401, bad_token),
        (format!("Bearer {}", tokens["id_token"].as_str().unwrap()), 401, bad_token),
        (format!("Bearer {}x", token), 401, bad_token),
    ] {
        let refused = ask(authorization.clone()).await.unwrap();
        assert_eq!(refused.status(), status, "{authorization:.20}");
        assert_eq!(refused.headers()["www-authenticate"], challenge, "{authorization:.20}");
    }
    let in_query = rig.get(&rig.url(&format!("/oauth2/userInfo?access_token={token}"))).await;
    assert_eq!(in_query.status(), 400);
    rig.cognito.revoke_all(DEMO.0);
    let revoked = ask(format!("Bearer {token}")).await.unwrap();
    assert_eq!((revoked.status().as_u16(), &revoked.headers()["www-authenticate"]), (401, &bad_token.parse().unwrap()));
}

#[tokio::test]
async fn other_methods_are_refused_and_other_origins_are_not() {
    let rig = Rig::start().await;
    let issuer = rig.cognito.issuer();
    let (discovery, jwks) =
        (format!("{issuer}/.well-known/openid-configuration"), format!("{issuer}/.well-known/jwks.json"));
    let at = |path: &str| rig.url(path);
    for (url, method, allow) in [
        (at("/oauth2/token"), Method::GET, "POST"),
        (at("/oauth2/revoke"), Method::GET, "POST"),
        (at("/oauth2/userInfo"), Method::POST, "GET,HEAD"),
        (at("/oauth2/authorize"), Method::POST, "GET,HEAD"),
        (at("/logout"), Method::DELETE, "GET,HEAD"),
        (at("/login"), Method::PUT, "GET,HEAD,POST"),
        (at("/resendcode"), Method::GET, "POST"),
        (jwks.clone(), Method::POST, "GET,HEAD"),
    ] {
        let answer = rig.browser.request(method.clone(), &url).send().await.unwrap();
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["allow"]),
            (405, &allow.parse().unwrap()),
            "{method} {url}"
        );
    }
    let head = rig.browser.head(rig.authorize_url(&[])).send().await.unwrap();
    assert!(location(&head).starts_with("/login?"));

    for url in [at("/oauth2/token"), at("/oauth2/userInfo"), at("/oauth2/revoke"), discovery, jwks] {
        let preflight = rig.browser.request(Method::OPTIONS, &url).header("origin", "https://app.example");
        let preflight = preflight.header("access-control-request-method", "POST");
        let asked = preflight.header("access-control-request-headers", "authorization,x-amz-user-agent");
        let answer = asked.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{url}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        assert_eq!(answer.headers()["access-control-allow-headers"], "authorization,x-amz-user-agent");
        let got = rig.browser.get(&url).header("origin", "https://app.example").send().await.unwrap();
        assert_eq!(got.headers()["access-control-allow-origin"], "*", "{url}");
    }
    assert_eq!(rig.cognito.count("preflight"), 5);
    let page =
        rig.browser.get(rig.page_url("/login", &[])).header("origin", "https://app.example").send().await.unwrap();
    assert!(!page.headers().contains_key("access-control-allow-origin"), "pages are nobody else's");
}
