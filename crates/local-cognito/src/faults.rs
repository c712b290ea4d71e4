//! A bad day on request: what tests tell the pool to do instead of answering. Ordered through the handle, carried out
//! by `observe`.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use super::api_fault::ApiFault;
use super::json_api::api_error::ApiError;
use super::oauth_error::OAuthError;

/// For one operation; nobody means to order more one by one.
pub(super) const MAX_ORDERS: usize = 1000;

/// Orders under this name hit whatever comes, after those for the operation itself.
pub(super) const EVERY_OPERATION: &str = "*";

/// What goes wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// JSON API: 400 `TooManyRequestsException`. Elsewhere: 429 with an empty body.
    Throttle,
    /// JSON API: 500 `InternalErrorException`. Elsewhere: 500 `{"error":"server_error"}`.
    InternalError,
    /// Answers properly, but this much later.
    Hang(Duration),
    /// Closes the connection without an answer.
    Drop,
    /// This HTTP status with an empty body, as a proxy or firewall would send it.
    Status(u16),
    /// JSON API: this error. Elsewhere as [`Fault::InternalError`].
    ApiError(ApiFault),
    /// What AWS WAF sends in Cognito's place: 403 with a page of HTML.
    WafBlock,
}

/// AWS WAF's own page for a blocked request.
const WAF_PAGE: &str = "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n\
    <center><h1>403 Forbidden</h1></center>\r\n</body>\r\n</html>\r\n";

impl Fault {
    /// The answer that stands in for the real one; `None` for faults that are not an answer.
    pub(super) fn to_response(self, json_api: bool) -> Option<Response> {
        match self {
            Fault::Throttle if json_api => Some(ApiError::throttled().into_response()),
            Fault::Throttle => Some(StatusCode::TOO_MANY_REQUESTS.into_response()),
            Fault::InternalError if json_api => Some(ApiError::internal().into_response()),
            Fault::ApiError(fault) if json_api => Some(fault.to_error().into_response()),
            Fault::InternalError | Fault::ApiError(_) => Some(OAuthError::ServerError.into_response()),
            Fault::Status(code) => {
                Some(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response())
            }
            Fault::WafBlock => Some((StatusCode::FORBIDDEN, Html(WAF_PAGE)).into_response()),
            Fault::Hang(_) | Fault::Drop => None,
        }
    }
}

type Orders = HashMap<String, VecDeque<Ordered>>;

/// A fault that was ordered and has still to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ordered {
    pub(super) times: usize,
    pub(super) fault: Fault,
    /// Only requests with a token of this user (`sub`) fail; everybody's, if none is named.
    pub(super) user: Option<String>,
}

/// Faults still to come, by operation; first ordered, first served.
#[derive(Default)]
pub(super) struct Faults(Mutex<Orders>);

impl Faults {
    /// `false` where too many wait already.
    pub(super) fn order(&self, operation: &str, ordered: Ordered) -> bool {
        if ordered.times == 0 {
            return true;
        }
        let mut orders = self.lock();
        let queue = orders.entry(operation.to_owned()).or_default();
        let room = queue.len() < MAX_ORDERS;
        if room {
            queue.push_back(ordered);
        }
        room
    }

    /// With [`EVERY_OPERATION`] whatever was ordered.
    pub(super) fn clear(&self, operation: &str) {
        let mut orders = self.lock();
        if operation == EVERY_OPERATION { orders.clear() } else { drop(orders.remove(operation)) }
    }

    /// The fault for a request with a token of `user` (`sub`), where the request says whose it is.
    pub(super) fn take(&self, operation: &str, user: Option<&str>) -> Option<Fault> {
        let mut orders = self.lock();
        take_first(&mut orders, operation, user).or_else(|| take_first(&mut orders, EVERY_OPERATION, user))
    }

    /// What is still to come; by operation, in the order it will come.
    pub(super) fn list(&self) -> Vec<(String, Ordered)> {
        let orders = self.lock();
        let mut names: Vec<&String> = orders.keys().collect();
        names.sort();
        let of = |name: &String| orders[name].iter().map(|ordered| (name.clone(), ordered.clone())).collect();
        names.into_iter().flat_map(|name| -> Vec<_> { of(name) }).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Orders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn take_first(orders: &mut Orders, operation: &str, user: Option<&str>) -> Option<Fault> {
    let queue = orders.get_mut(operation)?;
    let is_meant = |ordered: &Ordered| ordered.user.is_none() || ordered.user.as_deref() == user;
    let place = queue.iter().position(is_meant)?;
    let ordered = queue.get_mut(place)?;
    let fault = ordered.fault;
    ordered.times -= 1;
    if ordered.times == 0 {
        queue.remove(place);
    }
    Some(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every(times: usize, fault: Fault) -> Ordered {
        Ordered { times, fault, user: None }
    }

    #[test]
    fn a_users_faults_are_nobody_elses() {
        let faults = Faults::default();
        faults.order("InitiateAuth", Ordered { user: Some("anna".to_owned()), ..every(2, Fault::Throttle) });
        faults.order("InitiateAuth", every(1, Fault::Drop));
        let taken = [Some("bert"), Some("bert"), None, Some("anna"), Some("anna"), Some("anna")];
        let taken = taken.map(|user| faults.take("InitiateAuth", user));
        let throttle = Some(Fault::Throttle);
        assert_eq!(taken, [Some(Fault::Drop), None, None, throttle, throttle, None]);
    }

    #[test]
    fn faults_come_in_order_as_often_as_asked_and_for_their_operation_only() {
        let faults = Faults::default();
        faults.order("InitiateAuth", every(2, Fault::Throttle));
        faults.order("InitiateAuth", every(1, Fault::Drop));
        faults.order("InitiateAuth", every(0, Fault::InternalError));
        assert_eq!(faults.take("GetUser", None), None);
        let taken: Vec<_> = std::iter::from_fn(|| faults.take("InitiateAuth", None)).collect();
        assert_eq!(taken, [Fault::Throttle, Fault::Throttle, Fault::Drop]);
    }

    #[test]
    fn orders_are_bounded_and_can_be_taken_back() {
        let faults = Faults::default();
        for _ in 0..MAX_ORDERS {
            assert!(faults.order("GetUser", every(1, Fault::Drop)));
        }
        assert!(!faults.order("GetUser", every(1, Fault::Drop)));
        assert!(faults.order("jwks", every(1, Fault::Throttle)));
        faults.clear("GetUser");
        assert_eq!((faults.take("GetUser", None), faults.take("jwks", None)), (None, Some(Fault::Throttle)));
    }

    #[test]
    fn orders_for_everything_come_last_and_clearing_everything_clears_all() {
        let faults = Faults::default();
        faults.order(EVERY_OPERATION, every(2, Fault::Drop));
        faults.order("GetUser", every(1, Fault::Throttle));
        let listed = [("*".to_owned(), every(2, Fault::Drop)), ("GetUser".to_owned(), every(1, Fault::Throttle))];
        assert_eq!(faults.list(), listed);
        let taken = ["GetUser", "GetUser", "jwks", "jwks"].map(|operation| faults.take(operation, None));
        assert_eq!(taken, [Some(Fault::Throttle), Some(Fault::Drop), Some(Fault::Drop), None]);
        faults.order("GetUser", every(1, Fault::Throttle));
        faults.clear(EVERY_OPERATION);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn statuses_depend_on_the_side_and_impossible_ones_become_500() {
        for (fault, json_api, status) in [
            (Fault::Throttle, true, 400),
            (Fault::Throttle, false, 429),
            (Fault::InternalError, true, 500),
            (Fault::InternalError, false, 500),
            (Fault::Status(503), true, 503),
            (Fault::Status(7), true, 500),
            (Fault::ApiError(ApiFault::find("ForbiddenException").unwrap()), true, 400),
            (Fault::ApiError(ApiFault::find("InternalErrorException").unwrap()), true, 500),
            (Fault::ApiError(ApiFault::find("ForbiddenException").unwrap()), false, 500),
            (Fault::WafBlock, false, 403),
        ] {
            assert_eq!(fault.to_response(json_api).unwrap().status(), status, "{fault:?}");
        }
        assert!(Fault::Drop.to_response(true).is_none());
        assert!(Fault::Hang(Duration::from_secs(1)).to_response(false).is_none());
    }
}
