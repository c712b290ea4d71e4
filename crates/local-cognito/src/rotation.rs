//! Refresh token rotation: which token of a family may still be exchanged (`cognito.md` §3.3). Asked by `refresh`.

use serde::{Deserialize, Serialize};

/// Cognito's limit for `RetryGracePeriodSeconds`.
pub const MAX_GRACE_SECS: u64 = 60;

/// Only a client that refreshes more often than once a second gets here; its oldest tokens lose their grace early.
const MAX_USED: usize = 64;

/// The refresh tokens of one family, by `jti`, once the first of them was exchanged. Whatever is not named here was
/// replaced, too long ago or by a fork.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chain {
    /// The one from the sign-in.
    original: String,
    /// Ancestors of the newest that may have some grace left, oldest first.
    used: Vec<Used>,
    newest: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    jti: String,
    /// Of the first use, in Unix seconds: a replay does not prolong the grace.
    at: u64,
}

/// How a refresh token was exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Rotated,
    /// Replayed within its grace.
    Forked,
}

impl Chain {
    /// The chain of a family that has had one refresh token so far.
    pub(super) fn start(original: &str) -> Chain {
        Chain { original: original.to_owned(), used: Vec::new(), newest: original.to_owned() }
    }

    pub(super) fn is_newest(&self, jti: &str) -> bool {
        self.newest == jti
    }

    /// Exchanges `jti` for `next`; `None` is a reuse, and changes nothing.
    pub(super) fn rotate(&mut self, jti: &str, next: &str, now: u64, grace_secs: u64) -> Option<Step> {
        let step = if self.is_newest(jti) {
            // By the largest grace there is, as the client's may grow.
            self.used.retain(|used| used.had_use_within(MAX_GRACE_SECS, now));
            self.used.drain(..(self.used.len() + 1).saturating_sub(MAX_USED));
            self.used.push(Used { jti: jti.to_owned(), at: now });
            Step::Rotated
        } else {
            let replayed = self.used.iter().position(|used| used.jti == jti && used.had_use_within(grace_secs, now));
            // The earlier child and all that came of it are off the chain.
            self.used.truncate(replayed? + 1);
            Step::Forked
        };
        next.clone_into(&mut self.newest);
        Some(step)
    }

    /// Takes its grace from `jti`; `true` where that ends the whole family.
    pub(super) fn revoke(&mut self, jti: &str) -> bool {
        self.used.retain(|used| used.jti != jti);
        self.newest == jti || self.original == jti
    }
}

impl Used {
    /// A clock that went back leaves the whole grace.
    fn had_use_within(&self, grace_secs: u64, now: u64) -> bool {
        now.saturating_sub(self.at) < grace_secs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `time token>next` (good), `time token!` (reuse) or `token x` (revoked), starting from token `a`.
    fn play(grace_secs: u64, steps: &str) -> Chain {
        let mut chain = Chain::start("a");
        for step in steps.split(", ") {
            let (now, what) = step.split_once(' ').unwrap();
            if what == "x" {
                assert!(!chain.revoke(now), "{step} of {steps}");
            } else if let Some(token) = what.strip_suffix('!') {
                let before = chain.clone();
                assert_eq!(chain.rotate(token, "never", now.parse().unwrap(), grace_secs), None, "{step} of {steps}");
                assert_eq!(chain, before, "a refused reuse changes nothing: {step} of {steps}");
            } else {
                let (token, next) = what.split_once('>').unwrap();
                let expected = if chain.is_newest(token) { Step::Rotated } else { Step::Forked };
                let taken = chain.rotate(token, next, now.parse().unwrap(), grace_secs);
                assert_eq!(taken, Some(expected), "{step} of {steps}");
                assert!(chain.is_newest(next));
            }
        }
        chain
    }

    #[test]
    fn fork_and_reuse_follow_what_was_measured() {
        for (grace_secs, steps) in [
            // Reuse does not end the family.
            (0, "0 a>b, 0 a!, 0 b>c, 9 a!, 9 b!, 9 c>d"),
            (10, "0 a>b, 10 a!, 10 b>c"),
            // Inside the grace: another child, and then only that one.
            (10, "0 a>b, 9 a>c, 9 b!, 9 c>d"),
            (10, "0 a>b, 1 a>c, 2 a>d, 3 b!, 3 c!, 3 d>e"),
            // The grace counts from the first use.
            (10, "0 a>b, 9 a>c, 10 a!, 10 c>d"),
            // Grandparents have their grace as well, and a fork there takes the whole branch away.
            (10, "0 a>b, 1 b>c, 2 a>d, 3 b!, 3 c!, 3 d>e, 4 a>f, 5 d!, 5 e!, 5 f>g"),
            (10, "0 a>b, 5 b>c, 11 a!, 11 b>d, 12 c!, 12 d>e"),
            // A token that was never issued here.
            (60, "0 z!, 0 a>b, 0 z!"),
            // The clock goes back.
            (10, "100 a>b, 20 a>c, 20 c>d"),
            // Revoked in the middle: no grace any more, and the newest works on.
            (10, "0 a>b, 1 b>c, b x, 2 b!, 2 c>d"),
            (10, "0 a>b, 1 b>c, 2 b>d, c x, 3 d>e"),
        ] {
            play(grace_secs, steps);
        }
    }

    #[test]
    fn the_newest_and_the_original_end_the_family() {
        let chain = play(10, "0 a>b, 1 b>c");
        for (jti, ends) in [("a", true), ("b", false), ("c", true), ("z", false)] {
            assert_eq!(chain.clone().revoke(jti), ends, "{jti}");
        }
    }

    #[test]
    fn a_chain_stays_short() {
        let mut chain = Chain::start("0");
        for n in 0..1000_u64 {
            assert!(chain.rotate(&n.to_string(), &(n + 1).to_string(), 7, 60).is_some());
        }
        assert_eq!(chain.used.len(), MAX_USED);
        assert!(chain.rotate("936", "fork", 7, 60).is_some() && chain.rotate("935", "fork", 7, 60).is_none());
        assert!(chain.rotate("fork", "late", 67, 60).is_some());
        assert_eq!(chain.used.len(), 1, "what has no grace left is forgotten");
    }
}
