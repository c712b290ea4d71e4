//! What the server rendered on an open page: shown, hidden, emptied and fetched anew as the session goes. The components
//! are in `rendered`.

use std::cell::Cell;

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Document, DomParser, Element, Headers, HtmlElement, NodeList, RequestInit, RequestRedirect, Response, SupportedType,
};

use super::{Session, SessionStatus, UseSession, page::Page};

const FRESH: &str = "[data-fresh]";
/// Whose session a part was rendered for.
const MARK: &str = "data-fresh";
/// Says that a call met no session any more.
const LOST: &str = "[data-session-lost]";
const CONTROLS: &str = "a,button,summary,[tabindex]";

/// Of a session, what the parts were rendered for.
type State = (String, u32, bool);

fn state(session: &Session) -> State {
    (session.id.clone(), session.refresh_count, session.degraded)
}

/// What became of asking for the parts.
pub(super) enum Taken {
    /// There are none, or no answer came that counts.
    Nothing,
    /// The guard refuses the page.
    Refused,
    /// They are new.
    Rendered,
}

/// Keeps the parts of the page as `session` is; `refetch` asks for them again.
pub(super) fn keep(session: UseSession, refetch: fn()) {
    // The island that has the session has read it by now; in the page it would outlive its end.
    if let Ok(Some(island)) = document().query_selector("leptos-island[data-props]") {
        let _ = island.remove_attribute("data-props");
    }
    Effect::new(move |before: Option<SessionStatus>| {
        let status = session.status();
        if before.is_some_and(|before| before != status) {
            show(status);
        }
        status
    });
    let now = Memo::new(move |_| session.session.with(|session| session.as_ref().map(state)));
    Effect::new(move |before: Option<Option<State>>| {
        let now = now.get();
        match (before, &now) {
            (None, _) => {}
            (Some(_), None) => empty_all(),
            (Some(before), Some(_)) if before != now => refetch(),
            _ => {}
        }
        now
    });
}

/// Whether a part of the page says that a call met no session any more.
pub(super) fn say_that_it_is_lost() -> bool {
    document().query_selector(LOST).is_ok_and(|lost| lost.is_some())
}

/// Asks the server for the parts of this page again, and takes them over.
pub(super) async fn refetch(page: &Page) -> Taken {
    let has_parts = || document().query_selector(FRESH).is_ok_and(|part| part.is_some());
    let Some(session) = page.session_id().filter(|_| has_parts()) else { return Taken::Nothing };
    let number = page.parts_asked.get().wrapping_add(1);
    page.parts_asked.set(number);
    let answer = fetch().await;
    // Answers overtake each other, and sessions end: only the newest counts, and only in its session.
    if page.parts_asked.get() != number || page.session_id().as_deref() != Some(&session) {
        return Taken::Nothing;
    }
    let taken = match answer {
        Ok(Some((answer, _))) if replace_all(&answer, &session) => Taken::Rendered,
        Ok(None | Some((_, true))) => Taken::Refused,
        Ok(Some((_, false))) | Err(_) => Taken::Nothing,
    };
    // Without an answer everything stays as it is, until the page hears of its session the next time.
    page.are_parts_stale.set(matches!(taken, Taken::Nothing));
    if matches!(taken, Taken::Refused) {
        empty_all();
    }
    taken
}

/// This page as the server renders it now, and whether it is refused; nothing where the guard leads to the sign-in. Nobody clicked, so it does not count as a
/// visit, and the guard's redirect is not followed: a script starts no sign-in.
async fn fetch() -> Result<Option<(Document, bool)>, JsValue> {
    let location = window().location();
    let search = location.search()?;
    let separator = if search.is_empty() { '?' } else { '&' };
    let url = format!("{}{}{search}{separator}by_itself=true", location.origin()?, location.pathname()?);
    let headers = Headers::new()?;
    headers.set("Accept", "text/html")?;
    let options = RequestInit::new();
    options.set_headers(&headers);
    options.set_redirect(RequestRedirect::Manual);
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(&url, &options)).await?.dyn_into()?;
    // A redirect that is not followed has no status (Fetch §2.2.6).
    if response.status() == 0 {
        return Ok(None);
    }
    let html = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    let is_refused = matches!(response.status(), 401 | 403);
    DomParser::new()?.parse_from_string(&html, SupportedType::TextHtml).map(|page| Some((page, is_refused)))
}

fn empty_all() {
    each(FRESH, empty);
}

fn empty(part: &Element) {
    part.set_inner_html("");
    let _ = part.set_attribute(MARK, "");
}

/// Takes over what was rendered for that session; whether there was any. What a page that was does not have any more, because
/// its reader may not see it now, is emptied.
fn replace_all(answer: &Document, session: &str) -> bool {
    let find = |part: &Element| {
        let fresh = answer.query_selector(&format!("#{}{FRESH}", part.id())).ok().flatten();
        fresh.filter(|fresh| fresh.get_attribute(MARK).as_deref() == Some(session))
    };
    let is_rendered = Cell::new(false);
    each(FRESH, |part| is_rendered.set(is_rendered.get() || find(part).is_some()));
    if !is_rendered.get() {
        return false;
    }
    each(FRESH, |part| match find(part) {
        None => empty(part),
        Some(fresh) => {
            let _ = part.set_attribute(MARK, session);
            let html = fresh.inner_html();
            if html != part.inner_html() {
                replace(part, &html);
            }
        }
    });
    true
}

/// Puts `html` into the part. The keyboard stays where it was, and what was unfolded stays so.
fn replace(part: &Element, html: &str) {
    let focused = document().active_element();
    let focused = elements(part, CONTROLS).position(|control| Some(control) == focused);
    let unfolded: Vec<bool> = elements(part, "details").map(|details| details.has_attribute("open")).collect();
    part.set_inner_html(html);
    for (details, is_open) in elements(part, "details").zip(unfolded) {
        let _ = details.toggle_attribute_with_force("open", is_open);
    }
    let control = focused.and_then(|index| elements(part, CONTROLS).nth(index));
    if let Some(control) = control.and_then(|control| control.dyn_into::<HtmlElement>().ok()) {
        let _ = control.focus();
    }
}

fn show(status: SessionStatus) {
    each("[data-when]", |part| {
        let is_now = part.get_attribute("data-when").as_deref() == Some(status.as_str());
        let _ = part.toggle_attribute_with_force("hidden", !is_now);
    });
}

fn each(selector: &str, act: impl Fn(&Element)) {
    list(document().query_selector_all(selector).ok()).for_each(|element| act(&element));
}

fn elements(part: &Element, selector: &str) -> impl Iterator<Item = Element> + use<> {
    list(part.query_selector_all(selector).ok())
}

fn list(nodes: Option<NodeList>) -> impl Iterator<Item = Element> {
    nodes.into_iter().flat_map(|nodes| (0..nodes.length()).filter_map(move |index| nodes.item(index)?.dyn_into().ok()))
}
