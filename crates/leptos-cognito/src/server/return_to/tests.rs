//! Which paths are kept, and which lead home.

use proptest::prelude::*;

use super::*;

#[test]
fn b07_paths_of_this_site_are_kept() {
    for path in [
        "/",
        "/account",
        "/account?tab=tokens",
        "/a/b?x=%2F&y=http://evil",
        "/caf%C3%A9",
        "/a?b=c&state=1",
        "/files/a%2Fb",
        "/files/a%252Fb%2Fc",
        "/100%25",
        "/100%25%20",
        "/%E2%82%AC%2F1",
        "/a%3Fb",
    ] {
        assert_eq!(ReturnTo::parse(Some(path)).as_str(), path);
    }
}

#[test]
fn b07_everything_else_leads_home() {
    for evil in [
        "",
        "account",
        "https:",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil",
        "/%0d%0aSet-Cookie:x",
        "/%2f/evil.example",
        "/%%32f/evil.example",
        "/100%",
        "/%2Fevil.example",
        "/%5cevil",
        "/.//evil.example",
        "/a/..//evil.example",
        "/api/auth/signout",
        "/api/auth/callback/cognito?code=x",
        "/API/auth/signin",
        "/api/%61uth/signin",
        "/x/../api/auth/signin",
        "/sign-in-failed",
        "javascript:alert(1)",
        "/ä",
        " /account",
        "/acc ount",
        "///evil.example",
        "/%09/evil.example",
        "/%252Fevil.example",
        "/%25%32Fevil.example",
        "/%252525252Fevil.example",
        "/a%2F..%2F%2Fevil.example",
        "/a%252F..%252F%252Fevil.example",
        "/%2e%2e%2f%2fevil.example",
        "/a%5Cb",
        "/a%255Cb",
        "/x%2F..%2Fapi/auth/signout",
        "/x/..%2Fapi%2Fauth%2Fsignout",
        "/api%2Fauth%2Fsignout",
        "/api%252Fauth%252Fsignout",
        "/sign-in-failed%2F",
        "/a%2500",
        "/api//auth/callback/cognito?state=x",
        "/api/%2Fauth/signout",
        "/%23%255C",
        "/%3F%255C",
        "/%2509%2F%2E%2E%2F",
    ] {
        assert_eq!(ReturnTo::parse(Some(evil)).as_str(), "/", "{evil:?}");
    }
    assert_eq!(ReturnTo::parse(None).as_str(), "/");
    let deep = (0..40).fold("/".to_owned(), |path, _| path.replace('/', "/%").replace("/%", "/%25"));
    assert_eq!(ReturnTo::parse(Some(&format!("{deep}25252525252525252525252525252525252525252f"))).as_str(), "/");
}

#[test]
fn a_path_of_2_kb_is_kept_and_a_longer_one_is_told() {
    let path = |bytes: usize| format!("/{}", "a".repeat(bytes - 1));
    assert_eq!(ReturnTo::check(Some(&path(2048))).map(|kept| kept.as_str().len()), Ok(2048));
    assert_eq!(ReturnTo::check(Some(&path(2049))), Err(TooLong));
    assert_eq!(ReturnTo::check(Some(&format!("/{}", path(2049)))), Ok(ReturnTo::home()), "another host's");
    assert_eq!(ReturnTo::parse(Some(&path(2049))), ReturnTo::home());
    assert!(ReturnTo::try_from(path(2049)).is_err());
}

#[test]
fn b07_what_grows_too_long_by_its_escapes_leads_home() {
    for (count, kept) in [(100, format!("/{}", "%3C".repeat(100))), (1000, "/".to_owned())] {
        let path = ReturnTo::parse(Some(&format!("/{}", "<".repeat(count))));
        assert_eq!(path.as_str(), kept);
        // As the cookie of the sign-in is read: what cannot be read again is a sign-in that cannot be finished.
        assert_eq!(ReturnTo::try_from(String::from(path.clone())), Ok(path));
    }
}

proptest! {
    #[test]
    fn b07_whatever_is_kept_stays_on_this_origin(text in "[/\\\\.%a-f0-9:@?#&=\t\n ]{0,40}") {
        let kept = ReturnTo::parse(Some(&text));
        let base = Url::parse("https://app.example.com/page").unwrap();
        let url = base.join(kept.as_str()).unwrap();
        prop_assert_eq!(url.host_str(), Some("app.example.com"));
        prop_assert_eq!(ReturnTo::parse(Some(kept.as_str())), kept);
    }
}
