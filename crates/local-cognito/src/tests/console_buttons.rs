//! What a person sees after pressing a button of the console: what came of it where the button is, and what they typed.

use super::torment::after_button;
use super::{DEMO, Rig};

/// The region of a place on a page.
fn reply<'p>(page: &'p str, place: &str) -> &'p str {
    let region = page.split(&format!("id=\"{place}\"")).nth(1).unwrap_or_else(|| panic!("no {place} in {page}"));
    region.split("</div>").next().unwrap()
}

fn told(page: &str) -> usize {
    page.matches("class=\"notice").count()
}

#[tokio::test]
async fn what_came_of_a_button_is_told_once_where_the_button_is() {
    let rig = Rig::start().await;
    for (endpoint, form, place, sentence) in [
        (
            "clock",
            &[("advance_secs", "300"), ("place", "clock"), ("back", "/_console/faults")][..],
            "reply-clock",
            "ahead",
        ),
        (
            "clock",
            &[("minutes", "x"), ("place", "minutes-form"), ("back", "/_console/faults")],
            "reply-minutes-form",
            "Nothing",
        ),
        ("faults", &[("operation", "*"), ("times", "0"), ("place", "ordered")], "reply-ordered", "Nothing is ordered"),
        // A button that is gone, and one that never was.
        ("clock", &[("advance_secs", "300"), ("place", "elsewhere")], "notice", "ahead"),
        ("clock", &[("advance_secs", "300")], "notice", "ahead"),
    ] {
        let to = after_button(&rig.press(endpoint, form).await);
        let page = rig.page(&to).await;
        assert!(reply(&page, place).contains(sentence), "{place}: {}", reply(&page, place));
        assert_eq!(told(&page), 1, "{place}");
        assert_eq!(to.split('#').nth(1).is_some_and(|id| page.contains(&format!("id=\"{id}\""))), place != "notice");
    }
}

#[tokio::test]
async fn a_form_keeps_what_was_typed_and_forgets_the_password_of_a_user_who_is_there() {
    let rig = Rig::start().await;
    let faults = [("operation", "GetUser"), ("times", "7"), ("fault", "status"), ("value_status", "418")];
    let frame = [("place", "fault-form"), ("back", "/_console/faults")];
    let page = rig.page(&after_button(&rig.press("faults", &[&faults[..], &frame].concat()).await)).await;
    for kept in ["name=\"times\" min=\"1\" max=\"1000000\" value=\"7\"", "value=\"GetUser\" selected", "value=\"418\""]
    {
        assert!(page.contains(kept), "{kept} is not in {page}");
    }
    for (password, kept) in [("short", true), ("New-Passw0rd", false)] {
        let form = [("action", "create"), ("email", "new@example.com"), ("password", password)];
        let frame = [("place", "create-a-user"), ("back", "/_console/users")];
        let page = rig.page(&after_button(&rig.press("users", &[&form[..], &frame].concat()).await)).await;
        assert_eq!(page.contains(&format!("value=\"{password}\"")), kept, "{page}");
        assert_eq!(page.contains("value=\"new@example.com\""), kept);
    }
}

#[tokio::test]
async fn a_users_page_shows_the_codes_of_that_user_alone() {
    let rig = Rig::start().await;
    let pool = &rig.cognito.service.pools[0];
    for email in ["one@example.com", "two@example.com"] {
        pool.sign_up(email, "New-Passw0rd", Default::default()).unwrap();
    }
    let codes: Vec<(String, String)> = pool.with_state(|state| {
        state.verifications.iter().map(|(sub, verification)| (sub.clone(), verification.code.clone())).collect()
    });
    for (sub, code) in &codes {
        let page = rig.page(&format!("/_console/users/{sub}")).await;
        assert!(page.contains(code));
        assert!(codes.iter().all(|(_, other)| other == code || !page.contains(other)), "{page}");
    }
}

#[tokio::test]
async fn what_cannot_be_taken_back_looks_it_and_the_app_is_one_click_away() {
    let rig = Rig::start().await;
    let sub = rig.state().await["users"][0]["sub"].as_str().unwrap().to_owned();
    let page = rig.page(&format!("/_console/users/{sub}")).await;
    for (title, is_destructive) in [
        ("Delete", true),
        ("Disable", true),
        ("Sign out everywhere", true),
        ("Expire refresh tokens", true),
        ("Expire access tokens", false),
    ] {
        let button =
            page.split(&format!(">{title}</button>")).next().and_then(|before| before.rsplit("<button").next());
        assert_eq!(button.unwrap().contains("danger"), is_destructive, "{title}");
    }
    assert!(page.contains("Back to the app"), "{}", DEMO.0);
    for path in ["", "/sign-ins", "/users", "/clients", "/requests", "/faults"] {
        let page = rig.page(&format!("/_console{path}")).await;
        let text = page.split("<script>").next().unwrap().split("</style>").nth(1).unwrap();
        assert!(!text.to_lowercase().contains("torment"), "{path}: {text}");
    }
}
