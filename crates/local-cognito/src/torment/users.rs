//! `users`: what an administrator does to a user.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::constraints::{PASSWORD, USERNAME};
use super::super::pool::Pool;
use super::super::service::Service;
use super::super::user::UserStatus;
use super::{Done, Order, Problem, bad, count};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ChangeUser {
    /// Or the sub.
    email: String,
    action: Action,
    /// Only to create a user.
    password: Option<String>,
    /// Only to create a user: a pool id; absent: the first pool.
    pool: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Action {
    /// Revokes all sign-ins too.
    Disable,
    Enable,
    Delete,
    /// Ends all sign-ins.
    Revoke,
    /// Takes the place of the code that is sent to who signs up.
    Confirm,
    /// Only a password reset leads on.
    RequireReset,
    /// Confirmed, with a verified e-mail address and this password.
    Create,
}

#[derive(Debug, Serialize)]
pub(in super::super) struct UserChanged {
    action: Action,
    /// How many sign-ins were revoked.
    revoked: usize,
}

impl Order for ChangeUser {
    type Answer = UserChanged;

    fn carry_out(self, service: &Service) -> Result<Done<UserChanged>, Problem> {
        let ChangeUser { email, action, password, pool } = &self;
        if *action == Action::Create {
            create(service, email, password.as_deref(), pool.as_deref())?;
        } else if password.is_some() || pool.is_some() {
            return bad("password and pool are only for the action create");
        }
        let revoked = match action {
            Action::Disable => service.disable_user(email),
            Action::Enable => service.enable_user(email).then_some(0),
            Action::Delete => service.delete_user(email).then_some(0),
            Action::Revoke => service.revoke_user(email),
            Action::Confirm => change_status(service, email, UserStatus::Confirmed),
            Action::RequireReset => change_status(service, email, UserStatus::ResetRequired),
            Action::Create => Some(0),
        };
        let revoked = revoked.ok_or_else(|| Problem::Unknown("no user has this email".to_owned()))?;
        let ended = count(revoked, "sign-in");
        let sentence = match action {
            Action::Disable => format!("{email} is disabled, and {ended} revoked."),
            Action::Enable => format!("{email} may sign in again."),
            Action::Delete => format!("{email} is deleted."),
            Action::Revoke => format!("{email} is signed out everywhere: {ended} revoked."),
            Action::Confirm => format!("{email} is confirmed."),
            Action::RequireReset => format!("{email} has to reset the password."),
            Action::Create => format!("{email} can sign in."),
        };
        Ok(Done { answer: UserChanged { action: *action, revoked }, sentence })
    }
}

fn create(service: &Service, email: &str, password: Option<&str>, pool: Option<&str>) -> Result<(), Problem> {
    let Some(password) = password else { return bad("password is missing") };
    let pool = match pool {
        Some(id) => service.find_pool(id),
        None => service.pools.first(),
    };
    let pool = pool.ok_or_else(|| Problem::Unknown("no pool has this id".to_owned()))?;
    let names = [("email", USERNAME.problem(email.trim())), ("password", PASSWORD.problem(password))];
    if let Some((name, problem)) = names.into_iter().find_map(|(name, problem)| Some((name, problem?))) {
        return bad(format!("{name} {problem}"));
    }
    let sub = pool.create_user(email, password, true, BTreeMap::new());
    let sub = sub.map_err(|refusal| Problem::Bad(refusal.to_string()))?;
    pool.change_user(&sub, |user| user.status = UserStatus::Confirmed);
    Ok(())
}

fn change_status(service: &Service, email: &str, status: UserStatus) -> Option<usize> {
    let changed = service.pools.iter().filter(|pool| change_status_in(pool, email, status)).count();
    (changed > 0).then_some(0)
}

fn change_status_in(pool: &Pool, email: &str, status: UserStatus) -> bool {
    let now = pool.now();
    let found = pool.change_user(email, |user| {
        user.status = status;
        user.email_verified |= status == UserStatus::Confirmed;
        user.modified_at = now;
    });
    if found && status == UserStatus::Confirmed {
        pool.update(|state| {
            let sub = state.find_user_by_name(email).map(|user| user.sub.clone());
            sub.and_then(|sub| state.verifications.remove(&sub))
        });
    }
    found
}
