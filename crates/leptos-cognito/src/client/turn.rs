//! Of several tabs one asks at a time: a Web Lock, held while the question is under way. A tab that finds it taken does
//! not queue, because it will be told. The API is not in `web-sys` yet, so it is called by name.

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;

const NAME: &str = "leptos-cognito/session";

/// The right to ask; given back when dropped.
pub(super) struct Turn {
    release: Function,
}

/// Another tab is asking.
pub(super) struct Taken;

impl Drop for Turn {
    fn drop(&mut self) {
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// The turn, if no other tab has it; none where there are no Web Locks (a page over http, an old browser), or where they
/// refuse: then every tab asks for itself.
pub(super) async fn take_turn() -> Result<Option<Turn>, Taken> {
    let Some((granted, release)) = request() else { return Ok(None) };
    match JsFuture::from(granted).await {
        Ok(is_granted) if is_granted.is_truthy() => Ok(Some(Turn { release })),
        Ok(_) => Err(Taken),
        Err(_) => Ok(None),
    }
}

/// Asks for the lock: a promise of whether it was granted, and what gives it back.
fn request() -> Option<(Promise, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok().filter(JsValue::is_object)?;
    let request: Function = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE).ok()?;
    let mut release = None;
    // The lock is held until this promise is fulfilled.
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let mut refusal = None;
    let granted = Promise::new(&mut |resolve, _| {
        let held = held.clone();
        let callback = Closure::once_into_js(move |lock: JsValue| {
            let is_granted = !lock.is_null();
            let _ = resolve.call1(&JsValue::NULL, &is_granted.into());
            if is_granted { held.into() } else { JsValue::UNDEFINED }
        });
        refusal = request.call3(&locks, &NAME.into(), &options, &callback).ok();
    });
    // The promise of the request itself comes to an end before the grant only where the request is refused.
    let refusal = refusal?;
    Some((Promise::race(&js_sys::Array::of2(&granted, &refusal)), release?))
}
