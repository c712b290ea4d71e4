//! `keys`: replaces the signing keys, of one pool or of all.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::pool::Pool;
use super::super::service::Service;
use super::{Done, Order, Problem, bad, count};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ReplaceKeys {
    /// A pool id; absent: every pool.
    pool: Option<String>,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct KeysReplaced {
    pools: Vec<PoolKeys>,
}

#[derive(Debug, Serialize)]
struct PoolKeys {
    pool: String,
    /// Of ID tokens and of access tokens, as the JWKS has them now.
    kids: [String; 2],
}

impl Order for ReplaceKeys {
    type Answer = KeysReplaced;

    fn carry_out(self, service: &Service) -> Result<Done<KeysReplaced>, Problem> {
        let named = |pool: &&Arc<Pool>| self.pool.as_ref().is_none_or(|id| *id == pool.id);
        let pools = service.pools.iter().filter(named).map(|pool| replace(pool)).collect::<Result<Vec<_>, _>>()?;
        if pools.is_empty() {
            return Err(Problem::Unknown("no pool has this id; GET /_control/state lists them".to_owned()));
        }
        let sentence = format!("The signing keys of {} are new.", count(pools.len(), "pool"));
        Ok(Done { answer: KeysReplaced { pools }, sentence })
    }
}

fn replace(pool: &Pool) -> Result<PoolKeys, Problem> {
    if let Err(error) = pool.rotate_keys() {
        tracing::error!(%error, "Local Cognito keeps its old signing keys");
        return bad("the keys could not be made, and the old ones stay; the log says why");
    }
    let keys = pool.keys();
    Ok(PoolKeys { pool: pool.id.clone(), kids: [keys.id.kid.clone(), keys.access.kid.clone()] })
}
