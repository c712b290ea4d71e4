//! What the browser loads: the islands of the app, and what makes them live.

pub use leptos_cognito_app::hydrate;
