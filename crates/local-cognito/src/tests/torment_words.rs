//! What is said about orders: the sentence beside each button, the examples, and what is wrong with an order.

use super::super::torment::{FAULT_KINDS, TORMENTS};
use super::torment::{after_button, origin};
use super::{DEMO, Rig};

#[tokio::test]
async fn every_order_has_its_sentence_on_a_page_and_its_example_works() {
    let rig = Rig::start().await;
    let tokens = rig.sign_in().await;
    let state = rig.state().await;
    let sub = state["users"][0]["sub"].as_str().unwrap().to_owned();
    let mut pages = String::new();
    rig.press("users", &[("email", "admin@example.com"), ("action", "require_reset")]).await;
    rig.press("users", &[("email", "admin@example.com"), ("action", "disable")]).await;
    let admin = state["users"][1]["sub"].as_str().unwrap().to_owned();
    for path in ["", "/users", &format!("/users/{sub}"), &format!("/users/{admin}"), "/faults", "/clients"] {
        pages.push_str(&rig.page(&format!("/_console{path}")).await);
    }
    pages.push_str(&rig.page(&format!("/_console/sign-ins/{}", origin(&tokens))).await);
    let sentences = TORMENTS.iter().map(|torment| torment.advice).chain(FAULT_KINDS.iter().map(|kind| kind.advice));
    for sentence in sentences {
        assert!(pages.contains(sentence), "no page has: {sentence}");
    }
    for torment in TORMENTS {
        let request = rig.browser.post(rig.url(&format!("/_control/{}", torment.endpoint)));
        let request = request.header("content-type", "application/json").body(torment.example);
        assert_eq!(request.send().await.unwrap().status(), 200, "{}", torment.example);
    }
}

#[tokio::test]
async fn an_order_that_makes_no_sense_says_so_on_the_page() {
    let rig = Rig::start().await;
    for (endpoint, form, part) in [
        ("clock", &[("advance_secs", "x")][..], "invalid type"),
        ("clock", &[], "say either advance_secs or offset_secs"),
        ("tokens", &[("action", "revoke")], "say whose tokens"),
        ("tokens", &[("action", "revoke"), ("sign_in", "x")], "no sign-in has this id"),
        ("tokens", &[("action", "revoke"), ("user", "x")], "no user has this e-mail address or sub"),
        ("rotation", &[("grace_secs", "61")], "limit"),
        ("rotation", &[("grace_secs", "1"), ("client_id", "x")], "no client has this client_id"),
        ("keys", &[("pool", "x")], "no pool has this id"),
        ("users", &[("action", "create"), ("email", "a@b")], "password is missing"),
        ("users", &[("action", "create"), ("email", "a@b"), ("password", "short")], "Password did not conform"),
        ("users", &[("action", "create"), ("email", DEMO.0), ("password", "New-Passw0rd")], "already exists"),
        ("users", &[("action", "enable"), ("email", DEMO.0), ("password", "x")], "only for the action create"),
    ] {
        let page = rig.page(&after_button(&rig.press(endpoint, form).await)).await;
        let notice = page.split("notice problem").nth(1).unwrap_or_default();
        assert!(notice.split("</p>").next().unwrap().contains(part), "{endpoint} {form:?}: {part}");
    }
    assert_eq!(rig.press("nonsense", &[]).await.status(), 404);
}
