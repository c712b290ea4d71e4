//! `rotation`: turns refresh token rotation on or off, for one client or for all.

use serde::{Deserialize, Serialize};

use super::super::rotation::MAX_GRACE_SECS;
use super::super::service::Service;
use super::{Done, Order, Problem, bad};

/// Order and answer.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct SetRotation {
    /// `null` turns it off. Named here, the function makes the member a required one.
    #[serde(deserialize_with = "Option::deserialize")]
    grace_secs: Option<u64>,
    /// Absent: every client of every pool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
}

impl Order for SetRotation {
    type Answer = SetRotation;

    fn carry_out(self, service: &Service) -> Result<Done<SetRotation>, Problem> {
        if self.grace_secs.is_some_and(|secs| secs > MAX_GRACE_SECS) {
            return bad(format!("grace_secs is more than {MAX_GRACE_SECS}, Cognito's limit"));
        }
        let whose = match &self.client_id {
            Some(id) => set_for_client(service, id, self.grace_secs)?,
            None => {
                service.pools.iter().for_each(|pool| pool.set_rotation(self.grace_secs));
                "every client".to_owned()
            }
        };
        let sentence = match self.grace_secs {
            Some(secs) => format!("Refresh tokens of {whose} rotate, with a grace of {secs} s."),
            None => format!("Refresh tokens of {whose} do not rotate."),
        };
        Ok(Done { answer: self, sentence })
    }
}

/// The client's name.
fn set_for_client(service: &Service, id: &str, grace_secs: Option<u64>) -> Result<String, Problem> {
    let unknown = || Problem::Unknown("no client has this client_id; GET /_control/state lists them".to_owned());
    let (pool, client) = service.find_client(id).ok_or_else(unknown)?;
    pool.change_clients(|candidate, settings| {
        settings.rotation_grace_secs = grace_secs;
        candidate.id == id
    });
    Ok(client.settings.name.clone())
}
