//! A small app that uses leptos-cognito as anybody would: `app` is the document and the routes, `pages` what people see.

// A Leptos view is one nested type; laying out a page's takes the compiler deeper than its default.
#![recursion_limit = "256"]

pub mod app;
mod pages;

/// The browser's entry.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}
