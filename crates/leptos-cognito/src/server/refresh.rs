//! When is a refresh due? Pure functions of instants; called by `lifecycle`.

use std::time::Duration;

use super::{clock::UnixTime, sealed_session::SealedSession};

/// A token is renewed this long before its end, in seconds ...
pub(super) const REFRESH_LEAD_SECS: u64 = 5 * 60;
/// ... or this fraction of its life before, where that is shorter.
const LEAD_FRACTION: u32 = 5;

/// Where an access token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Good, and nothing is to be done.
    Fresh,
    /// Good, and to be renewed.
    Due,
    /// Not to be sent anywhere.
    Expired,
}

/// Where the session's token stands now. A session from the future is due: by a clock that was set back, its token
/// would look good for longer than it is.
pub(super) fn decide(session: &SealedSession, idle_limit: Duration, now: UnixTime) -> Freshness {
    if now >= session.access_expires_at {
        Freshness::Expired
    } else if now >= due_at(session, idle_limit) || session.is_from_the_future(now) {
        Freshness::Due
    } else {
        Freshness::Fresh
    }
}

/// When the session's renewal is due: ahead of its token's end, and no later than half the idle limit after the person was
/// last seen. A session rolls when it is renewed, so a person who keeps coming never meets the idle limit.
fn due_at(session: &SealedSession, idle_limit: Duration) -> UnixTime {
    token_due_at(session).min(session.seen_at.plus(idle_limit / 2))
}

/// When the token's own end makes a renewal due. An open page that asks by itself goes by this alone: it is not seen, so the
/// idle limit would be due again after each of its renewals.
pub(super) fn token_due_at(session: &SealedSession) -> UnixTime {
    let life = session.access_expires_at.since(session.written_at);
    let lead = (life / LEAD_FRACTION).min(Duration::from_secs(REFRESH_LEAD_SECS));
    session.access_expires_at.minus(lead)
}

#[cfg(test)]
mod tests {
    use super::{super::sealed_session::tests::session, *};

    #[test]
    fn decisions() {
        let session = session(3600);
        for (now, freshness) in [
            (6_000, Freshness::Due),
            (9_900, Freshness::Fresh),
            (10_000, Freshness::Fresh),
            (13_299, Freshness::Fresh),
            (13_300, Freshness::Due),
            (13_599, Freshness::Due),
            (13_600, Freshness::Expired),
            (99_999, Freshness::Expired),
        ] {
            let decided = decide(&session, Duration::from_secs(1_000_000), UnixTime::from_secs(now));
            assert_eq!(decided, freshness, "at {now}");
        }
    }

    #[test]
    fn the_lead_is_five_minutes_or_a_fifth_and_the_idle_limit_pulls_it_forward() {
        let long_idle = Duration::from_secs(1_000_000);
        for (life, idle, due_after) in [
            (3600, long_idle, 3300),
            (86_400, long_idle, 86_100),
            (1500, long_idle, 1200),
            (600, long_idle, 480),
            (10, long_idle, 8),
            (3600, Duration::from_secs(1800), 900),
        ] {
            let session = session(life);
            assert_eq!(due_at(&session, idle).since(session.written_at), Duration::from_secs(due_after), "{life}");
        }
    }
}
