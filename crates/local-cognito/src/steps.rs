//! What browsers are in the middle of at the hosted UI's pages. Kept by `state`, used by `hosted_ui`.

use std::collections::HashMap;

use super::verification::Verification;

/// What comes next for this browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The password is right; the address is to be confirmed by its code.
    Confirm { sub: String, resent: bool },
    /// The password is right, and is to be replaced as an administrator chose it.
    NewPassword { sub: String },
    /// A code was asked for. Nothing says that there is such a user.
    Reset { username: String, resent: bool },
    /// The sign-in page has something to say.
    PasswordChanged { username: String },
}

/// The steps of all browsers, and the codes that people asked for who do not exist.
#[derive(Clone, Default)]
pub(super) struct InProgress {
    pub(super) steps: HashMap<String, (Step, u64)>,
    /// By lower-case username. A wrong code has to be answered the same, and as often, as where there is a right one.
    pub(super) decoys: HashMap<String, Verification>,
}
