//! What one listener serves, shared by all handlers: the user pools, the clock, and what tests ordered. Built by
//! `start`; `saving` keeps its state file.

pub(super) mod common;
mod saving;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;
use tokio::sync::{Notify, watch};

use self::common::Common;
use super::access_token::read_unverified_claims;
use super::client::Client;
use super::clock::MovableClock;
use super::error::StartError;
use super::faults::Faults;
use super::pool::Pool;
use super::record::Records;
use super::settings::{PoolSettings, Settings};
use super::state_file::{PoolSnapshot, StateFile};
use super::tamper::Tampers;

pub(super) struct Service {
    /// At least one.
    pub(super) pools: Vec<Arc<Pool>>,
    pub(super) faults: Faults,
    pub(super) records: Records,
    pub(super) common: Arc<Common>,
    /// What an earlier run left of pools that the settings no longer name: kept, as they may again.
    unused: BTreeMap<String, PoolSnapshot>,
    file: Option<StateFile>,
    stop: watch::Sender<bool>,
}

impl Service {
    /// Reads the state file or makes everything anew, and writes it once, so that an unusable place shows now.
    /// Computes keys and hashes: not for an async worker.
    pub(super) fn open(settings: Settings, base_url: String) -> Result<Service, StartError> {
        let clock = MovableClock::new(settings.clock.clone());
        let file = settings.state_file.clone().map(saving::take).transpose()?;
        let mut kept = match &file {
            Some(file) => saving::load(file, clock.now_secs())
                .map_err(|source| StartError::State { path: file.path().into(), source })?
                .unwrap_or_default(),
            None => saving::Kept::default(),
        };
        clock.jump(kept.clock_offset_secs);
        let common = Arc::new(Common {
            base_url,
            clock,
            tampers: Tampers::default(),
            changes: AtomicU64::new(1),
            changed: Notify::new(),
        });
        let open = |pool: &PoolSettings| Pool::open(pool, kept.pools.remove(&pool.id), Arc::clone(&common));
        let pools = settings.pools.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let service = Service {
            pools: pools.into_iter().map(Arc::new).collect(),
            unused: kept.pools,
            faults: Faults::default(),
            records: Records::default(),
            common,
            file,
            stop: watch::Sender::new(false),
        };
        service.check_client_ids()?;
        service.save().map_err(|(path, source)| StartError::State { path, source })?;
        Ok(service)
    }

    /// An id that the settings give to one client may be what was made up for another.
    fn check_client_ids(&self) -> Result<(), StartError> {
        let mut seen = HashMap::new();
        for client in self.pools.iter().flat_map(|pool| pool.clients()) {
            if let Some(other) = seen.insert(client.id.clone(), client.configured_name().to_owned()) {
                let name = client.configured_name();
                let problem = format!("the clients {other:?} and {name:?} have the same id; write another one");
                return Err(StartError::Settings(vec![problem]));
            }
        }
        Ok(())
    }

    /// Unix seconds by the clock of all pools.
    pub(super) fn now(&self) -> u64 {
        self.common.clock.now_secs()
    }

    /// Forward, or back where `secs` is negative.
    pub(super) fn move_clock(&self, secs: i64) {
        self.common.clock.jump(secs);
        self.common.note_change();
    }

    /// Another text means that a page which shows what is here would look different: after a change, after a request,
    /// and every quarter of a minute for the times.
    pub(super) fn version(&self) -> String {
        let changes = self.common.changes.load(Ordering::Acquire);
        format!("{changes}.{}.{}", self.records.version(), self.now() / 15)
    }

    pub(super) fn find_pool(&self, pool_id: &str) -> Option<&Arc<Pool>> {
        self.pools.iter().find(|pool| pool.id == pool_id)
    }

    /// The client, and the pool that it is of. Client ids are unique everywhere.
    pub(super) fn find_client(&self, id: &str) -> Option<(Arc<Pool>, Arc<Client>)> {
        self.pools.iter().find_map(|pool| Some((Arc::clone(pool), pool.find_client(id)?)))
    }

    /// The pool that an access token says it is from; whether it is, the pool finds out.
    pub(super) fn find_pool_of_token(&self, access_token: &str) -> Option<&Arc<Pool>> {
        #[derive(Deserialize)]
        struct Issuer {
            iss: String,
        }
        let Issuer { iss } = read_unverified_claims(access_token)?;
        self.pools.iter().find(|pool| pool.issuer() == iss)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    /// A service with no server, at a time that does not move.
    pub(in super::super) fn test_service(change: impl FnOnce(&mut Settings)) -> Service {
        let mut settings = Settings::new(([127, 0, 0, 1], 9400).into(), "http://localhost:3000");
        settings.clock = Arc::new(|| UNIX_EPOCH + Duration::from_secs(1_700_000_000));
        change(&mut settings);
        Service::open(settings, "http://127.0.0.1:9400".to_owned()).unwrap()
    }

    #[test]
    fn clients_and_tokens_lead_to_their_pool() {
        let service = test_service(|settings| {
            let client = settings.client().clone();
            let other = PoolSettings {
                id: "eu-central-1_Other".to_owned(),
                clients: vec![client],
                users: vec![],
                classic_hosted_ui: false,
            };
            settings.pools.push(other);
        });
        let [first, second] = [&service.pools[0], &service.pools[1]];
        let id = &second.client().id;
        assert_ne!(&first.client().id, id);
        assert_eq!(service.find_client(id).unwrap().0.id, "eu-central-1_Other");
        assert!(service.find_client("unknown").is_none());
        assert!(service.find_pool("eu-central-1_Other").is_some() && service.find_pool("x").is_none());
        let (tokens, _) = super::super::issue::tests::sign_in(first, "openid");
        assert_eq!(service.find_pool_of_token(&tokens.access_token).unwrap().id, first.id);
        assert!(service.find_pool_of_token("garbage").is_none());
        assert!(second.check_access_token(&tokens.access_token).is_err(), "not another pool's");
    }
}
