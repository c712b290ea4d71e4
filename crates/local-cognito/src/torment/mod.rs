//! What is done to the pools on purpose, one order per file. The control API takes an order as JSON, the console takes
//! the same order from a form: a button and its endpoint are one thing.

mod advice;
mod clock;
mod faults;
mod keys;
mod rotation;
mod tokens;
mod users;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(super) use advice::{
    CONFIRM_USER, CREATE_USER, DELETE_USER, DISABLE_USER, ENABLE_USER, EXPIRE_ACCESS, EXPIRE_REFRESH, MOVE_CLOCK,
    ORDER_FAULTS, REPLACE_KEYS, REQUIRE_RESET, REVOKE_TOKENS, REVOKE_USER, SET_ROTATION, TORMENTS, Torment,
};
pub(super) use clock::{MoveClock, describe_span};
pub(super) use faults::{FAULT_KINDS, FaultName, FaultOrder, Takes};
pub(super) use keys::ReplaceKeys;
pub(super) use rotation::SetRotation;
pub(super) use tokens::ChangeTokens;
pub(super) use users::ChangeUser;

use super::service::Service;

/// Who did it, in the history of the families.
const ADMINISTRATOR: &str = "administrator";

/// Something to be done, as the control API reads it.
pub(super) trait Order: DeserializeOwned + Send + 'static {
    /// What the control API answers.
    type Answer: Serialize + Send + 'static;

    /// May hash a password or make keys: not for an async worker.
    fn carry_out(self, service: &Service) -> Result<Done<Self::Answer>, Problem>;
}

/// What came of an order.
#[derive(Debug)]
pub(super) struct Done<A> {
    pub(super) answer: A,
    /// What the console says about it: one sentence.
    pub(super) sentence: String,
}

/// Why an order was not carried out, in words that say what to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem {
    /// The order makes no sense.
    Bad(String),
    /// What it names is not there.
    Unknown(String),
}

fn bad<T>(problem: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::Bad(problem.into()))
}

/// `1 sign-in`, `2 sign-ins`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
