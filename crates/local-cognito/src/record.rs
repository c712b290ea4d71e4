//! What was asked and how it was answered, for tests. Written by `observe`, read through the handle.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::exchange::Side;
use super::subject::Involved;

const MAX_RECORDS: usize = 10_000;
/// The newest requests keep what was in them.
const MAX_DETAILED: usize = 500;

/// All names that a request can have, as [`RequestRecord::operation`] says, `unknown` apart.
pub(super) const OPERATIONS: [&str; 43] = [
    "InitiateAuth",
    "RespondToAuthChallenge",
    "GetTokensFromRefreshToken",
    "GetUser",
    "RevokeToken",
    "GlobalSignOut",
    "SignUp",
    "ConfirmSignUp",
    "ResendConfirmationCode",
    "ForgotPassword",
    "ConfirmForgotPassword",
    "ChangePassword",
    "AdminCreateUser",
    "AdminGetUser",
    "AdminSetUserPassword",
    "AdminDisableUser",
    "AdminEnableUser",
    "AdminDeleteUser",
    "AdminResetUserPassword",
    "AdminConfirmSignUp",
    "AdminUserGlobalSignOut",
    "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup",
    "CreateGroup",
    "ListUsers",
    "DescribeUserPoolClient",
    "UpdateUserPoolClient",
    "token:authorization_code",
    "token:refresh_token",
    "authorize",
    "login",
    "signup",
    "confirm",
    "resendcode",
    "forgotPassword",
    "confirmforgotPassword",
    "newPassword",
    "logout",
    "preflight",
    "userInfo",
    "revoke",
    "discovery",
    "jwks",
];

/// One request, as a test sees it. Holds no token, code, password or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// An operation of the JSON API (`InitiateAuth`, `AdminCreateUser`), `token:authorization_code`, `token:refresh_token`, `authorize`, `login`, `signup`, `confirm`, `resendcode`, `forgotPassword`,
    /// `confirmforgotPassword`, `newPassword`, `logout`, `preflight` (CORS), `userInfo`, `revoke`, `discovery`, `jwks`;
    /// `unknown` for what is none of Cognito's.
    pub operation: String,
    /// HTTP status; 0 while there is no answer, and for ever where the connection was dropped or given up.
    pub status: u16,
    /// Type of the error (`NotAuthorizedException`, `invalid_grant`), or empty.
    pub error: String,
}

/// One request, as the console shows it.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Counts from 0 since the start.
    pub(super) number: u64,
    pub(super) record: RequestRecord,
    /// Unix seconds by the clock of the pools.
    pub(super) at: u64,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) involved: Involved,
    /// Milliseconds until the answer, by the real time.
    pub(super) took_ms: Option<u64>,
    /// Both sides, the answer once there is one; `None` where the request is no longer among the newest.
    pub(super) detail: Option<Box<[Side; 2]>>,
}

/// A request as it arrives.
#[derive(Default)]
pub(super) struct Arrival {
    pub(super) operation: String,
    pub(super) at: u64,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) involved: Involved,
    pub(super) request: Side,
}

/// Its answer.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) error: String,
    pub(super) took_ms: u64,
    pub(super) involved: Involved,
    pub(super) answer: Side,
}

#[derive(Default)]
struct Ring {
    entries: VecDeque<Entry>,
    /// How many were dropped from the front since the start.
    dropped: u64,
    /// Counts what was written, for those who wait for news.
    version: u64,
}

/// The newest requests, oldest first.
#[derive(Default)]
pub(super) struct Records(Mutex<Ring>);

impl Records {
    /// Notes a request as it arrives, so that one that is never answered counts too. Returns its number.
    pub(super) fn begin(&self, arrival: Arrival) -> u64 {
        let Arrival { operation, at, method, path, involved, request } = arrival;
        let mut ring = self.lock();
        if ring.entries.len() == MAX_RECORDS {
            ring.entries.pop_front();
            ring.dropped += 1;
        }
        let number = ring.dropped + ring.entries.len() as u64;
        let record = RequestRecord { operation, status: 0, error: String::new() };
        let detail = Some(Box::new([request, Side::default()]));
        ring.entries.push_back(Entry { number, record, at, method, path, involved, took_ms: None, detail });
        ring.version += 1;
        let aged = ring.entries.len().checked_sub(MAX_DETAILED + 1);
        if let Some(entry) = aged.and_then(|index| ring.entries.get_mut(index)) {
            entry.detail = None;
        }
        number
    }

    pub(super) fn finish(&self, number: u64, answer: Answer) {
        let mut ring = self.lock();
        ring.version += 1;
        // Dropped or reset in the meantime: nothing left to complete.
        let Some(index) = number.checked_sub(ring.dropped).and_then(|index| usize::try_from(index).ok()) else {
            return;
        };
        if let Some(entry) = ring.entries.get_mut(index) {
            entry.record.status = answer.status;
            entry.record.error = answer.error;
            entry.took_ms = Some(answer.took_ms);
            entry.involved = answer.involved;
            if let Some(detail) = &mut entry.detail {
                detail[1] = answer.answer;
            }
        }
    }

    /// The newest `limit` of those that `is_wanted`, newest first.
    pub(super) fn newest(&self, limit: usize, is_wanted: impl Fn(&Entry) -> bool) -> Vec<Entry> {
        self.lock().entries.iter().rev().filter(|entry| is_wanted(entry)).take(limit).cloned().collect()
    }

    /// Another number means that there is something new.
    pub(super) fn version(&self) -> u64 {
        self.lock().version
    }

    pub(super) fn list(&self) -> Vec<RequestRecord> {
        self.lock().entries.iter().map(|entry| entry.record.clone()).collect()
    }

    pub(super) fn count(&self, operation: &str) -> usize {
        self.lock().entries.iter().filter(|entry| entry.record.operation == operation).count()
    }

    pub(super) fn reset(&self) {
        let mut ring = self.lock();
        ring.dropped += ring.entries.len() as u64;
        ring.version += 1;
        ring.entries.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(records: &Records, operation: &str) -> u64 {
        records.begin(Arrival { operation: operation.to_owned(), ..Arrival::default() })
    }

    fn answer(status: u16, error: &str) -> Answer {
        Answer { status, error: error.to_owned(), ..Answer::default() }
    }

    #[test]
    fn requests_are_noted_on_arrival_and_completed_later() {
        let records = Records::default();
        let first = begin(&records, "GetUser");
        let second = begin(&records, "InitiateAuth");
        records.finish(second, answer(400, "NotAuthorizedException"));
        records.finish(first, answer(200, ""));
        let list = records.list();
        assert_eq!((list[0].operation.as_str(), list[0].status, list[0].error.as_str()), ("GetUser", 200, ""));
        assert_eq!((list[1].status, list[1].error.as_str()), (400, "NotAuthorizedException"));
        assert_eq!(records.count("GetUser"), 1);
        assert_eq!(records.count("jwks"), 0);
    }

    #[test]
    fn answers_to_forgotten_requests_change_nothing() {
        let records = Records::default();
        let before = begin(&records, "GetUser");
        records.reset();
        let after = begin(&records, "jwks");
        records.finish(before, answer(200, ""));
        assert_eq!(records.list()[0].status, 0);
        records.finish(after, answer(200, ""));
        assert_eq!(records.list()[0].status, 200);
    }

    #[test]
    fn the_ring_is_bounded() {
        let records = Records::default();
        let first = begin(&records, "first");
        for _ in 0..MAX_RECORDS {
            begin(&records, "login");
        }
        records.finish(first, answer(500, ""));
        assert_eq!(records.list().len(), MAX_RECORDS);
        assert_eq!(records.count("first"), 0);
        assert!(records.list().iter().all(|record| record.status == 0));
        let entries = records.newest(usize::MAX, |_| true);
        assert_eq!(entries.iter().filter(|entry| entry.detail.is_some()).count(), MAX_DETAILED);
        assert!(entries[MAX_DETAILED - 1].detail.is_some() && entries[MAX_DETAILED].detail.is_none());
        assert_eq!((entries[0].number, entries.len()), (MAX_RECORDS as u64, MAX_RECORDS));
    }
}
