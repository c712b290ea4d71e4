//! Work that runs once for all who wait for it. It runs in a task of its own, so that nobody's going away (a browser
//! that closes the connection) leaves it half done. Used for refreshes and for what is fetched from the issuer.

use std::sync::{Mutex, PoisonError};

use tokio::sync::watch;

use super::{
    clock::{Clock, SteadyTime},
    error::Cause,
};

/// One run of some work, and its result for everybody who asks.
#[derive(Clone, Debug)]
pub(super) struct Flight<T>(watch::Receiver<Option<T>>);

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts the work now.
    pub(super) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        let (sender, receiver) = watch::channel(None);
        tokio::spawn(async move { sender.send_replace(Some(work.await)) });
        Self(receiver)
    }

    /// The result, once it is there; nothing, if the work broke off.
    pub(super) async fn result(&self) -> Option<T> {
        self.0.clone().wait_for(Option::is_some).await.ok()?.clone()
    }

    /// The result, if it is there already.
    pub(super) fn settled(&self) -> Option<T> {
        self.0.borrow().clone()
    }

    /// Whether the work ended without a result.
    pub(super) fn is_broken(&self) -> bool {
        self.0.has_changed().is_err() && self.0.borrow().is_none()
    }
}

/// Something fetched from the issuer when first needed and kept; a failure is forgotten, so that the next one tries.
#[derive(Debug)]
pub(super) struct Kept<T>(Mutex<Option<Fetch<T>>>);

#[derive(Debug)]
struct Fetch<T> {
    flight: Flight<Result<T, Cause>>,
    started_at: SteadyTime,
}

impl<T: Clone + Send + Sync + 'static> Fetch<T> {
    /// A failure to fetch a newer one leaves the old value, if there is one.
    fn start(
        fetch: impl Future<Output = Result<T, Cause>> + Send + 'static,
        old: Option<Result<T, Cause>>,
        started_at: SteadyTime,
    ) -> Self {
        let work = async move {
            let fetched = fetch.await;
            if fetched.is_err() { old.unwrap_or(fetched) } else { fetched }
        };
        Self { flight: Flight::start(work), started_at }
    }

    fn has_failed(&self) -> bool {
        self.flight.is_broken() || matches!(self.flight.settled(), Some(Err(_)))
    }
}

impl<T: Clone + Send + Sync + 'static> Kept<T> {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The value. Fetches it with `fetch` if there is none, or if `is_too_old` says of the fetch's instant that it is.
    ///
    /// # Errors
    /// The failure of the fetch.
    pub(super) async fn get<F>(
        &self,
        clock: &Clock,
        is_too_old: impl FnOnce(SteadyTime) -> bool,
        fetch: impl FnOnce() -> F,
    ) -> Result<T, Cause>
    where
        F: Future<Output = Result<T, Cause>> + Send + 'static,
    {
        let flight = {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let old = kept.take().filter(|fetch| !fetch.has_failed());
            let fetch = match old {
                Some(old) if !is_too_old(old.started_at) => old,
                old => Fetch::start(fetch(), old.and_then(|old| old.flight.settled()), clock.steady()),
            };
            kept.insert(fetch).flight.clone()
        };
        flight.result().await.unwrap_or_else(|| Err(Cause::unavailable("a fetch broke off")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn work_outlives_those_who_wait() {
        let runs = Arc::new(AtomicUsize::new(0));
        let (release, released) = tokio::sync::oneshot::channel::<()>();
        let flight = Flight::start({
            let runs = runs.clone();
            async move {
                let _ = released.await;
                runs.fetch_add(1, Ordering::SeqCst)
            }
        });
        drop(tokio::time::timeout(std::time::Duration::from_millis(1), flight.result()).await);
        let others = [flight.clone(), flight.clone()];
        release.send(()).unwrap();
        for other in others {
            assert_eq!(other.result().await, Some(0));
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_failed_fetch_is_tried_again_and_a_good_one_kept() {
        let (kept, clock) = (Kept::<u8>::new(), Clock::system());
        let fail = || async { Err(Cause::SignedOut) };
        assert!(kept.get(&clock, |_| false, fail).await.is_err());
        assert_eq!(kept.get(&clock, |_| false, || async { Ok(1) }).await.unwrap(), 1);
        assert_eq!(kept.get(&clock, |_| false, fail).await.unwrap(), 1);
        assert_eq!(kept.get(&clock, |_| true, fail).await.unwrap(), 1, "the old one is better than none");
        assert_eq!(kept.get(&clock, |_| true, || async { Ok(2) }).await.unwrap(), 2);
    }
}
