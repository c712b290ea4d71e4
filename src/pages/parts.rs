//! What pages are made of: an entry with its heading in the margin, and a message with its picture.

use leptos::prelude::*;

/// A section of a page under a rule: heading and hint in the margin, the rest beside it, or below where it is narrow.
#[component]
pub(super) fn Entry(
    /// Names the section; unique on the page.
    id: &'static str,
    /// The heading.
    title: &'static str,
    /// A sentence on it.
    #[prop(optional, into)]
    hint: Option<&'static str>,
    children: Children,
) -> impl IntoView {
    let heading = format!("{id}-heading");
    let labelled_by = heading.clone();
    view! {
        <section id=id class="entry" aria-labelledby=labelled_by>
            <div class="entry-head">
                <h2 id=heading>{title}</h2>
                {hint.map(|hint| view! { <p class="hint">{hint}</p> })}
            </div>
            <div class="entry-body">{children()}</div>
        </section>
    }
    .into_any()
}

/// What the picture of a message shows happening to the line that stands for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scene {
    /// The line loses itself: no such page.
    Lost,
    /// It ends at a gate: not allowed.
    Gate,
    /// It breaks off before it has begun: no sign-in.
    Broken,
    /// It pauses, and can go on: what was sent is kept.
    Paused,
    /// It goes on.
    GoesOn,
}

/// A page that has one thing to say, and ways on.
#[component]
pub(super) fn Message(
    /// The picture above it.
    scene: Scene,
    children: Children,
) -> impl IntoView {
    // Drawn from left to right on a ground of 320 by 72; the styles know line, token, ghost and gate.
    let (line, token, ghost, gate) = match scene {
        Scene::Lost => ("M8 36H148", "M8 56H92", "M148 36C190 36 190 12 232 12S300 30 312 54", ""),
        Scene::Gate => ("M8 36H196", "M8 56H132", "M236 36H312", "M214 6V66"),
        Scene::Paused => ("M8 36H128M216 36H312", "M8 56H96M216 56H312", "M128 36H216", ""),
        Scene::GoesOn => ("M8 36H312", "M8 56H176", "", ""),
        Scene::Broken => ("M8 36H96", "", "M132 36H312M132 56H240", "M104 24L124 48M124 24L104 48"),
    };
    view! {
        <section class="message">
            <svg class="scene" viewBox="0 0 320 72" width="320" height="72" aria-hidden="true" focusable="false">
                <path class="scene-ghost" d=ghost />
                <path class="scene-line" d=line />
                <path class="scene-token" d=token />
                <path class="scene-gate" d=gate />
            </svg>
            {children()}
        </section>
    }
    .into_any()
}
