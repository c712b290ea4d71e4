//! The access token's life as a bar: how much of it is over, where it is renewed, when it ends. The words beside it say
//! the same; the picture is for the eye alone.

use leptos::prelude::*;

use super::instant::{Moment, TimeOfDay};
use leptos_cognito::Session;

/// The bar's width in the picture's own units; it is stretched to the width there is.
const WIDTH: i64 = 1000;
/// Marks on the ruler: an hour gets one for every five minutes.
const MARKS: i64 = 12;

/// Where the current access token stands, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Life {
    came: i64,
    renewed_from: i64,
    ends: i64,
    session_ends: i64,
    now: i64,
}

impl Life {
    /// `secs_left`: as the clock of an open page has it. Nothing where the session's instants cannot be read, or the token
    /// never lived.
    pub(super) fn of(session: &Session, secs_left: u64) -> Option<Self> {
        let secs = |secs: u64| i64::try_from(secs).ok();
        let came = Moment::parse(session.refreshed_at.as_ref().unwrap_or(&session.signed_in_at))?.unix_secs();
        let life = secs(session.access_token_life_secs)?;
        let ends = came + life;
        let answered = ends - secs(session.access_token_expires_in_secs)?;
        let renewed_from = (answered + secs(session.refresh_due_in_secs)?).clamp(came, ends);
        let session_ends = answered + secs(session.ends_in_secs)?;
        (life > 0).then(|| Self {
            came,
            renewed_from,
            ends,
            session_ends,
            now: (ends - secs(secs_left).unwrap_or(life)).clamp(came, ends),
        })
    }

    fn x(self, at: i64) -> i64 {
        (at - self.came) * WIDTH / (self.ends - self.came)
    }

    /// What the person can expect.
    pub(super) fn outlook(self) -> Outlook {
        if self.now >= self.ends {
            Outlook::Ended
        } else if self.session_ends <= self.renewed_from {
            Outlook::OutlivesSession
        } else if self.now >= self.renewed_from {
            Outlook::Due
        } else {
            Outlook::RenewedFrom(self.renewed_from)
        }
    }
}

/// What will become of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outlook {
    Ended,
    OutlivesSession,
    Due,
    /// In seconds since 1970.
    RenewedFrom(i64),
}

impl Outlook {
    /// The sentence, in two parts where a time stands between them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Ended => ("It has ended. The server gets a new one as soon as the sign-in service answers.", ""),
            Self::OutlivesSession => ("It outlives the session, and is not renewed any more.", ""),
            Self::Due => ("It is due for renewal: this browser's next request does it, and you will not notice.", ""),
            Self::RenewedFrom(_) => ("From ", " on, this browser's next request renews it. You will not notice."),
        }
    }

    fn time(self) -> Option<i64> {
        if let Self::RenewedFrom(at) = self { Some(at) } else { None }
    }
}

/// The sentence on what will become of the token.
#[component]
pub(super) fn Expectation(
    /// The token's life, as it is now.
    life: Memo<Option<Life>>,
) -> impl IntoView {
    let outlook = Memo::new(move |_| life.get().map(Life::outlook));
    let words = move || outlook.get().map(Outlook::words).unwrap_or_default();
    let at = Signal::derive(move || outlook.get().and_then(Outlook::time));
    view! {
        <p>
            <span>{move || words().0}</span>
            <TimeOfDay at />
            <span>{move || words().1}</span>
        </p>
    }
}

/// The bar over its ruler, with the times below.
#[component]
pub(super) fn LifeBar(
    /// The token's life, as it is now.
    life: Memo<Option<Life>>,
) -> impl IntoView {
    let path = move |draw: fn(Life) -> String| move || life.get().map(draw).unwrap_or_default();
    let at = move |when: fn(Life) -> i64| Signal::derive(move || life.get().map(when));
    let is_over = move || life.get().is_some_and(|life| life.now >= life.ends);
    let marks: String = (0..=MARKS).map(|mark| format!("M{} 0V6", mark * WIDTH / MARKS)).collect();
    view! {
        <div class="life" aria-hidden="true">
            <svg class="life-bar" viewBox="0 0 1000 24" preserveAspectRatio="none" width="1000" height="24" focusable="false">
                <path class="token-used" d="M0 12H1000" />
                <path class="token-left" d=path(|life| format!("M{} 12H{WIDTH}", life.x(life.now))) />
                <path class="token-due" d=path(|life| format!("M{} 0V24", life.x(life.renewed_from))) />
            </svg>
            <svg class="ruler" viewBox="0 0 1000 6" preserveAspectRatio="none" width="1000" height="6" focusable="false">
                <path d=marks />
            </svg>
            <p class="life-times">
                <span>
                    <TimeOfDay at=at(|life| life.came) />
                </span>
                <span>
                    <span>{move || if is_over() { "ended " } else { "ends " }}</span>
                    <TimeOfDay at=at(|life| life.ends) />
                </span>
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::{super::session_card::tests::session, Life, Outlook};

    #[test]
    fn the_life_of_a_token_counts_from_when_it_came() {
        let mut session = session(3000, false);
        session.refresh_due_in_secs = 2700;
        let life = Life::of(&session, 3000).unwrap();
        assert_eq!((life.x(life.now), life.x(life.renewed_from), life.x(life.ends)), (166, 916, 1000));
        assert_eq!(life.outlook(), Outlook::RenewedFrom(life.came + 55 * 60));
        assert_eq!(Life::of(&session, 300).unwrap().outlook(), Outlook::Due);
        let over = Life::of(&session, 0).unwrap();
        assert_eq!((over.x(over.now), over.outlook()), (1000, Outlook::Ended));
        session.ends_in_secs = 2700;
        assert_eq!(Life::of(&session, 3000).unwrap().outlook(), Outlook::OutlivesSession);
    }

    #[test]
    fn what_makes_no_sense_draws_nothing() {
        let mut odd = session(0, false);
        odd.access_token_life_secs = 0;
        assert_eq!(Life::of(&odd, 0), None);
        odd.signed_in_at = "yesterday".to_owned();
        assert_eq!(Life::of(&odd, 0), None);
        let mut far = session(10_000, false);
        far.refresh_due_in_secs = u64::MAX;
        assert_eq!(Life::of(&far, 10_000), None);
    }
}
