//! The two controls of this folder that do more in a browser with JavaScript: the server renders them, wherever they stand.

use leptos::{ev, prelude::*, web_sys::Event};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{super::paths, Message, page::with_page, window::open_window};

/// Listens from now on.
pub(super) fn listen() {
    // The other tabs hide what is private the moment somebody signs out.
    window_event_listener(ev::submit, |event| {
        let action = target(&event).and_then(|form| form.get_attribute("action"));
        if action.is_some_and(|action| action == paths::SIGN_OUT || action == paths::SIGN_OUT_EVERYWHERE) {
            with_page(|page| page.tell(&Message::signing_out()));
        }
    });
    // Signing in again happens in a small window, unless the browser blocks that.
    window_event_listener(ev::click, |event| {
        // With a key held a browser does something of its own.
        if event.default_prevented() || event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() {
            return;
        }
        let link = target(&event).and_then(|target| target.closest("a[data-sign-in-again]").ok().flatten());
        if link.and_then(|link| link.get_attribute("href")).is_some_and(|url| open_window(&url)) {
            event.prevent_default();
        }
    });
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
