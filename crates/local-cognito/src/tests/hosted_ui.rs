//! The browser's part: authorize, sign-in page, its session, sign-out.

use super::{CALLBACK, DEMO, Rig, browser, find_csrf, location, query};

#[tokio::test]
async fn the_browser_stays_signed_in_for_an_hour_and_no_longer() {
    let rig = Rig::start().await;
    let signed_in = rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    assert!(
        cookie.starts_with(&format!(
            "cognito-{}.us-east-1_LocalPool=",
            rig.cognito.base_url().rsplit(':').next().unwrap()
        )) && cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );

    rig.pass_secs(3599);
    let silent = location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await);
    let code = query(&silent, "code").unwrap();
    let tokens: serde_json::Value = rig.redeem(&code).await.json().await.unwrap();
    assert_eq!(super::claims(&tokens["id_token"])["auth_time"], 1_700_000_000, "when the password was typed");
    let forced = location(&rig.get(&rig.authorize_url(&[("prompt", "login")])).await);
    assert!(forced.starts_with("/login?"), "{forced}");

    rig.pass_secs(1);
    let late = location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await);
    assert_eq!(query(&late, "error").unwrap(), "login_required");
    assert_eq!(query(&late, "state").unwrap(), "the state");
    assert!(location(&rig.get(&rig.authorize_url(&[])).await).starts_with("/login?"));
}

#[tokio::test]
async fn a_wrong_client_or_redirect_gets_a_page_and_other_mistakes_a_redirect() {
    let rig = Rig::start().await;
    for change in [("client_id", "unknown"), ("redirect_uri", "https://evil.example/"), ("redirect_uri", "")] {
        let response = rig.get(&rig.authorize_url(&[change])).await;
        assert_eq!(response.status(), 400, "{change:?}");
        assert!(!response.headers().contains_key("location"));
    }
    for (change, error) in [
        (("response_type", ""), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("scope", "openid nonsense"), "invalid_scope"),
    ] {
        let answer = location(&rig.get(&rig.authorize_url(&[change])).await);
        assert!(answer.starts_with(CALLBACK), "{answer}");
        assert_eq!((query(&answer, "error").unwrap().as_str(), query(&answer, "code")), (error, None));
        assert_eq!(query(&answer, "state").unwrap(), "the state");
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_user_read_the_same() {
    let rig = Rig::start().await;
    for (email, password) in [("demo@example.com", "wrong"), ("nobody@example.com", "wrong"), ("", "")] {
        let response = rig.submit_login(&rig.authorize_url(&[]), (email, password)).await;
        assert_eq!(response.status(), 400);
        assert!(
            !response.headers().get_all("set-cookie").iter().any(|cookie| cookie.as_bytes().starts_with(b"cognito="))
        );
        let page = response.text().await.unwrap();
        assert!(page.contains("Incorrect username or password."), "{page}");
        assert!(page.contains(&format!("name=\"username\" value=\"{email}\"")), "{page}");
    }
    rig.cognito.disable_user("demo@example.com");
    let page = rig.submit_login(&rig.authorize_url(&[]), DEMO).await.text().await.unwrap();
    assert!(page.contains("User is disabled."));
    assert!(rig.cognito.enable_user("demo@example.com"));
    location(&rig.submit_login(&rig.authorize_url(&[]), DEMO).await);
    assert!(!rig.cognito.enable_user("nobody@example.com"));
}

#[tokio::test]
async fn a_form_from_elsewhere_signs_nobody_in() {
    let rig = Rig::start().await;
    let login = rig.url(&location(&rig.get(&rig.authorize_url(&[])).await));
    let csrf = find_csrf(&rig.get(&login).await.text().await.unwrap());
    let form = [("_csrf", csrf.as_str()), ("username", DEMO.0), ("password", DEMO.1)];
    let without_cookie = browser().post(&login).form(&form).send().await.unwrap();
    assert_eq!(without_cookie.status(), 403);
    let without_field = rig.browser.post(&login).form(&form[1..]).send().await.unwrap();
    assert_eq!(without_field.status(), 403);
    assert_eq!(rig.browser.post(&login).form(&form).send().await.unwrap().status(), 302);
}

#[tokio::test]
async fn the_login_hint_fills_the_field_and_two_tabs_share_a_form_token() {
    let rig = Rig::start().await;
    let login = rig.authorize_url(&[("login_hint", "ada@example.com")]).replace("/oauth2/authorize?", "/login?");
    let first = rig.get(&login).await.text().await.unwrap();
    assert!(first.contains(r#"name="username" value="ada@example.com""#), "{first}");
    let second = rig.get(&login).await.text().await.unwrap();
    assert_eq!(find_csrf(&first), find_csrf(&second));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_goes_where_it_is_registered_to() {
    let rig = Rig::start().await;
    rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    let logout = |rest: &str| rig.url(&format!("/logout?client_id={}{rest}", rig.cognito.client_id()));
    let silent = || async { location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await) };

    for refused in ["", "&logout_uri=https://evil.example/", "&redirect_uri=https://evil.example/&response_type=code"] {
        assert_eq!(rig.get(&logout(refused)).await.status(), 400, "{refused}");
    }
    let page = rig.get(&logout("&logout_uri=https://evil.example/")).await.text().await.unwrap();
    assert!(page.contains("Required String parameter 'redirect_uri' is not present"), "{page}");
    assert!(query(&silent().await, "code").is_some(), "still signed in");

    for registered in ["http://localhost:3000/", "http://localhost:3000"] {
        let answer = rig.get(&logout(&format!("&logout_uri={registered}&state=s&redirect_uri={CALLBACK}"))).await;
        assert_eq!(location(&answer), registered, "no state comes back");
    }
    assert_eq!(query(&silent().await, "error").unwrap(), "login_required");

    rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    let back = location(&rig.get(&logout(&format!("&redirect_uri={CALLBACK}&response_type=code"))).await);
    assert!(back.starts_with("/login?"), "{back}");
    assert_eq!(rig.get(&rig.url(&back)).await.status(), 200);
    assert_eq!(query(&silent().await, "error").unwrap(), "login_required");
}

/// Browsers keep a host's cookies for all its ports.
#[tokio::test]
async fn two_local_cognitos_sign_nobody_out_of_the_other() {
    let (rig, mut other) = (Rig::start().await, Rig::start().await);
    other.browser = rig.browser.clone();
    for rig in [&rig, &other] {
        location(&rig.submit_login(&rig.authorize_url(&[]), DEMO).await);
    }
    for rig in [&rig, &other] {
        let silent = location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await);
        assert!(query(&silent, "code").is_some(), "{silent}");
    }
}

#[tokio::test]
async fn a_login_cookie_kept_aside_is_worthless_after_signing_out() {
    let rig = Rig::start().await;
    let signed_in = rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    let url = rig.authorize_url(&[("prompt", "none")]);
    let with_cookie = || async { location(&browser().get(&url).header("cookie", &cookie).send().await.unwrap()) };
    assert!(query(&with_cookie().await, "code").is_some());
    let client_id = rig.cognito.client_id();
    let logout = rig.url(&format!("/logout?client_id={client_id}&logout_uri=http://localhost:3000/"));
    assert_eq!(rig.get(&logout).await.status(), 302);
    assert_eq!(query(&with_cookie().await, "error").unwrap(), "login_required");
}
