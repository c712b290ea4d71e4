#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| leptos_cognito_app::server::fuzzing::settings(data));
