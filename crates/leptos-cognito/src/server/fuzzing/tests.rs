//! The properties, over the seeds of the fuzz targets and over input that is random but looks like the real one.

use std::{fs, path::Path};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;

use super::{chunks, cookies, return_paths, round_trips, seals};

/// Every seed of a target.
pub(crate) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let seeds: Vec<_> = files.map(|file| fs::read(file.unwrap().path()).unwrap()).collect();
    assert!(!seeds.is_empty(), "{target} has no seeds");
    seeds
}

#[test]
fn every_seed_keeps_its_property() {
    for (target, property) in [
        ("return_paths", return_paths as fn(&[u8])),
        ("cookies", cookies),
        ("seals", seals),
        ("round_trips", round_trips),
        ("chunks", chunks),
    ] {
        seeds(target).iter().for_each(|seed| property(seed));
    }
}

/// Parts that mean something in a URL.
fn path_part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,4}",
        "[/\\\\.%@:?#&=;\t\n\r \u{0}ä]{1,3}",
        proptest::sample::select(vec![
            "/",
            "//",
            "/\\",
            "..",
            "/../",
            "./",
            "https:",
            "javascript:",
            "evil.example",
            "@evil.example",
            "api/auth",
            "/api/auth/signin",
            "API/Auth",
            "/sign-in-failed",
            "%2f",
            "%5c",
            "%09",
            "%00",
            "%2e%2e",
            "/.//",
            "/..//",
            "%%32f",
            "%2",
            "f",
        ])
        .prop_map(str::to_owned),
    ]
}

/// Parts one after the other, some of them percent-encoded, once or several times.
fn path() -> impl Strategy<Value = String> {
    let encoded = (path_part(), 0..4_usize).prop_map(|(part, times)| {
        (0..times).fold(part, |text, _| utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string())
    });
    (prop_oneof![Just("/"), Just("")], prop::collection::vec(encoded, 0..6))
        .prop_map(|(start, parts)| format!("{start}{}", parts.concat()))
}

/// As a `Cookie` header may look that somebody made up.
fn cookie_header() -> impl Strategy<Value = String> {
    let name = "(__Host-)?(session|sign-in)(-3000)?[.]?[a-z0-9~ \t]{0,3}|[!-~]{0,6}";
    let value = "([0-9]~)?(eyJhbGciOiJkaXIi)?[!-~]{0,40}([.][A-Za-z0-9_-]{0,20}){0,4}";
    prop::collection::vec((name, value), 0..8).prop_map(|pairs| {
        let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn b07_a_return_path_stays_on_this_site_however_it_is_encoded(path in path()) {
        return_paths(path.as_bytes());
    }

    #[test]
    fn b22_no_cookie_that_was_made_up_opens(header in cookie_header(), more in prop::collection::vec(any::<u8>(), 0..40)) {
        cookies(header.as_bytes());
        cookies(&[header.as_bytes(), b"\n", &more].concat());
    }

    #[test]
    fn b22_no_text_opens(text in ".{0,300}") {
        seals(text.as_bytes());
    }

    #[test]
    fn b22_no_sealed_value_opens_that_was_changed(at in any::<u16>(), cut in 0..4_u8, new in "[A-Za-z0-9_.-]{0,4}") {
        seals(&[&at.to_be_bytes()[..], &[cut], new.as_bytes()].concat());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn b22_a_session_of_any_content_comes_back_from_its_chunks_and_from_no_others(
        (hard, easy) in (any::<u16>(), any::<u8>()),
        texts in prop::collection::vec(any::<u8>(), 0..1500),
    ) {
        chunks(&[&hard.to_be_bytes()[..], &[easy], &texts].concat());
    }

    #[test]
    fn what_is_sealed_opens_and_what_inflates_is_bounded(data in prop::collection::vec(any::<u8>(), 0..4000)) {
        round_trips(&data);
    }
}
