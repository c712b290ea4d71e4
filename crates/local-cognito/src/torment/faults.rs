//! `faults`: lets the next requests for an operation fail, or takes that back.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::api_fault::ApiFault;
use super::super::faults::{self, EVERY_OPERATION, Fault, MAX_ORDERS};
use super::super::record::OPERATIONS;
use super::super::service::Service;
use super::{Done, Order, Problem, bad, count};

const MAX_TIMES: usize = 1_000_000;

/// Longer than any client waits.
const MAX_HANG_MS: u64 = 10 * 60 * 1000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct FaultOrder {
    /// One of `OPERATIONS`, or `*` for whatever comes.
    operation: String,
    /// 0 clears what was ordered for the operation, or with `*` everything.
    times: usize,
    /// Needed unless `times` is 0.
    fault: Option<FaultName>,
    /// E-mail address or sub: only requests with a token of this user fail.
    #[serde(default)]
    user: Option<String>,
}

/// `"throttle"`, `"internal_error"`, `"drop"`, `"waf_block"`, `{"hang_ms": 500}`, `{"status": 503}` or
/// `{"api_error": "UnexpectedLambdaException"}`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum FaultName {
    Throttle,
    InternalError,
    Drop,
    HangMs(u64),
    Status(u16),
    WafBlock,
    /// As [`ApiFault::find`] takes it.
    ApiError(String),
}

/// A fault as the console offers it.
pub(in super::super) struct FaultKind {
    /// As in JSON.
    pub(in super::super) name: &'static str,
    pub(in super::super) title: &'static str,
    pub(in super::super) takes: Takes,
    /// What the app should do now.
    pub(in super::super) advice: &'static str,
}

/// What a fault's name needs beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Takes {
    Nothing,
    Number {
        label: &'static str,
        default: &'static str,
    },
    /// For faults that name something, such as an error type.
    Text {
        label: &'static str,
        default: &'static str,
    },
}

/// The console's form is built from this list.
pub(in super::super) const FAULT_KINDS: [FaultKind; 7] = [
    FaultKind {
        name: "throttle",
        title: "Throttle",
        takes: Takes::Nothing,
        advice: "Your app should keep everybody signed in with the tokens it has, and try again later rather than at \
                 once.",
    },
    FaultKind {
        name: "internal_error",
        title: "Answer 500",
        takes: Takes::Nothing,
        advice: "Your app should treat it as an outage: nobody is signed out, and the next request tries again.",
    },
    FaultKind {
        name: "hang_ms",
        title: "Hang",
        takes: Takes::Number { label: "Milliseconds", default: "10000" },
        advice: "Your app should give up after a timeout of its own, and keep nobody else waiting meanwhile.",
    },
    FaultKind {
        name: "drop",
        title: "Drop the connection",
        takes: Takes::Nothing,
        advice: "Your app should treat it as an outage, and not send a rotated refresh token twice blindly.",
    },
    FaultKind {
        name: "status",
        title: "Answer with a status",
        takes: Takes::Number { label: "HTTP status", default: "503" },
        advice: "Your app should take an answer that is not Cognito's for an outage, not for a verdict on the session.",
    },
    FaultKind {
        name: "waf_block",
        title: "Block like a firewall",
        takes: Takes::Nothing,
        advice: "Your app should not choke on a 403 with a page of HTML, and should sign nobody out for it.",
    },
    FaultKind {
        name: "api_error",
        title: "Answer with an API error",
        takes: Takes::Text { label: "Type, or type and message", default: "UnexpectedLambdaException" },
        advice: "Your app should go by the type: only a definite verdict on the user or the token ends a session, a \
                 trigger's failure or a wrong configuration does not.",
    },
];

/// Repeats what was understood.
#[derive(Debug, Serialize)]
pub(in super::super) struct Ordered {
    operation: String,
    times: usize,
}

impl Order for FaultOrder {
    type Answer = Ordered;

    fn carry_out(self, service: &Service) -> Result<Done<Ordered>, Problem> {
        let FaultOrder { operation, times, fault, user } = self;
        if operation != EVERY_OPERATION && !OPERATIONS.contains(&operation.as_str()) {
            let known = OPERATIONS.join(", ");
            return Err(Problem::Unknown(format!("operation is none of these: {known}; or * for all of them")));
        }
        if times > MAX_TIMES {
            return bad(format!("times is more than {MAX_TIMES}"));
        }
        let fault = fault.map(read_fault).transpose()?;
        let user = user.filter(|user| !user.is_empty()).map(|user| find_sub(service, &user)).transpose()?;
        let whose = if operation == EVERY_OPERATION { "any operation" } else { &operation };
        let sentence = if times == 0 {
            service.faults.clear(&operation);
            format!("Nothing is ordered for {whose} any more.")
        } else {
            let missing = || Problem::Bad("fault is missing; only \"times\": 0 goes without".to_owned());
            let fault = fault.ok_or_else(missing)?;
            if !service.faults.order(&operation, faults::Ordered { times, fault, user }) {
                let problem = format!("{MAX_ORDERS} orders wait for this operation already; \"times\": 0 clears them");
                return bad(problem);
            }
            format!("The next {} for {whose} will fail as ordered.", count(times, "request"))
        };
        Ok(Done { answer: Ordered { operation, times }, sentence })
    }
}

fn find_sub(service: &Service, user: &str) -> Result<String, Problem> {
    service.find_sub(user).ok_or_else(|| Problem::Unknown(format!("there is no user {user:?}")))
}

fn read_fault(name: FaultName) -> Result<Fault, Problem> {
    match name {
        FaultName::Throttle => Ok(Fault::Throttle),
        FaultName::InternalError => Ok(Fault::InternalError),
        FaultName::Drop => Ok(Fault::Drop),
        FaultName::HangMs(millis @ 0..=MAX_HANG_MS) => Ok(Fault::Hang(Duration::from_millis(millis))),
        FaultName::HangMs(_) => bad(format!("hang_ms is more than {MAX_HANG_MS}")),
        // 1xx would not be an answer.
        FaultName::Status(code @ 200..=599) => Ok(Fault::Status(code)),
        FaultName::Status(_) => bad("status is not between 200 and 599"),
        FaultName::WafBlock => Ok(Fault::WafBlock),
        FaultName::ApiError(name) => {
            ApiFault::find(&name).map(Fault::ApiError).map_or_else(|| unknown_error(&name), Ok)
        }
    }
}

fn unknown_error(name: &str) -> Result<Fault, Problem> {
    let mut kinds: Vec<&str> = ApiFault::all().map(ApiFault::kind).collect();
    kinds.dedup();
    bad(format!("api_error {name:?} is none of these: {}", kinds.join(", ")))
}

impl From<Fault> for FaultName {
    fn from(fault: Fault) -> FaultName {
        match fault {
            Fault::Throttle => FaultName::Throttle,
            Fault::InternalError => FaultName::InternalError,
            Fault::Drop => FaultName::Drop,
            Fault::Hang(duration) => FaultName::HangMs(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
            Fault::Status(code) => FaultName::Status(code),
            Fault::WafBlock => FaultName::WafBlock,
            Fault::ApiError(error) if ApiFault::find(error.kind()) == Some(error) => {
                FaultName::ApiError(error.kind().to_owned())
            }
            Fault::ApiError(error) => FaultName::ApiError(error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_kind_in_the_list_is_a_fault_and_is_listed_as_it_was_ordered() {
        for kind in FAULT_KINDS {
            let name = match kind.takes {
                Takes::Nothing => json!(kind.name),
                Takes::Number { default, .. } => json!({ kind.name: default.parse::<u64>().unwrap() }),
                Takes::Text { default, .. } => json!({ kind.name: default }),
            };
            let fault = read_fault(serde_json::from_value(name.clone()).unwrap()).unwrap();
            let listed: Value = serde_json::to_value(FaultName::from(fault)).unwrap();
            assert_eq!(listed, name);
        }
    }
}
