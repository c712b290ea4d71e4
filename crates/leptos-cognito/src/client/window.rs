//! What a page may do with its window, and whether something was typed on it.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlOptionElement, HtmlSelectElement, HtmlTextAreaElement, Node, VisibilityState};

/// Large enough for Cognito's sign-in pages.
const POPUP: &str = "popup,width=520,height=720";

pub(super) fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
}

/// Opens the page in a small window of its own; false where the browser blocks that.
pub(super) fn open_window(url: &str) -> bool {
    window().open_with_url_and_target_and_features(url, "_blank", POPUP).is_ok_and(|opened| opened.is_some())
}

/// Closes this window, if a page opened it.
pub(in super::super) fn close_window() {
    let _ = window().close();
}

/// Loads the page anew.
pub(in super::super) fn reload() {
    let _ = window().location().reload();
}

/// Whether a form on the page holds something that it did not come with.
pub(in super::super) fn has_typed_text() -> bool {
    let Ok(controls) = document().query_selector_all("input, textarea, select") else { return false };
    (0..controls.length()).filter_map(|index| controls.item(index)).any(|control| is_changed(&control))
}

fn is_changed(control: &Node) -> bool {
    if let Some(text) = control.dyn_ref::<HtmlTextAreaElement>() {
        text.default_value().is_ok_and(|default| text.value() != default)
    } else if let Some(input) = control.dyn_ref::<HtmlInputElement>() {
        match input.type_().as_str() {
            // Their value stands for what they are, and is "on" where the page says nothing.
            "checkbox" | "radio" => input.checked() != input.default_checked(),
            "range" | "color" if input.default_value().is_empty() => input.value() != browsers_value(input),
            _ => input.value() != input.default_value(),
        }
    } else {
        control.dyn_ref::<HtmlSelectElement>().is_some_and(is_chosen_anew)
    }
}

/// What a slider or a colour shows where the page gives it no value.
fn browsers_value(input: &HtmlInputElement) -> String {
    let untouched = input.clone_node().ok().and_then(|node| node.dyn_into::<HtmlInputElement>().ok());
    untouched.map_or_else(String::new, |untouched| {
        untouched.set_value("");
        untouched.value()
    })
}

/// A list comes with its first entry chosen where the page names none.
fn is_chosen_anew(select: &HtmlSelectElement) -> bool {
    let options = select.options();
    let options = (0..options.length()).filter_map(|index| options.item(index)?.dyn_into::<HtmlOptionElement>().ok());
    let chosen: Vec<_> = options.map(|option| (option.selected(), option.default_selected())).collect();
    if chosen.iter().any(|(_, by_default)| *by_default) {
        chosen.iter().any(|(now, by_default)| now != by_default)
    } else {
        chosen.iter().skip(1).any(|(now, _)| *now)
    }
}
