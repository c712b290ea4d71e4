//! What becomes of users with very many groups: several cookies, each as small as every browser takes, within a documented
//! budget. Nobody is refused, and nobody loses a session (B24).

use local_cognito::{Tamper, UserSettings};
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
const BUDGET_BYTES: usize = 16 * 1024;

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
        include_str!("../../docs/architecture.md").contains("cut into up to four (16 KB)"),
        "the budget is documented"
    );
    let counts = [0, 8, 16, 24, 40, 56];
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
    assert_eq!(cookies_seen, [1, 2, 3, 4], "all sizes were met");
}

/// Names of the most that Cognito has for a user: 100 groups, of up to 128 characters.
fn most_groups(name: impl Fn(usize) -> String) -> Vec<String> {
    (0..100).map(name).collect()
}

fn uuid(index: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(index as u64);
    let hex = |count: usize, rng: &mut fastrand::Rng| (0..count).map(|_| rng.digit(16)).collect::<String>();
    [8, 4, 4, 4, 12].map(|count| hex(count, &mut rng)).join("-")
}

/// In a script of three bytes a letter: nothing that fits into cookies.
fn in_many_bytes(index: usize) -> String {
    let mut rng = fastrand::Rng::with_seed(index as u64);
    (0..128).map(|_| rng.char('\u{4e00}'..='\u{9fff}')).collect()
}

async fn start_with_groups(groups: &[String]) -> TestApp {
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let users = vec![UserSettings::new("most@example.com", PASSWORD, "Very Many", &names)];
    TestApp::start_with(Wishes { users, ..Wishes::default() }).await
}

#[tokio::test]
async fn b24_whoever_is_in_as_many_groups_as_cognito_has_signs_in_and_stays_signed_in() {
    // The longest names leave no room for the access token, and that is all that is left out.
    for (groups, token_status) in [(most_groups(uuid), 200), (groups(30), 200), (most_groups(group), 500)] {
        let app = start_with_groups(&groups).await;
        let browser = Browser::new(&app);
        let answer = browser.sign_in("/account", ("most@example.com", PASSWORD)).await;
        assert_eq!(answer.location.as_deref(), Some("/account"));
        for renewals in 0..3 {
            let session = browser.session().await;
            assert_eq!((&session["user"]["groups"], &session["refresh_count"]), (&json!(groups), &json!(renewals)));
            assert_eq!(browser.get_json("/api/account/profile").await.status, token_status, "the access token");
            app.advance(3700);
        }
        let total: usize =
            browser.cookies().iter().filter(|cookie| cookie.starts_with("session")).map(String::len).sum();
        assert!(total <= BUDGET_BYTES, "{total}");
    }
}

#[tokio::test]
async fn b24_beyond_the_budget_the_session_is_kept_and_the_log_says_what_is_left_out() {
    let groups = most_groups(in_many_bytes);
    let app = start_with_groups(&groups).await;
    let log = Log::start();
    let browser = Browser::new(&app);
    let answer = browser.sign_in("/account", ("most@example.com", PASSWORD)).await;
    assert_eq!(answer.location.as_deref(), Some("/account"));
    let line = log.line("too large for its cookies").expect("the log says so");
    assert!(line.contains("WARN") && line.contains("groups_left_out="), "{line}");
    for renewals in 0..3 {
        let session = browser.session().await;
        assert_eq!(session["refresh_count"], json!(renewals));
        let kept = session["user"]["groups"].as_array().unwrap().clone();
        assert!(
            kept.len() > 10 && kept[..] == groups.iter().map(|group| json!(group)).collect::<Vec<_>>()[..kept.len()]
        );
        assert_eq!(browser.get("/account").await.status, 200);
        // What the token would be for says so, and ends nothing.
        assert_eq!(browser.get_json("/api/account/profile").await.error().0, "configuration");
        app.advance(3700);
    }
    assert_eq!(browser.post("/api/auth/signout", &[]).await.status, 303);
    assert!(browser.session().await.is_null());
}

#[tokio::test]
async fn b24_b26_groups_added_while_signed_in_end_nobody_as_idle() {
    for name in [group as fn(usize) -> String, in_many_bytes] {
        let settings = vec![("SESSION_IDLE_SECS", "7200".to_owned())];
        let app = TestApp::start_with(Wishes { settings, ..Wishes::default() }).await;
        let browser = Browser::signed_in(&app, DEMO).await;
        let pool_id = app.cognito.issuer().rsplit('/').next().unwrap().to_owned();
        for group in most_groups(name) {
            app.cognito.administer("CreateGroup", &json!({ "UserPoolId": pool_id, "GroupName": group })).await;
            let membership = json!({ "UserPoolId": pool_id, "Username": DEMO.0, "GroupName": group });
            app.cognito.administer("AdminAddUserToGroup", &membership).await;
        }
        for _ in 0..6 {
            app.advance(3700);
            assert_eq!(browser.get("/account").await.status, 200);
        }
        let claims = claims(&browser);
        assert_eq!(claims["email"], DEMO.0);
        assert!(claims["seen"].as_u64() > claims["iat"].as_u64().map(|began| began + 5 * 3700), "seen is written");
    }
}

#[tokio::test]
async fn b24_groups_are_not_stored_twice() {
    let app = start_with_groups(&groups(3)).await;
    let browser = Browser::signed_in(&app, ("most@example.com", PASSWORD)).await;
    assert_eq!(claims(&browser)["groups"], json!(null), "they are in the access token");
    assert_eq!(browser.session().await["user"]["groups"], json!(groups(3)));
    // A trigger may give the ID token other groups than the access token: those of the verified one count.
    let browser = Browser::new(&app);
    app.cognito.tamper_next_id_token(Tamper::Claims(vec![("cognito:groups", json!(["other"]))]));
    browser.sign_in("/account", ("most@example.com", PASSWORD)).await;
    assert_eq!(browser.session().await["user"]["groups"], json!(["other"]));
    let browser = Browser::new(&app);
    app.cognito.tamper_next_id_token(Tamper::Claims(vec![("cognito:groups", json!(null))]));
    browser.sign_in("/account", ("most@example.com", PASSWORD)).await;
    assert_eq!(browser.session().await["user"]["groups"], json!([]));
}
