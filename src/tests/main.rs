//! The flows, through a listening server, real HTTP, a cookie jar and Local Cognito. One file per flow; `structure`
//! holds the rules on the source text. Time is moved by the clock that app and Local Cognito share. What other emulators of
//! Cognito can do runs on those too, from the same bodies: `emulators`.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod access;
mod app;
mod browser;
mod caching;
mod callback;
mod client;
mod concurrency;
mod cookie_attributes;
mod cookie_budget;
mod cookies;
mod cross_site;
mod discovery;
mod emulators;
mod error_table;
mod events;
mod everywhere;
mod form;
mod headers;
mod id_token;
mod identity;
mod keys;
mod limits;
mod log;
mod logs;
mod outage;
mod pending;
mod pool;
mod portable;
mod program;
mod protected;
mod recorder;
mod refresh;
mod return_path;
mod rotation;
mod routes;
mod sealed;
mod secrets;
mod sign_in;
mod sign_out;
mod sign_out_cookies;
mod start;
mod streaming;
mod structure;
mod upstream;
mod upstreams;
mod verdicts;
mod whole_life;
mod wire;
