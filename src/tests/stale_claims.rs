//! Groups have an age: when Cognito could not confirm them for too long they let nobody in, and sign nobody out.

use local_cognito::Fault;
use serde_json::json;

use crate::{
    app::{TestApp, Wishes},
    browser::{ADMIN, Browser},
};

const OVERVIEW: &str = "/api/admin/overview";
/// The life of an access token, and what `SESSION_STALE_CLAIMS_SECS` is where it is not set.
const GOOD_FOR: u64 = 3600 + 900;

async fn start(stale_claims_secs: Option<u64>) -> (TestApp, Browser) {
    let settings = stale_claims_secs.map(|secs| ("SESSION_STALE_CLAIMS_SECS", secs.to_string()));
    let settings = settings.into_iter().collect();
    let app = TestApp::start_with(Wishes { has_still_clock: true, settings, ..Wishes::default() }).await;
    let admin = Browser::signed_in(&app, ADMIN).await;
    (app, admin)
}

async fn remove_from_group(app: &TestApp) {
    let pool_id = app.cognito.issuer().rsplit('/').next().unwrap().to_owned();
    let order = json!({ "UserPoolId": pool_id, "Username": ADMIN.0, "GroupName": "admin" });
    app.cognito.administer("AdminRemoveUserFromGroup", &order).await;
}

/// 503 with what to do, for the page and for the call; and the session is there all the same.
async fn assert_closed_for_now(admin: &Browser, what: &str) {
    let page = admin.get("/admin").await;
    assert_eq!(page.status, 503, "{what}: {page:?}");
    assert!(page.header("retry-after").parse::<u64>().is_ok_and(|secs| secs > 0), "{what}: {page:?}");
    assert!(page.header("cache-control").contains("no-store"), "{what}: {page:?}");
    assert!(
        page.body.contains("groups") && page.body.contains("</html>"),
        "{what}: a page that says why: {}",
        page.body
    );
    assert!(!page.body.contains("Overview"), "{what}: no byte of the page");
    let call = admin.get_json(OVERVIEW).await;
    assert_eq!((call.status, call.error().0.as_str()), (503, "provider_unavailable"), "{what}");
    assert!(call.header("retry-after").parse::<u64>().is_ok_and(|secs| secs > 0), "{what}: {call:?}");
    assert_eq!(admin.get("/account").await.status, 200, "{what}: nobody is signed out");
    assert_eq!(admin.session().await["user"]["groups"], json!([]), "{what}: what is shown claims no group either");
}

#[tokio::test]
async fn b48_a_removed_group_lasts_no_longer_than_the_token_and_the_allowance() {
    let (app, admin) = start(None).await;
    assert_eq!(admin.get("/admin").await.status, 200);
    remove_from_group(&app).await;
    app.cognito.fail_next("InitiateAuth", 100_000, Fault::Throttle);
    app.advance(GOOD_FOR - 1);
    assert_eq!(admin.get("/admin").await.status, 200, "an outage of minutes closes nothing");
    assert_eq!(admin.get_json(OVERVIEW).await.status, 200);
    app.advance(1);
    assert_closed_for_now(&admin, "just over").await;
    for _ in 0..28 {
        app.advance(6 * 3600);
        assert_eq!(admin.get("/admin").await.status, 503);
    }
    assert_closed_for_now(&admin, "a week later").await;
    app.cognito.clear_faults();
    app.advance(60);
    let refused = admin.get("/admin").await;
    assert_eq!(refused.status, 403, "Cognito says that the group is gone");
}

#[tokio::test]
async fn b48_the_allowance_is_a_setting_and_may_be_nothing() {
    for secs in [0, 7200] {
        let (app, admin) = start(Some(secs)).await;
        app.cognito.fail_next("InitiateAuth", 100_000, Fault::InternalError);
        app.advance(3600 + secs - 1);
        assert_eq!(admin.get("/admin").await.status, 200, "{secs}");
        app.advance(1);
        assert_eq!(admin.get("/admin").await.status, 503, "{secs}");
        app.cognito.clear_faults();
        app.advance(60);
        assert_eq!(admin.get("/admin").await.status, 200, "{secs}");
    }
}

#[tokio::test]
async fn b48_claims_that_were_kept_for_want_of_keys_are_as_old_as_they_are() {
    let (app, admin) = start(None).await;
    remove_from_group(&app).await;
    app.cognito.rotate_signing_keys();
    app.cognito.fail_next("jwks", 100_000, Fault::InternalError);
    app.advance(3600);
    assert_eq!(admin.session().await["refresh_count"], 1, "the tokens are renewed");
    assert_eq!(admin.get("/admin").await.status, 200, "within the allowance");
    app.advance(900);
    assert_closed_for_now(&admin, "no keys").await;
    app.advance(3600);
    assert_eq!(admin.get("/admin").await.status, 503, "and renewed again without keys");
    app.cognito.clear_faults();
    app.advance(3600);
    assert_eq!(admin.get("/admin").await.status, 403);
}

#[tokio::test]
async fn b48_a_token_that_is_renewed_while_a_call_runs_brings_its_groups() {
    let (app, admin) = start(None).await;
    remove_from_group(&app).await;
    // What the page of the profile meets: the access token is refused, and renewed at once.
    let order = json!({ "action": "expire_access", "user": ADMIN.0 });
    let url = format!("{}/_control/tokens", app.cognito.base_url());
    assert_eq!(reqwest::Client::new().post(url).json(&order).send().await.unwrap().status(), 200);
    assert_eq!(admin.get_json("/api/account/profile").await.status, 200);
    assert_eq!(admin.get("/admin").await.status, 403, "the groups are the new token's");
}
