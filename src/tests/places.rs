//! Where somebody is signed in: the list of their account page, and how a session is ended from there.

use std::time::Duration;

use crate::{
    app::TestApp,
    browser::{ADMIN, Browser, DEMO},
    sealed::claims,
};

/// A browser's list, as its account page has it.
async fn places(browser: &Browser) -> Vec<serde_json::Value> {
    serde_json::from_str(&browser.get_json("/api/account/sign-ins").await.body).unwrap()
}

#[tokio::test]
async fn b41_another_session_is_ended_from_the_list_at_once_and_only_by_its_own_person() {
    let app = TestApp::start().await;
    let (phone, laptop) = (Browser::signed_in(&app, DEMO).await, Browser::signed_in(&app, DEMO).await);
    let somebody = Browser::signed_in(&app, ADMIN).await;
    let copy = phone.copy(&app);
    // Renewed by this server, which so knows its refresh token.
    app.advance(3500);
    assert_eq!(phone.session().await["refresh_count"], 1);
    let list = places(&laptop).await;
    let other = list.iter().find(|place| place["is_this"] == false).unwrap()["id"].as_str().unwrap();
    assert_eq!(other, phone.session().await["id"].as_str().unwrap(), "a hash, which the page has anyway");
    let sealed = claims(&phone)["sid"].as_str().unwrap().to_owned();
    assert!(!format!("{list:?}").contains(&sealed));

    const END: &str = "/api/account/end-session";
    assert_eq!(somebody.post(END, &[("id", other)]).await.status, 302, "there is no such session of theirs");
    let forged = laptop.client.post(format!("{}{END}", app.url)).header("sec-fetch-site", "cross-site");
    assert_eq!(forged.form(&[("id", other)]).send().await.unwrap().status(), 403);
    assert_eq!(Browser::new(&app).post(END, &[("id", other)]).await.status, 401);
    let own = laptop.session().await["id"].as_str().unwrap().to_owned();
    laptop.post(END, &[("id", &own)]).await;
    assert_eq!((places(&laptop).await.len(), phone.get("/account").await.status), (2, 200), "nothing has ended");

    let form = laptop.client.post(format!("{}{END}", app.url)).header("sec-fetch-site", "same-origin");
    let answer = form.header("accept", "text/html").form(&[("id", other)]).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (302, "/account#places"));
    for ended in [&phone, &copy] {
        assert!(ended.session().await.is_null());
        assert_eq!(ended.get("/account").await.status, 302);
    }
    let left = places(&laptop).await;
    assert_eq!((left.len(), &left[0]["is_this"]), (1, &true.into()));
    assert_eq!(somebody.get("/account").await.status, 200);
    for _ in 0..100 {
        if app.cognito.count("RevokeToken") > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("Cognito was not told");
}
