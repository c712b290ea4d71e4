//! What an operator reads: an event for each step of a session, with its time, whose it was, and why (B46). `logs` shows
//! that nothing secret is among it.

use serde_json::json;

use crate::{
    browser::{ADMIN, Browser, DEMO, Page, query},
    program::Program,
};

/// The value of `name=` in a line; quotes are taken off.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let start = line.find(&format!("{name}="))? + name.len() + 1;
    let rest = &line[start..];
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([' ', '}']).next(),
    }
}

/// The first line with all of these.
fn line<'l>(log: &'l str, parts: &[&str]) -> &'l str {
    let found = log.lines().find(|line| parts.iter().all(|part| line.contains(part)));
    let found = found.unwrap_or_else(|| panic!("nothing with {parts:?} in:\n{log}"));
    // 2026-01-02T03:04:05.678901Z
    let time = found.split_whitespace().next().unwrap();
    assert!(time.len() >= 20 && time.ends_with('Z') && time.as_bytes()[10] == b'T', "no UTC time: {time}");
    found
}

fn reference(page: &Page) -> String {
    let in_url = page.location.as_deref().and_then(|location| location.split("ref=").nth(1));
    let in_page = page.body.split("Reference: <code>").nth(1).and_then(|rest| rest.split('<').next());
    in_url.or(in_page).map_or_else(|| page.error().1, str::to_owned)
}

#[tokio::test]
async fn b46_each_step_of_a_session_is_an_event_with_its_time_its_session_and_a_reason() {
    let program = Program::start("info");
    let browser = Browser::at(&program.url);
    let landed = browser.sign_in("/account", DEMO).await;
    assert_eq!(landed.location.as_deref(), Some("/account"));
    program.control("clock", json!({ "advance_secs": 3600 })).await;
    assert_eq!(browser.get("/account").await.status, 200);
    program.control("clock", json!({ "advance_secs": 3600 })).await;
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 9, "fault": "throttle" })).await;
    assert_eq!(browser.get("/account").await.status, 200);
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 0 })).await;
    let not_allowed = browser.get("/admin").await;
    let no_call = browser.get_json("/api/admin/overview").await;
    let forged = browser.client.post(format!("{}/api/auth/signout", program.url));
    let forged = Page::read(forged.header("sec-fetch-site", "cross-site").send().await.unwrap()).await;
    assert_eq!((not_allowed.status, no_call.status, forged.status), (403, 403, 403));
    assert_eq!(browser.post("/api/auth/signout", &[]).await.status, 303);

    let other = Browser::at(&program.url);
    other.get("/api/auth/callback/cognito?code=x&state=y").await;
    let state = query(&other.begin("/account").await)["state"].clone();
    let failed = other.get(&format!("/api/auth/callback/cognito?error=invalid_request&state={state}")).await;
    let nobody = other.get_json("/api/account/profile").await;
    assert_eq!((failed.status, nobody.status), (302, 401));
    other.sign_in("/account", ADMIN).await;
    program.control("users", json!({ "email": ADMIN.0, "action": "disable" })).await;
    program.control("clock", json!({ "advance_secs": 7200 })).await;
    assert_eq!(other.get("/account").await.status, 302);

    let log = program.end();
    let began = log.lines().find(|line| line.contains("outcome=\"signed_in\"")).unwrap();
    let session = format!("session=\"{}\"", field(began, "session").unwrap());
    assert!(session.len() > 16, "{session}");
    for parts in [
        ["outcome=\"signed_in\"", &session],
        ["outcome=\"refreshed\"", &session],
        ["outcome=\"degraded\"", &session],
        ["TooManyRequests", &session],
        ["outcome=\"signed_out\"", &session],
        ["User is disabled", "session=\""],
        ["outcome=\"ended_by_cognito\"", "session=\""],
    ] {
        line(&log, &parts);
    }
    line(&log, &["a sign-in starts over", "this browser began no such sign-in"]);
    // What a person was told, and the line that tells an operator more.
    for (page, reason) in [
        (&failed, "Cognito answered the sign-in with the error"),
        (&nobody, "nobody is signed in"),
        (&not_allowed, "the user is not in the group"),
        (&no_call, "the user is not in the group"),
        (&forged, "it comes from another site"),
    ] {
        let reference = reference(page);
        assert!(reference.len() >= 8 && !page.body.contains(reason), "{page:?}");
        line(&log, &[&format!("reference=\"{reference}\""), reason]);
    }
    for page in [&not_allowed, &no_call] {
        line(&log, &[&reference(page), &session]);
    }
}

#[tokio::test]
async fn b46_an_outage_is_told_once_for_a_session_however_often_an_open_page_asks() {
    let program = Program::start("info");
    let browser = Browser::at(&program.url);
    browser.sign_in("/account", DEMO).await;
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 1000, "fault": "throttle" })).await;
    // The token is due, and still good; then it has expired.
    for secs in [3400, 300] {
        program.control("clock", json!({ "advance_secs": secs })).await;
        for _ in 0..5 {
            program.control("clock", json!({ "advance_secs": 5 })).await;
            browser.get_json("/api/auth/session?by_itself=true").await;
        }
    }
    program.control("faults", json!({ "operation": "InitiateAuth", "times": 0 })).await;
    program.control("clock", json!({ "advance_secs": 60 })).await;
    // A page waits for the renewal a moment only; the next request finds it.
    for _ in 0..3 {
        assert_eq!(browser.get_json("/api/account/profile").await.status, 200);
    }
    let log = program.end();
    let told = |outcome: &str| log.lines().filter(|line| line.contains(&format!("outcome=\"{outcome}\""))).count();
    assert_eq!((told("kept"), told("degraded")), (1, 1), "{log}");
    assert_eq!(told("refreshed") + told("shared"), 1, "and so is its end: {log}");
}
