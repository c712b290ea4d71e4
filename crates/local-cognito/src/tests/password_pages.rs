//! Passwords through the pages: forgotten, ordered to be reset, given by an administrator.

use std::collections::BTreeMap;

use super::super::user::UserStatus;
use super::account_pages::{EMAIL, OTHER, PASSWORD, WRONG_CODE, assert_problem};
use super::{DEMO, Rig, location, query};

fn set_password<'a>(code: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [("code", code), ("password", password), ("repeat_password", password)]
}

#[tokio::test]
async fn a_forgotten_password_is_reset_and_the_request_goes_on() {
    let rig = Rig::start().await;
    let (ask, reset) = (rig.page_url("/forgotPassword", &[]), rig.page_url("/confirmforgotPassword", &[]));
    assert!(location(&rig.get(&reset).await).starts_with("/forgotPassword?"), "first one asks");
    assert_problem(rig.submit(&ask, &[("username", "  ")]).await, "Please enter an email address.").await;
    assert_eq!(rig.url(&location(&rig.submit(&ask, &[("username", DEMO.0)]).await)), reset);
    let code = rig.waiting_code(DEMO.0, "password_reset").await.unwrap();

    assert_problem(rig.submit(&reset, &set_password("x", OTHER)).await, WRONG_CODE).await;
    let differ = [("code", code.as_str()), ("password", OTHER), ("repeat_password", PASSWORD)];
    assert_problem(rig.submit(&reset, &differ).await, "The passwords do not match.").await;
    let short = rig.submit(&reset, &set_password(&code, "short")).await;
    assert_problem(short, "Your password must contain: at least 8 characters.").await;
    let back = rig.url(&location(&rig.submit(&reset, &set_password(&code, OTHER)).await));
    assert_eq!(back, rig.page_url("/login", &[]), "the request is kept");

    let page = rig.get(&back).await.text().await.unwrap();
    assert!(page.contains("Your password has been changed.") && page.contains(r#"value="demo@example.com""#), "{page}");
    assert!(!rig.get(&back).await.text().await.unwrap().contains("has been changed"), "said once");
    let old = rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    assert_problem(old, "Incorrect username or password.").await;
    let callback = location(&rig.submit_login(&rig.authorize_url(&[]), (DEMO.0, OTHER)).await);
    assert!(query(&callback, "code").is_some());
}

#[tokio::test]
async fn a_reset_does_not_tell_who_exists() {
    let rig = Rig::start().await;
    rig.sign_up().await;
    let (ask, reset) = (rig.page_url("/forgotPassword", &[]), rig.page_url("/confirmforgotPassword", &[]));
    let mut told = Vec::new();
    for username in [DEMO.0, "nobody@example.com", EMAIL] {
        let asked = rig.submit(&ask, &[("username", username)]).await;
        let mut seen = vec![(asked.status().as_u16(), location(&asked))];
        for _ in 0..7 {
            let answer = rig.submit(&reset, &set_password("wrong", OTHER)).await;
            let (status, page) = (answer.status().as_u16(), answer.text().await.unwrap());
            let mask = format!("{}***@e***", &username[..1]);
            seen.push((status, page.replace(username, "<username>").replace(&mask, "<mask>")));
        }
        assert!(seen.last().unwrap().1.contains("Attempt limit exceeded"));
        told.push(seen);
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0], told[2]);
}

#[tokio::test]
async fn who_must_reset_is_led_there_and_the_code_ends_on_time() {
    let rig = Rig::start().await;
    let pool = rig.pool();
    pool.change_user(DEMO.0, |user| user.status = UserStatus::ResetRequired);
    let led = location(&rig.submit_login(&rig.authorize_url(&[]), DEMO).await);
    assert!(led.starts_with("/confirmforgotPassword?"), "{led}");
    let reset = rig.url(&led);
    let first = rig.waiting_code(DEMO.0, "password_reset").await.unwrap();
    rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    assert_eq!(rig.waiting_code(DEMO.0, "password_reset").await.unwrap(), first, "the one that waits stays");
    rig.pass_secs(60 * 60);
    rig.submit_login(&rig.authorize_url(&[]), DEMO).await;
    let code = rig.waiting_code(DEMO.0, "password_reset").await.unwrap();
    assert!(location(&rig.submit(&reset, &set_password(&code, OTHER)).await).starts_with("/login?"));
    assert!(query(&location(&rig.submit_login(&rig.authorize_url(&[]), (DEMO.0, OTHER)).await), "code").is_some());

    pool.change_user(DEMO.0, |user| (user.status, user.email_verified) = (UserStatus::ResetRequired, false));
    let stuck = rig.submit_login(&rig.authorize_url(&[("prompt", "login")]), (DEMO.0, OTHER)).await;
    assert!(stuck.text().await.unwrap().contains("there is no verified email address"));
    rig.submit(&rig.page_url("/forgotPassword", &[]), &[("username", DEMO.0)]).await;
    pool.change_user(DEMO.0, |user| user.email_verified = true);
    rig.submit_login(&rig.authorize_url(&[("prompt", "login")]), (DEMO.0, OTHER)).await;
    let code = rig.waiting_code(DEMO.0, "password_reset").await.unwrap();
    let set = location(&rig.submit(&reset, &set_password(&code, PASSWORD)).await);
    assert!(set.starts_with("/login?"), "a code that exists counts, though one was asked for in vain before");
}

#[tokio::test]
async fn whom_an_administrator_made_chooses_a_password_and_goes_on() {
    let rig = Rig::start().await;
    rig.pool().create_user(EMAIL, "Given-Passw0rd", true, BTreeMap::new()).unwrap();
    let page = rig.page_url("/newPassword", &[]);
    assert!(location(&rig.get(&page).await).starts_with("/login?"), "first the password that was given");
    let led = location(&rig.submit_login(&rig.authorize_url(&[]), (EMAIL, "Given-Passw0rd")).await);
    assert_eq!(rig.url(&led), page);
    let weak = [("password", "weak"), ("repeat_password", "weak")];
    assert_problem(rig.submit(&page, &weak).await, "Your password must contain: at least 8 characters.").await;
    let own = [("password", OTHER), ("repeat_password", OTHER)];
    let callback = location(&rig.submit(&page, &own).await);
    assert!(query(&callback, "code").is_some(), "{callback}");
    assert!(location(&rig.get(&page).await).starts_with("/login?"), "once");
    let again = rig.submit_login(&rig.authorize_url(&[("prompt", "login")]), (EMAIL, OTHER)).await;
    assert!(query(&location(&again), "code").is_some());

    let pool = rig.pool();
    pool.set_password(EMAIL, "Given-Passw0rd", false).unwrap();
    rig.submit_login(&rig.authorize_url(&[("prompt", "login")]), (EMAIL, "Given-Passw0rd")).await;
    assert_eq!(rig.get(&page).await.status(), 200);
    pool.set_password(EMAIL, PASSWORD, true).unwrap();
    assert!(location(&rig.get(&page).await).starts_with("/login?"), "nothing is left to choose");
}
