//! What a page believes of its session: of the server's answers, and of what other tabs tell. Pure; `client` carries the
//! messages. Another tab is believed about the session that this page has; everything else leads to asking the server.

use serde::{Deserialize, Serialize};

use super::{Session, SessionStatus};

/// Pages of another version of the app may be open: what they tell is not read.
const VERSION: u8 = 1;

/// What one tab tells the others. There is no token in it, because there is none in a [`Session`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    #[serde(rename = "v")]
    version: u8,
    pub(super) event: Event,
    /// With [`Event::Told`]: what the server answered.
    pub(super) session: Option<Session>,
    /// How old that answer is, in milliseconds.
    pub(super) age_ms: u64,
    /// Whether it counted for the idle limit.
    pub(super) is_of_a_person: bool,
}

/// What happened in the other tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    /// The server answered, or rendered a page.
    Told,
    /// Somebody chose to sign out; the server may not know yet.
    SigningOut,
}

impl Message {
    pub(super) fn signing_out() -> Self {
        Self { version: VERSION, event: Event::SigningOut, session: None, age_ms: 0, is_of_a_person: true }
    }

    pub(super) fn told(session: Option<Session>, age_ms: u64, is_of_a_person: bool) -> Self {
        Self { version: VERSION, event: Event::Told, session, age_ms, is_of_a_person }
    }

    /// Whether this page understands it.
    pub(super) fn is_current(&self) -> bool {
        self.version == VERSION
    }
}

/// What this page knows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'s> {
    pub(super) status: SessionStatus,
    pub(super) session: Option<&'s Session>,
    /// The `sub` of the person whose page this is: the first who was signed in on it.
    pub(super) owner: Option<&'s str>,
}

/// What to make of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belief {
    /// Nothing new.
    Nothing,
    /// It is this page's session: what is told replaces what was known.
    Take,
    /// Nobody is signed in, which this page did not deny.
    SignedOut,
    /// Ask the server.
    Ask,
    /// Show nothing private from now on, and ask the server.
    HideAndAsk,
    /// Show nothing private, nor what was typed. The server is asked if nothing more is told.
    Conceal,
}

/// What this page makes of what another tab tells.
pub(super) fn believe(known: Known<'_>, message: &Message) -> Belief {
    match (message.event, &message.session) {
        (Event::SigningOut, _) if known.owner.is_some() => Belief::Conceal,
        (Event::SigningOut, _) => Belief::Nothing,
        (Event::Told, None) => match known.status {
            SessionStatus::SignedIn => Belief::HideAndAsk,
            SessionStatus::Loading => Belief::SignedOut,
            SessionStatus::SignedOut => Belief::Nothing,
            SessionStatus::SomeoneElse => Belief::Ask,
        },
        (Event::Told, Some(told)) => match known.session {
            Some(own) if own.user.sub != told.user.sub => Belief::HideAndAsk,
            Some(own) if own.id != told.id => Belief::Ask,
            // Answers overtake each other: an older one tells nothing.
            Some(own) if told.refresh_count < own.refresh_count => Belief::Nothing,
            Some(_) => Belief::Take,
            None if known.status == SessionStatus::SomeoneElse && known.owner != Some(&told.user.sub) => {
                Belief::Nothing
            }
            None => Belief::Ask,
        },
    }
}

/// Where a page stands after the server's answer. A page stays its owner's, though their session ended meanwhile.
pub(super) fn status_after(owner: Option<&str>, answer: Option<&Session>) -> SessionStatus {
    match answer {
        None => SessionStatus::SignedOut,
        Some(session) if owner.is_some_and(|owner| owner != session.user.sub) => SessionStatus::SomeoneElse,
        Some(_) => SessionStatus::SignedIn,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::session::tests::session, Belief::*, *};

    const STATUSES: [SessionStatus; 4] =
        [SessionStatus::Loading, SessionStatus::SignedOut, SessionStatus::SignedIn, SessionStatus::SomeoneElse];

    fn belief(status: SessionStatus, own: Option<&Session>, told: Option<Session>) -> Belief {
        let known = Known { status, session: own, owner: Some("anna") };
        believe(known, &Message::told(told, 0, false))
    }

    #[test]
    fn another_tab_is_believed_about_this_very_session_alone() {
        let own = Session { refresh_count: 3, ..session("anna", "1") };
        let told = |sub, id, refresh_count| Some(Session { refresh_count, ..session(sub, id) });
        for (told, expected) in [
            (told("anna", "1", 3), Take),
            (told("anna", "1", 4), Take),
            (told("anna", "1", 2), Nothing),
            (told("anna", "2", 0), Ask),
            (told("bert", "3", 0), HideAndAsk),
            // A session's id alone is nobody's name.
            (told("bert", "1", 9), HideAndAsk),
            (None, HideAndAsk),
        ] {
            assert_eq!(belief(SessionStatus::SignedIn, Some(&own), told.clone()), expected, "{told:?}");
        }
    }

    #[test]
    fn nobody_is_signed_in_by_what_another_tab_tells() {
        for status in STATUSES {
            for sub in ["anna", "bert"] {
                let belief = belief(status, None, Some(session(sub, "1")));
                assert!(matches!(belief, Ask | Nothing), "{status:?}: {belief:?}");
                let is_known = status == SessionStatus::SomeoneElse && sub == "bert";
                assert_eq!(belief == Nothing, is_known, "{status:?} {sub}");
            }
        }
    }

    #[test]
    fn that_nobody_is_signed_in_hides_first() {
        let expected = [SignedOut, Nothing, HideAndAsk, Ask];
        for (status, expected) in STATUSES.into_iter().zip(expected) {
            assert_eq!(belief(status, None, None), expected, "{status:?}");
        }
    }

    #[test]
    fn signing_out_conceals_whatever_the_page_knows_unless_it_was_nobodys() {
        for status in STATUSES {
            for (owner, expected) in [(Some("anna"), Conceal), (None, Nothing)] {
                let known = Known { status, session: None, owner };
                assert_eq!(believe(known, &Message::signing_out()), expected, "{status:?} {owner:?}");
            }
        }
    }

    #[test]
    fn a_page_stays_its_owners() {
        let anna = session("anna", "2");
        for (owner, answer, expected) in [
            (None, None, SessionStatus::SignedOut),
            (None, Some(&anna), SessionStatus::SignedIn),
            (Some("anna"), Some(&anna), SessionStatus::SignedIn),
            (Some("bert"), Some(&anna), SessionStatus::SomeoneElse),
            (Some("bert"), None, SessionStatus::SignedOut),
        ] {
            assert_eq!(status_after(owner, answer), expected, "{owner:?} {answer:?}");
        }
    }

    #[test]
    fn a_message_of_another_version_is_not_understood() {
        let message = Message::told(Some(session("anna", "1")), 1500, true);
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
        assert!(message.is_current());
        assert!(!serde_json::from_str::<Message>(&json.replace("\"v\":1", "\"v\":2")).unwrap().is_current());
    }
}
