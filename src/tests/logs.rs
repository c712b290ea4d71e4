//! What the program writes while people sign in, stay, fail and leave: at the most talkative setting, and still no token,
//! code, verifier, cookie, password or e-mail address in it (B28, B46).

use serde_json::json;

use crate::{
    browser::{ADMIN, Browser, DEMO, Page},
    program::Program,
};

/// What must not be found, with what it is.
#[derive(Default)]
struct Secrets(Vec<(String, String)>);

impl Secrets {
    fn add(&mut self, what: &str, value: &str) {
        // As it is, and as it stands in a URL.
        for form in [value.to_owned(), value.replace('@', "%40").replace('=', "%3D").replace('+', "%2B")] {
            self.0.push((what.to_owned(), form));
        }
    }

    fn add_query(&mut self, url: &str) {
        for (name, value) in reqwest::Url::parse(url).unwrap().query_pairs() {
            if ["code", "state", "nonce", "code_challenge"].contains(&&*name) {
                self.add(&name, &value);
            }
        }
    }

    fn add_cookies(&mut self, page: &Page) {
        for cookie in page.headers.get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.len() > 8 {
                self.add(&format!("cookie {name}"), value);
            }
        }
    }
}

/// Signs in step by step and notes what travels.
async fn sign_in(browser: &Browser, who: (&str, &str), secrets: &mut Secrets) {
    let begin = browser.get("/api/auth/signin?return_to=%2Faccount").await;
    secrets.add_cookies(&begin);
    let hosted_ui = begin.location.unwrap();
    secrets.add_query(&hosted_ui);
    let callback = browser.log_in(&hosted_ui, who).await.location.unwrap();
    secrets.add_query(&callback);
    let landed = browser.get(&callback).await;
    assert_eq!(landed.location.as_deref(), Some("/account"), "{landed:?}");
    secrets.add_cookies(&landed);
}

/// A new account with its code, and a new password with another.
async fn sign_up_and_reset(program: &Program, secrets: &mut Secrets) {
    let (email, passwords) = ("nia.new@example.com", ["First-Passw0rd-9", "Second-Passw0rd-9"]);
    secrets.add("e-mail", email);
    passwords.iter().for_each(|password| secrets.add("password", password));
    let browser = Browser::at(&program.url);
    let hosted_ui = browser.get("/api/auth/signin?return_to=%2Faccount").await.location.unwrap();
    let page = |name: &str| hosted_ui.replace("/oauth2/authorize", name);
    let confirm = program.fill(&browser, &page("/signup"), &[("username", email), ("password", passwords[0])]).await;
    let code = program.code(email).await;
    let callback = program.fill(&browser, &confirm, &[("code", &code)]).await;
    secrets.add_query(&callback);
    assert_eq!(browser.get(&callback).await.location.as_deref(), Some("/account"));
    let reset = program.fill(&browser, &page("/forgotPassword"), &[("username", email)]).await;
    let code = program.code(email).await;
    let fields = [("code", code.as_str()), ("password", passwords[1]), ("repeat_password", passwords[1])];
    program.fill(&browser, &reset, &fields).await;
    // Six digits turn up in times and ports too, so the codes are looked for where they would be named.
    secrets.add("code", &format!("code={code}"));
    secrets.add("code", &format!("\"{code}\""));
}

#[tokio::test]
async fn b28_b46_a_whole_life_at_the_most_talkative_log_leaves_no_secret_in_it() {
    let program = Program::start("trace");
    let mut secrets = Secrets::default();
    for (email, password) in [DEMO, ADMIN] {
        secrets.add("e-mail", email);
        secrets.add("password", password);
    }
    let browser = Browser::at(&program.url);
    sign_in(&browser, DEMO, &mut secrets).await;
    let (page, profile) = (browser.get("/account").await, browser.get_json("/api/account/profile").await);
    assert_eq!((page.status, profile.status), (200, 200));

    // A renewal, one that fails, one that ends the session.
    program.control("clock", json!({ "advance_secs": 3600 })).await;
    let renewed = browser.get("/account").await;
    secrets.add_cookies(&renewed);
    assert!(renewed.headers.contains_key("set-cookie"), "{renewed:?}");
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 5, "fault": "throttle" })).await;
    program.control("clock", json!({ "advance_secs": 3600 })).await;
    browser.get("/account").await;
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 0 })).await;
    let other = Browser::at(&program.url);
    sign_in(&other, ADMIN, &mut secrets).await;
    program.control("users", json!({ "email": ADMIN.0, "action": "disable" })).await;
    program.control("clock", json!({ "advance_secs": 7200 })).await;
    assert_eq!(other.get("/account").await.status, 302);

    sign_up_and_reset(&program, &mut secrets).await;

    // Mistakes and attacks.
    browser.get("/api/auth/callback/cognito?code=a-code-of-an-attacker&state=a-state-of-an-attacker").await;
    secrets.add("code", "a-code-of-an-attacker");
    secrets.add("state", "a-state-of-an-attacker");
    other.plant(&format!("session-{}=a-cookie-that-nobody-made", program.url.rsplit(':').next().unwrap()));
    secrets.add("cookie", "a-cookie-that-nobody-made");
    other.get("/account").await;
    let forged = other.client.post(format!("{}/api/auth/signout", program.url)).header("sec-fetch-site", "cross-site");
    assert_eq!(forged.send().await.unwrap().status(), 403);
    browser.post("/api/auth/signout", &[]).await;

    let log = program.end();
    assert!(log.contains("TRACE") && log.lines().count() > 100, "the log is not at its most talkative");
    for (what, secret) in &secrets.0 {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert_eq!(line, None, "the {what} is in the log");
    }
    // Every token, cookie and key of this project begins like that, sent or received, whoever logs it.
    assert_eq!(log.lines().find(|line| line.contains("eyJ")), None, "something like a token is in the log");
    for word in ["code_verifier", "SECRET_HASH", "AccessToken\":"] {
        assert_eq!(log.lines().find(|line| line.contains(word)), None, "a body with {word} is in the log");
    }
}
