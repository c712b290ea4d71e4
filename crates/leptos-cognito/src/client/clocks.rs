//! Reads the browser's two clocks.

use leptos::prelude::window;

use super::Reading;

/// What they say now. The steady one begins with the page.
pub(super) fn now() -> Reading {
    let steady_ms = window().performance().map_or(0.0, |performance| performance.now());
    Reading { steady_ms: steady_ms as i64, wall_ms: js_sys::Date::now() as i64 }
}
