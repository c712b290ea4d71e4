//! The flows, through a listening server, real HTTP, a cookie jar and Local Cognito. One file per flow; `structure`
//! holds the rules on the source text. Time is moved by the clock that app and Local Cognito share. What other emulators of
//! Cognito can do runs on those too, from the same bodies: `emulators`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod app;
mod browser;
mod callback;
mod cookies;
mod emulators;
mod error_table;
mod form;
mod headers;
mod kept_form;
mod logs;
mod open_page;
mod outage;
mod pool;
mod portable;
mod refresh;
mod rotation;
mod sign_in;
mod sign_out;
mod start;
mod streaming;
mod structure;
