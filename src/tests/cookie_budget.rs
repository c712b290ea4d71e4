//! What becomes of people with very many groups: several cookies, each as small as every browser takes, and beyond the
//! documented budget a clear error (B24).

use leptos_cognito::local_cognito::UserSettings;
use serde_json::json;

use crate::{
    app::{TestApp, Wishes},
    browser::{Browser, DEMO},
    log::Log,
    sealed::claims,
};

/// RFC 6265 §6.1: what every browser stores.
const COOKIE_BYTES: usize = 4096;
/// docs/architecture.md, "Chunks".
const BUDGET_BYTES: usize = 12 * 1024;

const PASSWORD: &str = "Very-Many-Gr0ups";

/// Names as long as Cognito takes them, that compress badly.
fn group(index: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(index as u64);
    (0..128).map(|_| rng.alphanumeric()).collect()
}

fn groups(count: usize) -> Vec<String> {
    (0..count).map(group).collect()
}

async fn start(counts: &[usize]) -> TestApp {
    let users = counts.iter().map(|count| {
        let names = groups(*count);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        UserSettings::new(&email(*count), PASSWORD, "Very Many", &names)
    });
    TestApp::start_with(Wishes { users: users.collect(), ..Wishes::default() }).await
}

fn email(count: usize) -> String {
    format!("of.{count}.groups@example.com")
}

#[tokio::test]
async fn b24_every_cookie_is_at_most_4096_bytes_and_together_they_keep_the_budget() {
    assert!(
        include_str!("../../docs/architecture.md").contains("cut into up to three (12 KB)"),
        "the budget is documented"
    );
    let counts = [0, 4, 8, 12, 16, 20, 24];
    let app = start(&counts).await;
    let mut cookies_seen = Vec::new();
    for count in counts {
        let browser = Browser::new(&app);
        let answer = browser.sign_in("/account", (&email(count), PASSWORD)).await;
        assert_eq!(answer.location.as_deref(), Some("/account"), "{count} groups");
        let lines = answer.headers.get_all("set-cookie").into_iter().map(|line| line.to_str().unwrap());
        let set: Vec<_> = lines.filter(|line| line.starts_with("session")).collect();
        // The longest form of the name and the attributes is that of https: it has no port, and these two.
        assert!(set.iter().all(|line| line.len() + "__Host-; Secure".len() <= COOKIE_BYTES), "{count} groups");
        let pairs = set.iter().map(|line| line.split(';').next().unwrap().len());
        assert!(pairs.sum::<usize>() <= BUDGET_BYTES, "{count} groups");
        let session = browser.session().await;
        assert_eq!(session["user"]["groups"], json!(groups(count)), "nothing is lost");
        cookies_seen.push(set.len());
    }
    cookies_seen.dedup();
    assert_eq!(cookies_seen, [1, 2, 3], "all three sizes were met");
}

#[tokio::test]
async fn b24_over_the_budget_a_sign_in_fails_with_a_clear_error() {
    let app = start(&[60]).await;
    let log = Log::start();
    let browser = Browser::new(&app);
    let answer = browser.sign_in("/account", (&email(60), PASSWORD)).await;
    assert_eq!(answer.failure().as_deref(), Some("configuration"));
    assert_eq!(answer.sets(), Vec::<String>::new(), "no half session");
    let page = browser.get(&answer.location.unwrap()).await;
    assert!(page.body.contains("Sign-in is not set up correctly."), "{}", page.body);
    let line = log.line("more than the budget").expect("the log says why");
    assert!(line.contains("ERROR") && line.contains("ask for fewer scopes or groups"), "{line}");
    assert!(browser.session().await.is_null());
}

#[tokio::test]
async fn b24_over_the_budget_a_renewal_loses_nobody_and_the_log_says_why() {
    let app = TestApp::start().await;
    let browser = Browser::signed_in(&app, DEMO).await;
    let before = browser.cookies();
    let pool_id = app.cognito.issuer().rsplit('/').next().unwrap().to_owned();
    for group in groups(60) {
        app.cognito.administer("CreateGroup", &json!({ "UserPoolId": pool_id, "GroupName": group })).await;
        let membership = json!({ "UserPoolId": pool_id, "Username": DEMO.0, "GroupName": group });
        app.cognito.administer("AdminAddUserToGroup", &membership).await;
    }
    let log = Log::start();
    app.advance(3700);
    for path in ["/account", "/api/account/profile"] {
        let answer = browser.get_json(path).await;
        assert_eq!((answer.status, answer.sets()), (200, Vec::new()), "{path}");
    }
    assert_eq!(browser.cookies(), before, "the session is the one from before, whole");
    assert!(log.line("more than the budget").is_some_and(|line| line.contains("ERROR")), "the log says why");
    assert_eq!(claims(&browser)["email"], DEMO.0);
}
