//! What a session cookie holds, and what it does not take for one.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use proptest::prelude::*;

use super::{
    super::{
        origin::AppUrl, random::random_token, seal::Purpose, sealed_session::tests::session, secret::Secret,
        session_secrets::SessionSecrets,
    },
    *,
};

fn session_cookie(is_https: bool) -> SessionCookie {
    let app_url = AppUrl::parse(if is_https { "https://app.example.com" } else { "http://localhost:3000" }).unwrap();
    let secrets = SessionSecrets::parse("c2l4dHktZm91ci1yYW5kb20tYnl0ZXMtYXJlLW1vcmU1").unwrap();
    SessionCookie::new(CookieKind::of(&app_url), Sealer::new(Purpose::Session, &secrets).unwrap())
}

/// What a browser would send back after these `Set-Cookie` values.
fn sent_back(values: &[String]) -> PresentedCookies {
    let pairs: Vec<_> = values.iter().map(|value| value.split(';').next().unwrap_or_default()).collect();
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::from_str(&pairs.join("; ")).unwrap());
    PresentedCookies::read(&headers)
}

fn session_of_size(bytes: usize) -> SealedSession {
    let mut session = session(3600);
    session.access_token = Secret::new((0..bytes / 64).map(|_| random_token::<48>().unwrap()).collect::<String>());
    session
}

#[test]
fn b24_sessions_of_all_sizes_come_back_in_cookies_of_at_most_4096_bytes() {
    for (is_https, bytes, count) in [(true, 500, 1), (false, 3000, 1), (true, 5000, 2), (true, 9000, 3)] {
        let (cookie, session) = (session_cookie(is_https), session_of_size(bytes));
        let values = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at).unwrap();
        assert_eq!(values.len(), count, "{bytes} bytes");
        assert!(values.iter().all(|value| value.len() <= MAX_COOKIE_BYTES));
        let opened = cookie.open(&sent_back(&values)).unwrap();
        assert_eq!(opened.access_token, session.access_token);
    }
}

#[test]
fn b24_over_the_budget_the_token_goes_then_the_last_groups_and_the_session_stays() {
    let cookie = session_cookie(true);
    let long = |index: usize| format!("{index}-{}", random_token::<300>().unwrap());
    let many: Vec<_> = (0..100).map(long).collect();
    for (token_bytes, groups, are_all_kept) in [(16_000, &many[..10], true), (500, &many[..], false)] {
        let mut session = session_of_size(token_bytes);
        session.groups = groups.to_vec();
        let values = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at).unwrap();
        let opened = cookie.open(&sent_back(&values)).unwrap();
        assert!(!opened.has_access_token() && opened.email == session.email);
        assert!(!opened.groups.is_empty() && session.groups.starts_with(&opened.groups));
        assert_eq!(opened.groups.len() == groups.len(), are_all_kept);
    }
}

#[test]
fn b24_what_cannot_be_left_out_is_a_clear_error() {
    let cookie = session_cookie(true);
    let refresh_token = Secret::new((0..400).map(|_| random_token::<48>().unwrap()).collect::<String>());
    let mut session = session_of_size(500);
    session.refresh_token = refresh_token;
    let refused = cookie.store(&session, &PresentedCookies::default(), session.signed_in_at);
    assert!(matches!(refused, Err(Cause::SessionTooLarge(bytes)) if bytes > 16_000));
}

#[test]
fn b22_missing_swapped_and_foreign_chunks_read_as_no_session_and_stale_ones_do_no_harm() {
    let cookie = session_cookie(true);
    let (large, small) = (session_of_size(9000), session(3600));
    let now = large.signed_in_at;
    let values = cookie.store(&large, &PresentedCookies::default(), now).unwrap();
    let foreign = cookie.store(&large, &PresentedCookies::default(), now).unwrap();
    assert!(cookie.open(&sent_back(&values[..2])).is_none(), "missing");
    assert!(cookie.open(&sent_back(&[values[0].clone(), values[1].clone(), foreign[2].clone()])).is_none(), "foreign");
    let swapped =
        [values[0].clone(), values[2].replace("session.2", "session.1"), values[1].replace("session.1", "session.2")];
    assert!(cookie.open(&sent_back(&swapped)).is_none(), "swapped");

    let before = sent_back(&values);
    let smaller = cookie.store(&small, &before, now).unwrap();
    assert_eq!(smaller.iter().filter(|value| value.contains("Max-Age=0")).count(), 2, "stale chunks are cleared");
    let with_stale = sent_back(&[smaller[0].clone(), values[1].clone(), values[2].clone()]);
    assert!(cookie.open(&with_stale).is_some(), "stale chunks are not read");
}

#[test]
fn b20_b21_attributes() {
    let session = session(3600);
    let set = |is_https| {
        session_cookie(is_https).store(&session, &PresentedCookies::default(), session.signed_in_at).unwrap().remove(0)
    };
    let (https, http) = (set(true), set(false));
    assert!(https.starts_with("__Host-session=") && http.starts_with("session-3000="));
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=186400"] {
        assert!(https.contains(attribute) && http.contains(attribute), "{attribute}");
    }
    assert!(https.contains("Secure") && !http.contains("Secure") && !https.contains("Domain"));
}

proptest! {
    #[test]
    fn b22_any_cookie_value_is_read_without_panic(value in "[!-~]{0,200}", chunk in "[!-~]{0,50}") {
        let cookie = session_cookie(false);
        let presented = sent_back(&[format!("session-3000={value}"), format!("session-3000.1={chunk}")]);
        prop_assert!(cookie.open(&presented).is_none());
    }
}
