//! Random lives of a whole pool, against a model of users and families: sign-ins of several people, rotation switched on
//! and off between, users disabled, deleted and signed out everywhere, and access tokens asked for at any time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use super::super::issue::{AccessRefusal, SignIn};
use super::super::pool::Pool;
use super::super::pool::tests::test_pool;
use super::super::refresh_verdict::RefreshRefusal;
use super::rotation_model::{LIFE_SECS, Model, refresh};

const ACCESS_SECS: u64 = 40;
const EMAILS: [&str; 2] = ["demo@example.com", "admin@example.com"];

#[derive(Clone, Debug)]
enum Step {
    SignIn(usize),
    /// Which family, and which token of it.
    Refresh(Index, Index),
    RefreshNewest(Index),
    Revoke(Index, Index),
    AskWithAccessToken(Index),
    SetRotation(Option<u64>),
    SetEnabled(usize, bool),
    Delete(usize),
    SignOutEverywhere(usize),
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (family, token, user) = (any::<Index>, any::<Index>, || 0..EMAILS.len());
    let step = prop_oneof![
        4 => user().prop_map(Step::SignIn),
        6 => (family(), token()).prop_map(|(family, token)| Step::Refresh(family, token)),
        6 => family().prop_map(Step::RefreshNewest),
        2 => (family(), token()).prop_map(|(family, token)| Step::Revoke(family, token)),
        6 => family().prop_map(Step::AskWithAccessToken),
        2 => prop::option::of(0..=60_u64).prop_map(Step::SetRotation),
        2 => (user(), any::<bool>()).prop_map(|(user, enabled)| Step::SetEnabled(user, enabled)),
        1 => user().prop_map(Step::Delete),
        1 => user().prop_map(Step::SignOutEverywhere),
        5 => (0..30_u64).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..60)
}

struct Family {
    user: usize,
    model: Model,
    refresh_tokens: Vec<String>,
    access_token: String,
    access_ends_at: u64,
}

#[derive(Default)]
struct User {
    disabled: bool,
    deleted: bool,
}

/// Pool and model side by side.
struct World {
    pool: Arc<Pool>,
    users: [User; 2],
    families: Vec<Family>,
    grace_secs: Option<u64>,
}

impl World {
    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        let now = self.pool.now();
        match step {
            Step::SignIn(user) => self.sign_in(*user, now),
            Step::SetRotation(grace_secs) => {
                self.grace_secs = *grace_secs;
                self.pool.set_rotation(*grace_secs);
            }
            Step::SetEnabled(user, true) => {
                prop_assert_eq!(self.pool.enable_user(EMAILS[*user]), !self.users[*user].deleted);
                self.users[*user].disabled = false;
            }
            Step::SetEnabled(user, false) => {
                let live = self.end_all(*user);
                prop_assert_eq!(self.pool.disable_user(EMAILS[*user]), live);
                self.users[*user].disabled = true;
            }
            Step::SignOutEverywhere(user) => {
                let live = self.end_all(*user);
                prop_assert_eq!(self.pool.revoke_user(EMAILS[*user]), live);
            }
            Step::Delete(user) => {
                prop_assert_eq!(self.pool.delete_user(EMAILS[*user]), !self.users[*user].deleted);
                self.users[*user].deleted = true;
            }
            Step::Refresh(..) | Step::RefreshNewest(_) | Step::Revoke(..) | Step::AskWithAccessToken(_)
                if self.families.is_empty() => {}
            Step::Refresh(family, token) => {
                let index = family.index(self.families.len());
                let token = token.index(self.families[index].refresh_tokens.len());
                self.refresh(index, token, now)?;
            }
            Step::RefreshNewest(family) => {
                let index = family.index(self.families.len());
                self.refresh(index, self.families[index].model.newest, now)?;
            }
            Step::Revoke(family, token) => {
                let at = family.index(self.families.len());
                let family = &mut self.families[at];
                let token = token.index(family.refresh_tokens.len());
                family.model.revoke(token);
                self.pool.revoke(&family.refresh_tokens[token], &self.pool.client().id, "test").unwrap();
            }
            Step::AskWithAccessToken(family) => self.ask(family.index(self.families.len()), now)?,
            Step::Pass(_) => {}
        }
        Ok(())
    }

    fn sign_in(&mut self, user: usize, now: u64) {
        let Some(found) = self.pool.with_state(|state| state.find_user_by_email(EMAILS[user]).cloned()) else { return };
        if !found.enabled {
            return;
        }
        let scope = "aws.cognito.signin.user.admin".to_owned();
        let sign_in = SignIn { scope, resource: None, nonce: None, auth_time: now, hosted_ui: true };
        let (tokens, refresh_token) = self.pool.start_family(&self.pool.client(), &found, sign_in, "test").unwrap();
        self.families.push(Family {
            user,
            model: Model::new(now, None),
            refresh_tokens: vec![refresh_token],
            access_token: tokens.access_token,
            access_ends_at: now + ACCESS_SECS,
        });
    }

    fn refresh(&mut self, index: usize, token: usize, now: u64) -> Result<(), TestCaseError> {
        let family = &mut self.families[index];
        family.model.grace_secs = self.grace_secs;
        let expected = match &self.users[family.user] {
            User { deleted: true, .. } => Err(RefreshRefusal::UserDeleted),
            User { disabled: true, .. } => Err(RefreshRefusal::UserDisabled),
            _ => family.model.refresh(token, now),
        };
        let found = refresh(&self.pool, &family.refresh_tokens[token]);
        let told = found.map(|next| next.map(|next| family.refresh_tokens.push(next)).is_some());
        // The pool forgets a family some time after its end, and then knows of no other reason.
        if now >= family.model.expires_at + ACCESS_SECS && told == Err(RefreshRefusal::Expired) {
            return Ok(());
        }
        prop_assert_eq!(told, expected, "token {} of family {}", token, index);
        Ok(())
    }

    fn ask(&self, index: usize, now: u64) -> Result<(), TestCaseError> {
        let family = &self.families[index];
        let user = &self.users[family.user];
        let expected = if now >= family.access_ends_at {
            Some(AccessRefusal::Expired)
        } else if user.deleted {
            Some(AccessRefusal::UserDeleted)
        } else if user.disabled {
            Some(AccessRefusal::UserDisabled)
        } else {
            family.model.ended.then_some(AccessRefusal::Revoked)
        };
        prop_assert_eq!(self.pool.check_access_token(&family.access_token).err(), expected, "family {}", index);
        Ok(())
    }

    /// Ends a user's families in the model; how many were alive, or `None` where the user is gone.
    fn end_all(&mut self, user: usize) -> Option<usize> {
        if self.users[user].deleted {
            return None;
        }
        let alive = self.families.iter_mut().filter(|family| family.user == user && !family.model.ended);
        Some(alive.map(|family| family.model.ended = true).count())
    }
}

#[test]
fn any_life_of_a_pool_is_as_the_model_says() {
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    // Keys cost more than all else: one pool for all lives, whose users are made anew each time.
    let clock = Arc::new(AtomicU64::new(1_700_000_000));
    let read = Arc::clone(&clock);
    let pool = test_pool(|settings| {
        settings.client().access_token_secs = ACCESS_SECS;
        settings.client().refresh_token_secs = LIFE_SECS;
        settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(read.load(Ordering::SeqCst)));
    });
    let outcome = runner.run(&steps(), |steps| {
        for email in EMAILS {
            pool.delete_user(email);
            let user = super::super::user::User::new(email, String::new(), pool.now());
            pool.update(|state| state.add_user(user));
        }
        pool.set_rotation(None);
        let mut world =
            World { pool: Arc::clone(&pool), users: Default::default(), families: Vec::new(), grace_secs: None };
        for step in &steps {
            if let Step::Pass(secs) = step {
                clock.fetch_add(*secs, Ordering::SeqCst);
            }
            world.take(step)?;
        }
        Ok(())
    });
    outcome.unwrap();
}
