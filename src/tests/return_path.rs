//! Where a sign-in may lead: the redirect URI comes from the configuration, the return path stays on this site (B6, B7).

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO, query},
    wire::Wire,
};

/// Everything that must lead home.
const EVIL: [&str; 45] = [
    "",
    "evil",
    "?evil",
    "#evil",
    "@evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https:",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "HTTPS://evil.example",
    "http://localhost@evil.example",
    "javascript:alert(1)",
    "data:text/html,evil",
    " //evil.example",
    "/ /evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/evil\u{0}",
    "/evil\u{1f}",
    "/evil\u{7f}",
    "/evil\r\nSet-Cookie: evil=1",
    "/évil",
    "/%2Fevil.example",
    "/%2f%2Fevil.example",
    "/%5Cevil.example",
    "/%5c%5cevil.example",
    "/%252Fevil.example",
    "/%09/evil.example",
    "/%0d%0aSet-Cookie:evil=1",
    "/.//evil.example",
    "/a/..//evil.example",
    "/%2e//evil.example",
    "/api/auth/signin?return_to=/evil",
    "/api/auth/callback/cognito?code=evil&state=evil",
    "/api/auth/signout?evil",
    "/API/auth/signout?evil",
    "/x/../api/%61uth/signout?evil",
    "/sign-in-failed?error=evil",
];

/// The link that starts a sign-in for this page, written as a browser writes it.
fn link(app: &TestApp, return_to: &str) -> String {
    let mut url = reqwest::Url::parse(&format!("{}/api/auth/signin", app.url)).unwrap();
    url.query_pairs_mut().append_pair("return_to", return_to);
    url.into()
}

#[tokio::test]
async fn b07_evil_return_paths_lead_home() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for evil in EVIL {
        let hosted_ui = browser.get(&link(&app, evil)).await.location.unwrap();
        assert!(!hosted_ui.contains("evil") && query(&hosted_ui).len() == 8, "{evil:?} goes to Cognito: {hosted_ui}");
        let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
        assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/"), "{evil:?}");
    }
}

/// What every page has for a session that ends, hidden until then: its small window closes by itself.
const SIGN_IN_AGAIN: &str = "/api/auth/signin?return_to=/signed-in";

#[tokio::test]
async fn b07_evil_return_paths_lead_home_from_a_failure_too() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    for evil in EVIL {
        let state = query(&browser.get(&link(&app, evil)).await.location.unwrap())["state"].clone();
        let answer = browser.get(&format!("/api/auth/callback/cognito?error=x&state={state}")).await;
        assert!(answer.location.unwrap().contains("return_to=%2F&"), "{evil:?}");
        // The page for a failure, by a link that somebody else made: whatever it offers starts a sign-in that leads home.
        let mut url = reqwest::Url::parse(&format!("{}/sign-in-failed", app.url)).unwrap();
        url.query_pairs_mut().append_pair("return_to", evil);
        let page = browser.get(url.as_str()).await;
        let links: Vec<_> = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let starts: Vec<_> =
            links.iter().filter(|link| link.starts_with("/api/auth/signin") && **link != SIGN_IN_AGAIN).collect();
        assert!(links.iter().all(|link| !link.starts_with("//") && !link.contains(':')), "{evil:?}: {links:?}");
        assert!(!starts.is_empty(), "there is a way to try again");
        for start in starts {
            let hosted_ui = browser.get(&start.replace("&amp;", "&")).await.location.unwrap();
            let state = query(&hosted_ui)["state"].clone();
            let answer = browser.get(&format!("/api/auth/callback/cognito?error=x&state={state}")).await;
            assert!(answer.location.unwrap().contains("return_to=%2F&"), "{evil:?} by {start}");
        }
    }
}

#[tokio::test]
async fn b07_a_return_path_adds_no_oauth_parameter() {
    let app = TestApp::start().await;
    let browser = Browser::new(&app);
    let plain = query(&browser.get("/api/auth/signin").await.location.unwrap());
    let forged = "client_id=evil&redirect_uri=https://evil.example&scope=evil&state=evil&nonce=evil&prompt=none\
                  &response_type=token&code_challenge=evil&code_challenge_method=plain&identity_provider=evil";
    for (link, lands_at) in [
        (link(&app, &format!("/account?{forged}")), format!("/account?{forged}")),
        (link(&app, &format!("/account&{forged}")), format!("/account&{forged}")),
        (link(&app, &format!("/account#{forged}")), "/account".to_owned()),
        (format!("{}?return_to=/account&{forged}", "/api/auth/signin"), "/account".to_owned()),
    ] {
        let hosted_ui = browser.get(&link).await.location.unwrap();
        let names: Vec<_> = hosted_ui.split(['?', '&']).skip(1).filter_map(|pair| pair.split('=').next()).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        let asked = query(&hosted_ui);
        assert_eq!(asked.len(), 8, "each once: {names:?}");
        for (name, value) in &asked {
            let is_fresh = ["state", "nonce", "code_challenge"].contains(&name.as_str());
            assert!(
                if is_fresh { plain[name] != *value && value.len() == 43 } else { plain[name] == *value },
                "{name}"
            );
        }
        let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
        assert_eq!(browser.get(&callback).await.location.as_deref(), Some(lands_at.as_str()));
    }
}

#[tokio::test]
async fn b06_no_header_changes_the_redirect_uri() {
    let (app, wire) = Wire::tap(Wishes::default()).await;
    let expected = format!("{}/api/auth/callback/cognito", app.url);
    let forgeries = [
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Port", "666"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-For", "evil.example"),
        ("X-Forwarded-Server", "evil.example"),
        ("X-Original-Host", "evil.example"),
        ("X-Original-URL", "https://evil.example/"),
        ("X-Rewrite-URL", "https://evil.example/"),
        ("Forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
        ("Origin", "https://evil.example"),
        ("Referer", "https://evil.example/"),
    ];
    for (name, value) in forgeries {
        let browser = Browser::new(&app);
        let get = |url: String| browser.client.get(url).header(name, value).send();
        let mut begun = get(format!("{}/api/auth/signin", app.url)).await.unwrap();
        if name == "Host" {
            // First to the app's own address, by configuration; a proxy may write the same into that, too.
            let own = begun.headers()["location"].to_str().unwrap().to_owned();
            assert!(own.starts_with(&format!("{}/api/auth/signin?return_to=%2F&", app.url)), "{own}");
            begun = get(own).await.unwrap();
        }
        let hosted_ui = begun.headers()["location"].to_str().unwrap().to_owned();
        assert_eq!(query(&hosted_ui)["redirect_uri"], expected, "{name}");
        let refused = get(format!("{}/account", app.url)).await.unwrap();
        assert_eq!(refused.headers()["location"], "/api/auth/signin?return_to=%2Faccount", "{name}");
        let callback = browser.log_in(&hosted_ui, DEMO).await.location.unwrap();
        let landed = get(callback).await.unwrap();
        assert_eq!(landed.headers()["location"], "/", "{name}");
        let call = wire.token_calls().pop().unwrap();
        assert_eq!(
            (call.operation().as_str(), call.field("redirect_uri")),
            ("authorization_code", Some(expected.clone()))
        );
    }
    // Headers are one thing, configuration another: it is where the redirect URI comes from.
    let settings = vec![("APP_URL", "https://app.example.com".to_owned())];
    let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
    let hosted_ui = Browser::new(&app).get("/api/auth/signin").await.location.unwrap();
    assert_eq!(query(&hosted_ui)["redirect_uri"], "https://app.example.com/api/auth/callback/cognito");
}
