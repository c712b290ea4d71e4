//! The flows, through a listening server, real HTTP, a cookie jar and Local Cognito. One file per flow; `structure`
//! holds the rules on the source text. Time is moved by the clock that app and Local Cognito share. What other emulators of
//! Cognito can do runs on those too, from the same bodies: `emulators`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod app;
mod broken_requests;
mod browser;
mod callback;
mod connections;
mod cookies;
mod emulators;
mod error_table;
mod form;
mod headers;
mod huge_requests;
mod logs;
mod outage;
mod pieces;
mod pool;
mod portable;
mod raw;
mod refresh;
mod rotation;
mod sign_in;
mod sign_out;
mod slow_clients;
mod start;
mod streaming;
mod structure;
