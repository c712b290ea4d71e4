//! Rides on a response to tell the record what went wrong. Set by whoever makes the response, read by `observe`.

/// The error's name, as Cognito has it.
#[derive(Clone, Copy)]
pub(super) struct ErrorType(pub(super) &'static str);
