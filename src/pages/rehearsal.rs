//! What there is to try where the app runs with Local Cognito. With a real user pool nothing of it shows.

use leptos::prelude::*;

/// Where Local Cognito's console is. The server provides it as a context, where there is one.
#[derive(Clone, Debug)]
pub struct Rehearsal {
    /// The console's address.
    pub console: String,
}

/// The console's address; none with a real user pool.
pub(super) fn use_console() -> Option<String> {
    use_context::<Rehearsal>().map(|rehearsal| rehearsal.console)
}

/// A link to the console, in a tab of its own: the page that somebody tries it on stays open.
#[component]
pub(super) fn ConsoleLink(
    /// From [`use_console`].
    console: String,
    children: Children,
) -> impl IntoView {
    view! {
        <a href=console target="_blank" rel="external noopener">
            {children()}
            <span class="visually-hidden">" (opens in a new tab)"</span>
        </a>
    }
    .into_any()
}
