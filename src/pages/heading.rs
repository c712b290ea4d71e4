//! A page's heading and title. Where the client-side router opened the page nothing is loaded, so a screen reader would
//! hear nothing and the keyboard would stay where the old page was: the heading takes the focus, and the title is said.

use leptos::{html::H1, prelude::*};
use leptos_meta::Title;

/// What is to be said about the page that was opened; none for the first one, which the browser announces itself.
#[derive(Clone, Copy)]
struct Announcement {
    is_first_page: StoredValue<bool>,
    title: RwSignal<String>,
}

/// The region in which a title is announced; once, before the pages. It gives [`PageHeading`] its context.
#[component]
pub(super) fn PageAnnouncer() -> impl IntoView {
    let announcement = Announcement { is_first_page: StoredValue::new(true), title: RwSignal::default() };
    provide_context(announcement);
    view! {
        <p class="visually-hidden" aria-live="polite" data-testid="announcement">
            {announcement.title}
        </p>
    }
}

/// The page's `<h1>`, and its title for the browser's tab.
#[component]
pub(super) fn PageHeading(
    /// The title, without the name of the app.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    let heading = NodeRef::<H1>::new();
    let announcement = use_context::<Announcement>();
    Effect::new(move |_| {
        let (Some(announcement), Some(heading)) = (announcement, heading.get()) else { return };
        if announcement.is_first_page.get_value() {
            announcement.is_first_page.set_value(false);
        } else {
            announcement.title.set(title.to_owned());
            // A heading that cannot take the focus leaves it where it is.
            let _ = heading.focus();
        }
    });
    view! {
        <Title text=title />
        <h1 node_ref=heading tabindex="-1">
            {children()}
        </h1>
    }
}
