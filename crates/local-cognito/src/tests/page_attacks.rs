//! The pages against what a request may carry: markup, forms from elsewhere, oversized input; and their languages.

use reqwest::Response;

use super::account_pages::{EMAIL, PASSWORD};
use super::{DEMO, Rig, browser, find_csrf, location, query};

const EVIL: &str = r#""'><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"#;

async fn assert_harmless(response: Response, what: &str) {
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"), "{policy}");
    let page = response.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains("'><"), "{what}: {page}");
    let quoted = page.split('"').skip(1).step_by(2);
    assert!(!quoted.clone().any(|value| value.contains('<')), "{what} breaks out of an attribute: {page}");
}

#[tokio::test]
async fn nothing_from_the_query_or_a_form_becomes_markup() {
    let rig = Rig::start().await;
    let names = ["state", "nonce", "login_hint", "lang", "prompt", "resource", "code_challenge", "made_up", EVIL];
    for path in ["/login", "/signup", "/forgotPassword", "/logout"] {
        for name in names {
            let shown = rig.get(&rig.page_url(path, &[(name, EVIL)])).await;
            if shown.status() == 200 {
                assert_harmless(shown, &format!("{path} {name}")).await;
            }
        }
    }
    for (name, path) in
        [("client_id", "/login"), ("redirect_uri", "/signup"), ("identity_provider", "/oauth2/authorize")]
    {
        let refused = rig.get(&rig.page_url(path, &[(name, EVIL)])).await;
        assert_eq!(refused.status(), 400, "{name}");
        assert_harmless(refused, name).await;
    }
    let form = [("username", EVIL), ("name", EVIL), ("password", EVIL), ("code", EVIL), ("repeat_password", EVIL)];
    for path in ["/login", "/signup"] {
        assert_harmless(rig.submit(&rig.page_url(path, &[]), &form).await, path).await;
    }
    let asked = rig.submit(&rig.page_url("/forgotPassword", &[]), &form).await;
    let reset = rig.url(&location(&asked));
    assert_harmless(rig.get(&reset).await, "the address typed").await;
    assert_harmless(rig.submit(&reset, &form).await, "the reset").await;
}

#[tokio::test]
async fn what_is_very_long_is_refused_or_shown_whole() {
    let rig = Rig::start().await;
    let long = "x".repeat(20_000);
    let form = [("username", long.as_str()), ("name", &long), ("password", &long)];
    for path in ["/login", "/signup"] {
        let back = rig.submit(&rig.page_url(path, &[]), &form).await;
        assert_eq!(back.status(), 400, "{path}");
        assert!(back.text().await.unwrap().contains(&long), "{path}");
    }
    let endless = [("username", "x".repeat(70_000))];
    let refused = rig.browser.post(rig.page_url("/login", &[])).form(&endless).send().await.unwrap();
    assert_eq!(refused.status(), 413);
}

#[tokio::test]
async fn each_form_is_only_taken_from_its_own_page_and_browser() {
    let rig = Rig::start().await;
    let sign_up = [("username", EMAIL), ("name", ""), ("password", PASSWORD)];
    location(&rig.submit(&rig.page_url("/signup", &[]), &sign_up).await);
    let confirm = rig.page_url("/confirm", &[]);
    let page = rig.get(&confirm).await.text().await.unwrap();
    let code = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    let foreign =
        find_csrf(&browser().get(confirm.replace("/confirm", "/login")).send().await.unwrap().text().await.unwrap());
    for (csrf, status) in [("", 403), (foreign.as_str(), 403)] {
        for path in ["/login", "/signup", "/forgotPassword", "/confirm", "/resendcode"] {
            let form = [("_csrf", csrf), ("username", DEMO.0), ("password", DEMO.1), ("code", &code)];
            let answer = rig.browser.post(rig.page_url(path, &[])).form(&form).send().await.unwrap();
            assert_eq!(answer.status(), status, "{path}");
            assert!(answer.text().await.unwrap().contains("This page is out of date."), "{path}");
        }
    }
    assert_eq!(rig.waiting_code(EMAIL, "sign_up").await.unwrap(), code, "neither used nor replaced");
    let own = [("_csrf", find_csrf(&page)), ("code", code)];
    location(&rig.browser.post(&confirm).form(&own).send().await.unwrap());
}

#[tokio::test]
async fn a_language_stays_from_page_to_page() {
    let rig = Rig::start().await;
    for (lang, sign_in, wrong) in [
        ("en", "Sign in", "Incorrect username or password."),
        ("de", "Anmelden", "Benutzername oder Passwort ist falsch."),
        ("es", "Iniciar sesión", "El nombre de usuario o la contraseña no son correctos."),
        ("fr", "Se connecter", "Nom d’utilisateur ou mot de passe incorrect."),
    ] {
        let login = location(&rig.get(&rig.authorize_url(&[("lang", lang)])).await);
        let page = rig.get(&rig.url(&login)).await.text().await.unwrap();
        assert!(page.contains(&format!("<html lang=\"{lang}\">")) && page.contains(&format!("<h1>{sign_in}</h1>")));
        for path in ["/signup", "/forgotPassword"] {
            let link = page.split("href=\"").map(|rest| rest.split('"').next().unwrap());
            let link =
                link.filter(|link| link.starts_with(path)).map(|link| link.replace("&amp;", "&")).next().unwrap();
            assert_eq!(query(&rig.url(&link), "lang").unwrap(), lang);
            assert!(rig.get(&rig.url(&link)).await.text().await.unwrap().contains(&format!("<html lang=\"{lang}\">")));
        }
        let form = [("username", "demo@example.com"), ("password", "wrong")];
        assert!(rig.submit(&rig.url(&login), &form).await.text().await.unwrap().contains(wrong), "{lang}");
    }
    let unknown = rig.get(&rig.page_url("/login", &[("lang", "tlh")])).await.text().await.unwrap();
    assert!(unknown.contains("<html lang=\"en\">"));
}
