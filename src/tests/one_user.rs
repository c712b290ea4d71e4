//! One user's trouble is never another's: whatever makes the renewals of one user fail, the others notice nothing of it.

use std::time::Duration;

use local_cognito::{ApiFault, Fault};
use tokio::task::JoinSet;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser, DEMO},
    sealed::claims,
};

const PROFILE: &str = "/api/account/profile";
/// Cognito's documented limit for one user, in calls of `InitiateAuth` a second.
const CALLS_PER_USER: usize = 10;

/// `demo` fails for an hour after hour, with three sessions; the administrator's calls are all answered.
async fn assert_bystander_is_served(fault: Fault) {
    let app = TestApp::start().await;
    let mut failing = Vec::new();
    for _ in 0..3 {
        failing.push(Browser::signed_in(&app, DEMO).await);
    }
    let bystander = Browser::signed_in(&app, ADMIN).await;
    assert!(app.cognito.fail_next_of(DEMO.0, "InitiateAuth", 100_000, fault));
    for round in 0..4 {
        app.advance(3700);
        for browser in &failing {
            let refused = browser.get_json(PROFILE).await;
            assert_eq!(refused.status, 503, "{fault:?}: {refused:?}");
        }
        let answer = bystander.get_json(PROFILE).await;
        assert_eq!(answer.status, 200, "{fault:?}, round {round}: {answer:?}");
        assert_eq!(bystander.session().await["degraded"], false, "{fault:?}, round {round}");
    }
    app.cognito.clear_faults();
    app.advance(60);
    for browser in &failing {
        assert_eq!(browser.session().await["degraded"], false, "{fault:?}: nobody lost a session");
    }
}

#[tokio::test]
async fn b47_a_trigger_that_refuses_one_user_stops_nobody_else() {
    for name in ["UserLambdaValidationException", "UnexpectedLambdaException", "InvalidLambdaResponseException"] {
        assert_bystander_is_served(Fault::ApiError(ApiFault::find(name).unwrap())).await;
    }
}

#[tokio::test]
async fn b47_throttling_outages_and_broken_answers_for_one_user_stop_nobody_else() {
    for fault in [Fault::Throttle, Fault::InternalError, Fault::Drop, Fault::WafBlock, Fault::Status(503)] {
        assert_bystander_is_served(fault).await;
    }
}

#[tokio::test]
async fn b47_pages_of_others_wait_for_their_own_renewal_as_long_as_ever() {
    let app = TestApp::start().await;
    let (failing, bystander) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, ADMIN).await);
    app.advance(3700);
    app.cognito.fail_next_of(DEMO.0, "InitiateAuth", 100, Fault::Throttle);
    app.cognito.fail_next_of(ADMIN.0, "InitiateAuth", 1, Fault::Hang(Duration::from_millis(400)));
    assert_eq!(failing.session().await["degraded"], true);
    assert_eq!(bystander.get("/account").await.status, 200);
    assert_eq!(claims(&bystander)["gen"], 1, "a slow answer is waited for");
}

#[tokio::test]
async fn b47_back_off_belongs_to_the_user_and_not_to_each_of_their_sessions() {
    let app = TestApp::start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    app.advance(3700);
    app.cognito.fail_next_of(DEMO.0, "InitiateAuth", 100, Fault::Throttle);
    assert_eq!(phone.session().await["degraded"], true);
    let asked = app.refreshes();
    let refused = laptop.get_json(PROFILE).await;
    assert_eq!((refused.status, app.refreshes()), (503, asked), "the other session of the same user waits, too");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1, "{refused:?}");
}

#[tokio::test]
async fn b47_all_sessions_of_a_user_together_stay_below_cognitos_limit_for_one_user() {
    let app = TestApp::start_with(Wishes { has_still_clock: true, ..Wishes::default() }).await;
    let user = Browser::signed_in(&app, DEMO).await;
    // Each sign-in is a session of its own.
    let mut sessions = vec![user];
    for _ in 0..2 * CALLS_PER_USER {
        sessions.push(Browser::signed_in(&app, DEMO).await);
    }
    let bystander = Browser::signed_in(&app, ADMIN).await;
    app.advance(3700);
    let mut requests = JoinSet::new();
    for browser in sessions.clone() {
        requests.spawn(async move { browser.get_json(PROFILE).await.status });
    }
    let statuses = requests.join_all().await;
    assert!(app.refreshes() < CALLS_PER_USER, "{} calls within a second", app.refreshes());
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    assert_eq!(bystander.get_json(PROFILE).await.status, 200);
    // A moment later it is the others' turn.
    for _ in 0..5 {
        app.advance(2);
        for browser in &sessions {
            browser.session().await;
        }
    }
    for browser in &sessions {
        assert_eq!(browser.session().await["degraded"], false);
    }
    assert_eq!(app.refreshes(), sessions.len() + 1);
}

#[tokio::test]
async fn b34_an_outage_that_several_users_meet_is_one_and_the_first_who_has_not_failed_finds_its_end() {
    let app = TestApp::start_with(Wishes { users: crate::app::users(4), ..Wishes::default() }).await;
    let mut browsers = Vec::new();
    for number in 0..4 {
        let email = format!("user-{number}@example.com");
        browsers.push(Browser::signed_in(&app, (&email, crate::app::PASSWORD)).await);
    }
    app.advance(3700);
    app.cognito.fail_next("InitiateAuth", 1000, Fault::Throttle);
    for browser in &browsers[..3] {
        assert_eq!(browser.session().await["degraded"], true);
    }
    let asked = app.refreshes();
    assert_eq!(browsers[3].session().await["degraded"], true);
    assert_eq!(app.refreshes(), asked, "three users in a row: Cognito is away, and left alone");
    app.cognito.clear_faults();
    app.advance(3);
    assert_eq!(browsers[3].session().await["degraded"], false, "who has not failed finds out that it is back");
    app.advance(60);
    for browser in &browsers {
        assert_eq!(browser.session().await["degraded"], false);
    }
}
