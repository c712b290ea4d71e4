//! What the browser loads: the islands of `leptos-cognito`, and what makes them live.

pub use leptos_cognito::hydrate;
