//! Sign-up and confirmation through the pages, and the steps that all account pages share.

use reqwest::{Client, Response};
use serde_json::Value;

use super::{Rig, browser, find_csrf, location, query};

pub(super) const EMAIL: &str = "new@example.com";
pub(super) const PASSWORD: &str = "New-Passw0rd";
pub(super) const OTHER: &str = "Other-Passw0rd";
pub(super) const WRONG_CODE: &str = "Invalid verification code provided, please try again.";

impl Rig {
    /// A page of the hosted UI, with the usual parameters and these changes.
    pub(super) fn page_url(&self, path: &str, changes: &[(&str, &str)]) -> String {
        self.authorize_url(changes).replace("/oauth2/authorize?", &format!("{path}?"))
    }

    /// Fills in the form of a page and sends it.
    pub(super) async fn submit(&self, page: &str, form: &[(&str, &str)]) -> Response {
        self.submit_to(page, page, form).await
    }

    /// The same to another address, as the page's second form does.
    async fn submit_to(&self, page: &str, action: &str, form: &[(&str, &str)]) -> Response {
        let shown = self.get(page).await;
        assert_eq!(shown.status(), 200, "{page}");
        let csrf = find_csrf(&shown.text().await.unwrap());
        let form = [&[("_csrf", csrf.as_str())], form].concat();
        self.browser.post(action).form(&form).send().await.unwrap()
    }

    /// The code that waits for an address, as the control API tells it.
    pub(super) async fn waiting_code(&self, email: &str, purpose: &str) -> Option<String> {
        let codes: Value = self.get(&self.url("/_control/codes")).await.json().await.unwrap();
        let mut codes = codes["codes"].as_array().unwrap().iter();
        let found = codes.find(|code| code["email"] == email && code["purpose"] == purpose)?;
        assert!(found["expires_at"].as_u64().unwrap() > 1_700_000_000);
        Some(found["code"].as_str().unwrap().to_owned())
    }

    pub(super) async fn sign_up(&self) {
        let form = [("username", EMAIL), ("name", "Nia New"), ("password", PASSWORD)];
        let answer = self.submit(&self.page_url("/signup", &[]), &form).await;
        assert_eq!(self.url(&location(&answer)), self.page_url("/confirm", &[]), "the request is kept");
    }
}

pub(super) async fn assert_problem(response: Response, text: &str) {
    assert_eq!(response.status(), 400, "{text}");
    let page = response.text().await.unwrap();
    let alert = page.split("role=\"alert\">").nth(1).unwrap_or_else(|| panic!("no alert in {page}"));
    assert_eq!(alert.split('<').next().unwrap(), text);
}

#[tokio::test]
async fn a_newcomer_signs_up_confirms_and_is_in_the_app() {
    let rig = Rig::start().await;
    rig.sign_up().await;
    let confirm = rig.page_url("/confirm", &[]);
    let page = rig.get(&confirm).await.text().await.unwrap();
    assert!(page.contains("n***@e***") && page.contains(r#"href="/_console""#), "{page}");
    assert_problem(rig.submit(&confirm, &[("code", "")]).await, WRONG_CODE).await;
    let code = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    let callback = location(&rig.submit(&confirm, &[("code", &format!(" {code} "))]).await);
    assert_eq!(query(&callback, "state").unwrap(), "the state");
    let tokens: Value = rig.redeem(&query(&callback, "code").unwrap()).await.json().await.unwrap();
    let id = super::claims(&tokens["id_token"]);
    assert_eq!((&id["email"], &id["name"], &id["email_verified"]), (&EMAIL.into(), &"Nia New".into(), &true.into()));

    assert_eq!(rig.waiting_code(EMAIL, "sign_up").await, None, "used up");
    assert!(location(&rig.get(&confirm).await).starts_with("/login?"), "nothing is left to confirm");
    let silent = location(&rig.get(&rig.authorize_url(&[("prompt", "none")])).await);
    assert!(query(&silent, "code").is_some(), "the browser is signed in");
}

#[tokio::test]
async fn what_is_wrong_with_a_sign_up_stands_at_its_field_and_the_rest_is_kept() {
    let rig = Rig::start().await;
    let (page, long) = (rig.page_url("/signup", &[]), "n".repeat(2049));
    let policy = |rule: &str| format!("Your password must contain: {rule}.");
    for (email, name, password, problem) in [
        ("", "N", PASSWORD, "Please enter an email address.".to_owned()),
        ("no address", "N", PASSWORD, "Please enter an email address.".to_owned()),
        (" Demo@Example.com", "N", PASSWORD, "An account with the given email already exists.".to_owned()),
        (EMAIL, &long, PASSWORD, "Please enter a name of at most 2048 characters.".to_owned()),
        (EMAIL, "N", "Aa1-", policy("at least 8 characters")),
        (EMAIL, "N", "new-passw0rd", policy("an upper case letter")),
        (EMAIL, "N", "NEW-PASSW0RD", policy("a lower case letter")),
        (EMAIL, "N", "New-Password", policy("a number")),
        (EMAIL, "N", "NewPassw0rd", policy("a special character or a space")),
        (EMAIL, "N", &"Aa1-".repeat(65), policy("at most 256 characters")),
        (EMAIL, "N", "", policy("at least 8 characters")),
    ] {
        let form = [("username", email), ("name", name), ("password", password)];
        let answer = rig.submit(&page, &form).await;
        let status = answer.status();
        let html = answer.text().await.unwrap();
        assert!(status == 400 && html.contains(&problem), "{problem} is not in {html}");
        assert!(html.contains(&format!(r#"value="{email}""#)) && html.contains(&format!(r#"value="{name}""#)));
        assert!(password.is_empty() || !html.contains(password), "a password never comes back");
        assert_eq!(html.matches(" autofocus").count(), 1);
        assert_eq!(html.matches(r#"aria-invalid="true""#).count(), 1);
    }
    assert_eq!(rig.waiting_code(EMAIL, "sign_up").await, None);
}

#[tokio::test]
async fn an_unconfirmed_user_is_led_to_the_confirmation_and_may_ask_for_another_code() {
    let rig = Rig::start().await;
    rig.sign_up().await;
    let rig = Rig { browser: browser(), ..rig };
    let wrong = rig.submit_login(&rig.authorize_url(&[]), (EMAIL, "wrong")).await;
    assert_problem(wrong, "Incorrect username or password.").await;
    let led = location(&rig.submit_login(&rig.authorize_url(&[]), (EMAIL, PASSWORD)).await);
    assert!(led.starts_with("/confirm?"), "{led}");

    let (confirm, resend) = (rig.page_url("/confirm", &[]), rig.page_url("/resendcode", &[]));
    let first = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    for _ in 0..5 {
        assert_problem(rig.submit(&confirm, &[("code", "x")]).await, WRONG_CODE).await;
    }
    let exhausted = rig.submit(&confirm, &[("code", &first)]).await;
    assert_problem(exhausted, "Attempt limit exceeded, please try after some time.").await;
    assert!(location(&rig.submit_to(&confirm, &resend, &[]).await).starts_with("/confirm?"));
    assert!(rig.get(&confirm).await.text().await.unwrap().contains("A new code was made."));

    let code = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    rig.pass_secs(24 * 60 * 60);
    assert_eq!(rig.waiting_code(EMAIL, "sign_up").await, None);
    assert!(location(&rig.submit_login(&rig.authorize_url(&[]), (EMAIL, PASSWORD)).await).starts_with("/confirm?"));
    let late = rig.submit(&confirm, &[("code", &code)]).await;
    assert_problem(late, "Invalid code provided, please request a code again.").await;
    rig.submit_to(&confirm, &resend, &[]).await;
    let code = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    assert!(query(&location(&rig.submit(&confirm, &[("code", &code)]).await), "code").is_some());
}

#[tokio::test]
async fn another_browser_is_not_in_the_middle_of_anything() {
    let rig = Rig::start().await;
    rig.sign_up().await;
    let code = rig.waiting_code(EMAIL, "sign_up").await.unwrap();
    let other: Client = browser();
    let csrf = find_csrf(&other.get(rig.page_url("/login", &[])).send().await.unwrap().text().await.unwrap());
    for path in ["/confirm", "/resendcode", "/confirmforgotPassword", "/newPassword"] {
        let form = [("_csrf", csrf.as_str()), ("code", &code), ("password", OTHER), ("repeat_password", OTHER)];
        let answer = other.post(rig.page_url(path, &[])).form(&form).send().await.unwrap();
        let led = location(&answer);
        assert!(led.starts_with("/login?") || led.starts_with("/forgotPassword?"), "{path} led to {led}");
    }
    assert_eq!(rig.waiting_code(EMAIL, "sign_up").await.unwrap(), code, "neither used nor replaced");
}
