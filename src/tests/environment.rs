//! The program in an environment full of AWS settings that are meant for others: nothing of it reaches what is asked of
//! Cognito.

use std::{
    fs,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::json;

use crate::{
    browser::{Browser, DEMO},
    program::Program,
};

/// A place where nobody should come, and how many did.
fn wrong_place() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = visits.clone();
    std::thread::spawn(move || {
        listener.incoming().for_each(|_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
    });
    (url, visits)
}

#[tokio::test]
async fn b34_the_environments_aws_settings_change_no_renewal() {
    let (elsewhere, visits) = wrong_place();
    let home = std::env::temp_dir().join(format!("aws-home-{}", std::process::id()));
    let profile = home.join(".aws/config").to_str().unwrap().to_owned();
    fs::create_dir_all(home.join(".aws")).unwrap();
    let settings = format!(
        "use_fips_endpoint = true\nuse_dualstack_endpoint = true\nmax_attempts = 9\nretry_mode = adaptive\n\
         region = eu-west-3\nendpoint_url = {elsewhere}\n"
    );
    fs::write(&profile, format!("[default]\n{settings}\n[profile other]\n{settings}")).unwrap();
    let home = home.to_str().unwrap();
    let elsewhere = elsewhere.as_str();
    for environment in [
        &[("AWS_USE_FIPS_ENDPOINT", "true")][..],
        &[("AWS_USE_DUALSTACK_ENDPOINT", "true")],
        &[("HOME", home)],
        &[("AWS_CONFIG_FILE", &profile), ("AWS_PROFILE", "other")],
        &[("AWS_PROFILE", "missing"), ("AWS_CONFIG_FILE", "/missing")],
        &[
            ("AWS_MAX_ATTEMPTS", "9"),
            ("AWS_RETRY_MODE", "adaptive"),
            ("AWS_ENDPOINT_URL", elsewhere),
            ("AWS_REGION", "eu-west-3"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", elsewhere),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", elsewhere),
        ],
    ] {
        let program = Program::start_in("info", environment);
        let browser = Browser::at(&program.url);
        assert_eq!(browser.sign_in("/account", DEMO).await.location.as_deref(), Some("/account"));
        program.control("clock", json!({ "advance_secs": 3600 })).await;
        let session = browser.session().await;
        assert_eq!((&session["refresh_count"], &session["degraded"]), (&1.into(), &false.into()), "{environment:?}");
        let before = program.count("InitiateAuth").await;
        program.control("faults", json!({ "operation": "InitiateAuth", "times": 90, "fault": "throttle" })).await;
        program.control("clock", json!({ "advance_secs": 3600 })).await;
        browser.session().await;
        assert_eq!(program.count("InitiateAuth").await - before, 2, "attempts with {environment:?}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "nobody was sent elsewhere");
}
