//! Sign in with Amazon Cognito in a full-stack Leptos app, and stay signed in.
//!
//! In reading order: [`app`] is the HTML shell and the one place where a path meets a page; [`pages`] is what people
//! see; `server` assembles this app's router and is the only reader of the environment. The sign-in itself is the crate
//! `leptos-cognito`; `local-cognito` is a stand-in for a user pool, for development and tests.
//!
//! A thing called `server` is compiled only for the server (feature `ssr`), a thing called `client` only for the
//! browser (`hydrate`); everything else is compiled for both.

// A Leptos view is one nested type; laying out a page's takes the compiler deeper than its default.
#![recursion_limit = "256"]

pub mod app;
#[expect(unreachable_pub, reason = "the macros of Leptos make public items")]
pub mod pages;

#[cfg(feature = "ssr")]
pub mod server;

#[cfg(feature = "local-cognito")]
#[path = "server/local/mod.rs"]
mod local;
#[cfg(all(feature = "ssr", not(feature = "local-cognito")))]
#[path = "server/no_local.rs"]
mod local;

/// The browser's entry, called before the islands of the page are made live.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
