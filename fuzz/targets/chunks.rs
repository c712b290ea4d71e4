#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| leptos_cognito::auth::server::fuzzing::chunks(data));
