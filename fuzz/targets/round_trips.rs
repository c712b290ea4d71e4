#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| leptos_cognito::server::fuzzing::round_trips(data));
