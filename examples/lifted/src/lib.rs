//! An app of its own with the auth folder lifted into it: `app` is the document and the routes, `pages` what people see.

// A Leptos view is one nested type; laying out a page's takes the compiler deeper than its default.
#![recursion_limit = "256"]

// The folder as it is, where it is. A copy in `src/auth` needs no path.
#[path = "../../../src/auth/mod.rs"]
pub mod auth;

pub mod app;
mod pages;

/// The browser's entry.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(app::App);
}
