//! What was asked and how it was answered, for tests. Written by `observe`, read through the handle.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

const MAX_RECORDS: usize = 10_000;

/// All names that a request can have, as [`RequestRecord::operation`] says, `unknown` apart.
pub(super) const OPERATIONS: [&str; 37] = [
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
    "preflight",
    "token:authorization_code",
    "token:refresh_token",
    "authorize",
    "login",
    "logout",
    "userInfo",
    "revoke",
    "discovery",
    "jwks",
];

/// One request, as a test sees it. Holds no token, code, password or e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequestRecord {
    /// An operation of the JSON API (`InitiateAuth`, `AdminCreateUser`), or `preflight` for a browser's question before
    /// one; `token:authorization_code`, `token:refresh_token`, `authorize`, `login`, `logout`, `userInfo`, `revoke`,
    /// `discovery`, `jwks`; `unknown` for what is none of Cognito's.
    pub operation: String,
    /// HTTP status; 0 while there is no answer, and for ever where the connection was dropped or given up.
    pub status: u16,
    /// Type of the error (`NotAuthorizedException`, `invalid_grant`), or empty.
    pub error: String,
}

#[derive(Default)]
struct Ring {
    records: VecDeque<RequestRecord>,
    /// How many were dropped from the front since the start.
    dropped: u64,
}

/// The newest requests, oldest first.
#[derive(Default)]
pub(super) struct Records(Mutex<Ring>);

impl Records {
    /// Notes a request as it arrives, so that one that is never answered counts too. Returns its number.
    pub(super) fn begin(&self, operation: &str) -> u64 {
        let mut ring = self.lock();
        if ring.records.len() == MAX_RECORDS {
            ring.records.pop_front();
            ring.dropped += 1;
        }
        ring.records.push_back(RequestRecord { operation: operation.to_owned(), status: 0, error: String::new() });
        ring.dropped + ring.records.len() as u64 - 1
    }

    pub(super) fn finish(&self, number: u64, status: u16, error: String) {
        let mut ring = self.lock();
        // Dropped or reset in the meantime: nothing left to complete.
        let Some(index) = number.checked_sub(ring.dropped).and_then(|index| usize::try_from(index).ok()) else {
            return;
        };
        if let Some(record) = ring.records.get_mut(index) {
            record.status = status;
            record.error = error;
        }
    }

    pub(super) fn list(&self) -> Vec<RequestRecord> {
        self.lock().records.iter().cloned().collect()
    }

    pub(super) fn count(&self, operation: &str) -> usize {
        self.lock().records.iter().filter(|record| record.operation == operation).count()
    }

    pub(super) fn reset(&self) {
        let mut ring = self.lock();
        ring.dropped += ring.records.len() as u64;
        ring.records.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_noted_on_arrival_and_completed_later() {
        let records = Records::default();
        let first = records.begin("GetUser");
        let second = records.begin("InitiateAuth");
        records.finish(second, 400, "NotAuthorizedException".to_owned());
        records.finish(first, 200, String::new());
        let list = records.list();
        assert_eq!((list[0].operation.as_str(), list[0].status, list[0].error.as_str()), ("GetUser", 200, ""));
        assert_eq!((list[1].status, list[1].error.as_str()), (400, "NotAuthorizedException"));
        assert_eq!(records.count("GetUser"), 1);
        assert_eq!(records.count("jwks"), 0);
    }

    #[test]
    fn answers_to_forgotten_requests_change_nothing() {
        let records = Records::default();
        let before = records.begin("GetUser");
        records.reset();
        let after = records.begin("jwks");
        records.finish(before, 200, String::new());
        assert_eq!(records.list()[0].status, 0);
        records.finish(after, 200, String::new());
        assert_eq!(records.list()[0].status, 200);
    }

    #[test]
    fn the_ring_is_bounded() {
        let records = Records::default();
        let first = records.begin("first");
        for _ in 0..MAX_RECORDS {
            records.begin("login");
        }
        records.finish(first, 500, String::new());
        assert_eq!(records.list().len(), MAX_RECORDS);
        assert_eq!(records.count("first"), 0);
        assert!(records.list().iter().all(|record| record.status == 0));
    }
}
