//! Codes that Cognito sends to people by mail: to confirm a sign-up, to reset a password. Here nothing is sent; the
//! console shows them.

use serde::{Deserialize, Serialize};

use super::random::random_digits;

const CODE_DIGITS: usize = 6;
/// AWS developer guide, "Signing up and confirming user accounts": a day.
const SIGN_UP_SECS: u64 = 24 * 60 * 60;
/// AWS developer guide, "Recovering user accounts": an hour.
const RESET_SECS: u64 = 60 * 60;
/// Six digits may not be guessed: after this many wrong ones the code is gone.
const MAX_ATTEMPTS: u32 = 5;

/// What a code is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Purpose {
    SignUp,
    PasswordReset,
}

/// A code that waits to be entered. A new one takes the place of an older one, whatever it was for.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Verification {
    pub(super) purpose: Purpose,
    pub(super) code: String,
    /// Unix seconds.
    pub(super) expires_at: u64,
    wrong: u32,
}

/// What became of a code that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CodeVerdict {
    Right,
    /// Not this one (`CodeMismatchException`).
    Wrong,
    /// Too late, or none was asked for (`ExpiredCodeException`).
    Expired,
    /// Too many wrong ones before (`LimitExceededException`).
    Exhausted,
}

impl Verification {
    pub(super) fn new(purpose: Purpose, now: u64) -> Verification {
        let life_secs = match purpose {
            Purpose::SignUp => SIGN_UP_SECS,
            Purpose::PasswordReset => RESET_SECS,
        };
        Verification { purpose, code: random_digits(CODE_DIGITS), expires_at: now + life_secs, wrong: 0 }
    }

    /// Judges a code; the right one is to be removed by the caller.
    pub(super) fn judge(&mut self, purpose: Purpose, offered: &str, now: u64) -> CodeVerdict {
        if self.purpose != purpose || self.expires_at <= now {
            CodeVerdict::Expired
        } else if self.wrong >= MAX_ATTEMPTS {
            CodeVerdict::Exhausted
        } else if self.code == offered.trim() {
            CodeVerdict::Right
        } else {
            self.wrong += 1;
            CodeVerdict::Wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_for_one_thing_and_for_its_time() {
        let mut reset = Verification::new(Purpose::PasswordReset, 1000);
        let code = reset.code.clone();
        assert_eq!(code.len(), 6);
        assert_eq!(reset.judge(Purpose::SignUp, &code, 1000), CodeVerdict::Expired);
        assert_eq!(reset.judge(Purpose::PasswordReset, "wrong", 1000), CodeVerdict::Wrong);
        assert_eq!(reset.judge(Purpose::PasswordReset, &format!(" {code} "), 4599), CodeVerdict::Right);
        assert_eq!(reset.judge(Purpose::PasswordReset, &code, 4600), CodeVerdict::Expired);
        assert_eq!(Verification::new(Purpose::SignUp, 0).expires_at, 86_400);
    }

    #[test]
    fn guessing_ends_the_code() {
        let mut code = Verification::new(Purpose::SignUp, 0);
        for _ in 0..MAX_ATTEMPTS {
            assert_eq!(code.judge(Purpose::SignUp, "x", 0), CodeVerdict::Wrong);
        }
        let right = code.code.clone();
        assert_eq!(code.judge(Purpose::SignUp, &right, 0), CodeVerdict::Exhausted);
    }
}
