//! What the tabs of this app tell each other: a `BroadcastChannel`, which stays within the origin. Where there is none,
//! each tab works alone.

use leptos::serde_json;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

use super::Message;

const NAME: &str = "leptos-cognito/session";

/// An open channel; closed when dropped.
pub(super) struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// Opens it; `hear` gets what the others tell, and nothing for what cannot be read.
    pub(super) fn open(hear: impl Fn(Option<Message>) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(NAME).ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            hear(event.data().as_string().and_then(|json| serde_json::from_slice(json.as_bytes()).ok()));
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    /// Tells the other tabs. Nobody may be listening.
    pub(super) fn tell(&self, message: &Message) {
        if let Ok(json) = serde_json::to_string(message) {
            let _ = self.channel.post_message(&JsValue::from_str(&json));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
