//! `tokens`: lets the tokens of sign-ins run out, or ends them; of one sign-in, of one user or of everybody.

use serde::{Deserialize, Serialize};

use super::super::family::Family;
use super::super::history::What;
use super::super::pool::Pool;
use super::super::service::Service;
use super::{ADMINISTRATOR, Done, Order, Problem, bad, count};

/// Whose tokens: exactly one of `sign_in`, `user` and `all`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ChangeTokens {
    action: TokenAction,
    /// The `origin_jti` of its tokens.
    sign_in: Option<String>,
    /// E-mail address or sub.
    user: Option<String>,
    #[serde(default)]
    all: bool,
}

#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum TokenAction {
    ExpireAccess,
    ExpireRefresh,
    Revoke,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct TokensChanged {
    action: TokenAction,
    /// How many sign-ins that concerned; those that had ended before are not among them.
    sign_ins: usize,
}

impl Order for ChangeTokens {
    type Answer = TokensChanged;

    fn carry_out(self, service: &Service) -> Result<Done<TokensChanged>, Problem> {
        let action = self.action;
        let sign_ins = match (&self.sign_in, &self.user, self.all) {
            (Some(id), None, false) => change_one(service, action, id)?,
            (None, Some(user), false) => change_users(service, action, user)?,
            (None, None, true) => service.pools.iter().map(|pool| change(pool, action, |_| true)).sum(),
            _ => return bad("say whose tokens: one of \"sign_in\", \"user\" and \"all\": true"),
        };
        let whose = count(sign_ins, "sign-in");
        let sentence = match action {
            TokenAction::ExpireAccess => format!("The access tokens of {whose} have run out."),
            TokenAction::ExpireRefresh => format!("The refresh tokens of {whose} have run out."),
            TokenAction::Revoke => format!("Revoked {whose}, with all tokens."),
        };
        Ok(Done { answer: TokensChanged { action, sign_ins }, sentence })
    }
}

fn change_one(service: &Service, action: TokenAction, id: &str) -> Result<usize, Problem> {
    let has = |pool: &Pool| pool.with_state(|state| state.find_family(id).is_some());
    let pool = service.pools.iter().find(|pool| has(pool));
    let pool = pool.ok_or_else(|| Problem::Unknown("no sign-in has this id (origin_jti)".to_owned()))?;
    Ok(change(pool, action, |family| family.origin_jti == id))
}

fn change_users(service: &Service, action: TokenAction, user: &str) -> Result<usize, Problem> {
    let subs = service.pools.iter().filter_map(|pool| {
        pool.with_state(|state| state.find_user_by_name(user).map(|user| user.sub.clone())).map(|sub| (pool, sub))
    });
    let changed = subs.map(|(pool, sub)| change(pool, action, |family| family.sub == sub));
    let changed = changed.reduce(|sum, changed| sum + changed);
    changed.ok_or_else(|| Problem::Unknown("no user has this e-mail address or sub".to_owned()))
}

/// How many sign-ins were live and are concerned.
fn change(pool: &Pool, action: TokenAction, concerns: impl Fn(&Family) -> bool) -> usize {
    let now = pool.now();
    pool.update(|state| {
        let families = state.families_mut().filter(|family| !family.revoked && concerns(family));
        match action {
            TokenAction::ExpireAccess => families.map(|family| family.expire_access(now, ADMINISTRATOR)).count(),
            TokenAction::ExpireRefresh => {
                families.filter(|family| family.expires_at > now).map(|family| expire_refresh(family, now)).count()
            }
            TokenAction::Revoke => families.map(|family| family.revoke(now, ADMINISTRATOR)).count(),
        }
    })
}

/// Access tokens live on until they run out themselves, as at Cognito.
fn expire_refresh(family: &mut Family, now: u64) {
    family.expires_at = now;
    family.history.note(now, ADMINISTRATOR, What::Expired { token: "refresh".to_owned() });
}
