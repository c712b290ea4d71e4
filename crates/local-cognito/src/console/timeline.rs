//! A sign-in's life as a line of events. Drawn on its page.

use maud::{Markup, html};

use super::super::history::{Event, What};
use super::super::torment::describe_span;
use super::super::view::{SignInStatus, SignInView};
use super::lanes::{Cell, draw};
use super::parts::{time, token};

/// All events, oldest first, and the natural end where that has come.
pub(super) fn draw_timeline(sign_in: &SignInView, now: u64) -> Markup {
    let ran_out = sign_in.status == SignInStatus::Expired && !was_ordered_to_expire(sign_in);
    let start = sign_in.started_at();
    html! {
        ol.timeline {
            @for (index, (event, row)) in sign_in.events.iter().zip(draw(&sign_in.events)).enumerate() {
                li id={ "event-" (index) } class=(class_of(&event.what)) {
                    (rail(&row))
                    div.event {
                        h3 { (title_of(&event.what)) }
                        (explain(&event.what))
                        p.meta { (time(event.at)) " · " (since(start, event.at)) " · by " code { (event.via) } }
                    }
                }
            }
            @if ran_out {
                li.end #event-end {
                    (rail(&[Cell { dot: true, ..Cell::default() }]))
                    div.event {
                        h3 { "Expired" }
                        p { "The refresh token came to its end." }
                        p.meta { (time(sign_in.expires_at)) " · " (since(start, sign_in.expires_at)) }
                    }
                }
            }
        }
        @if sign_in.status == SignInStatus::Live {
            p.meta { "Its refresh token ends in " (describe_span(sign_in.expires_at.saturating_sub(now))) ", at "
                (time(sign_in.expires_at)) "." }
        }
    }
}

fn was_ordered_to_expire(sign_in: &SignInView) -> bool {
    sign_in.events.iter().any(|event: &Event| event.what.expires("refresh"))
}

fn since(start: u64, at: u64) -> String {
    if at < start { "before the start".to_owned() } else { format!("+{}", describe_span(at - start)) }
}

/// For the eye alone: the words say the same.
fn rail(row: &[Cell]) -> Markup {
    html! {
        div.rail aria-hidden="true" {
            @for cell in row {
                span.lane.above[cell.above].below[cell.below].left[cell.left].right[cell.right] {
                    @if cell.dot { span.dot {} }
                }
            }
        }
    }
}

fn class_of(what: &What) -> &'static str {
    match what {
        // The family lives on.
        What::Expired { token } if token == "access" => "odd",
        What::Issued { .. } | What::Renewed { .. } | What::Rotated { .. } => "good",
        What::Forked { .. } | What::GraceRevoked { .. } => "odd",
        What::Reused { .. } | What::Refused { .. } => "bad",
        What::Revoked | What::Expired { .. } => "end",
    }
}

/// The words that people look for.
pub(super) fn title_of(what: &What) -> &'static str {
    match what {
        What::Issued { .. } => "Issued",
        What::Renewed { .. } => "Renewed",
        What::Rotated { .. } => "Rotated",
        What::Forked { .. } => "Forked",
        What::Reused { .. } => "Reused",
        What::Refused { .. } => "Refused",
        What::GraceRevoked { .. } => "Grace revoked",
        What::Revoked => "Revoked",
        What::Expired { .. } => "Expired",
    }
}

fn explain(what: &What) -> Markup {
    html! {
        p {
            @match what {
                What::Issued { access, refresh } => {
                    "Signed in: access token " (token(access)) ", refresh token " (token(refresh)) "."
                }
                What::Renewed { access, refresh } => {
                    "New access token " (token(access)) "; refresh token " (token(refresh)) " stays."
                }
                What::Rotated { access, refresh, next } => {
                    "Refresh token " (token(refresh)) " was exchanged for " (token(next)) ", with access token "
                    (token(access)) "."
                }
                What::Forked { access, refresh, next } => {
                    "Refresh token " (token(refresh)) " came again within its grace: " (token(next))
                    " takes the place of the one it got first, with access token " (token(access)) "."
                }
                What::Reused { refresh } => {
                    "Refresh token " (token(refresh)) " was refused: there is a newer one."
                }
                What::Refused { refresh, reason } => {
                    "Refresh token " (token(refresh)) " was refused: " q { (reason) }
                }
                What::GraceRevoked { refresh } => {
                    "Refresh token " (token(refresh)) " was revoked after it had been exchanged: the newest works on."
                }
                What::Revoked => "Ended, with all its tokens.",
                What::Expired { token } if token == "access" => {
                    "The access tokens it had then count as expired."
                }
                What::Expired { .. } => "Its refresh tokens count as expired.",
            }
        }
    }
}
