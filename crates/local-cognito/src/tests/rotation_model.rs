//! Random lives of a token family, against a model that keeps the whole tree of tokens and reads `cognito.md` §3.3 to
//! the letter.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use super::super::issue::tests::sign_in;
use super::super::pool::Pool;
use super::super::pool::tests::test_pool;
use super::super::refresh_verdict::RefreshRefusal;

/// Short enough that about half of the lives reach their end.
pub(super) const LIFE_SECS: u64 = 90;

#[derive(Clone, Debug)]
enum Step {
    /// With any token of the family.
    Refresh(Index),
    /// With the newest one, as a client behaves; random picks alone would hardly make a long chain.
    RefreshNewest,
    Revoke(Index),
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => any::<Index>().prop_map(Step::Refresh),
        4 => Just(Step::RefreshNewest),
        1 => any::<Index>().prop_map(Step::Revoke),
        3 => (0..30_u64).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 1..40)
}

/// A token of the model; the tree's root is the sign-in's.
struct Token {
    parent: Option<usize>,
    first_used: Option<u64>,
    revoked: bool,
}

pub(super) struct Model {
    tokens: Vec<Token>,
    pub(super) newest: usize,
    pub(super) ended: bool,
    pub(super) expires_at: u64,
    /// `None`: rotation is off.
    pub(super) grace_secs: Option<u64>,
}

impl Model {
    pub(super) fn new(now: u64, grace_secs: Option<u64>) -> Model {
        let root = Token { parent: None, first_used: None, revoked: false };
        Model { tokens: vec![root], newest: 0, ended: false, expires_at: now + LIFE_SECS, grace_secs }
    }

    /// Whether there is a new refresh token, or why there is nothing.
    pub(super) fn refresh(&mut self, index: usize, now: u64) -> Result<bool, RefreshRefusal> {
        if self.ended {
            return Err(RefreshRefusal::Revoked);
        }
        if now >= self.expires_at {
            return Err(RefreshRefusal::Expired);
        }
        if index != self.newest && !self.is_replay_in_grace(index, now) {
            return Err(RefreshRefusal::Reused);
        }
        if self.grace_secs.is_none() {
            return Ok(false);
        }
        self.tokens[index].first_used.get_or_insert(now);
        self.tokens.push(Token { parent: Some(index), first_used: None, revoked: false });
        self.newest = self.tokens.len() - 1;
        Ok(true)
    }

    /// Once there was a fork, nothing on the abandoned branch counts: what counts leads to the newest.
    fn is_replay_in_grace(&self, index: usize, now: u64) -> bool {
        let token = &self.tokens[index];
        let Some(grace_secs) = self.grace_secs else { return false };
        let in_grace = token.first_used.is_some_and(|used| now < used + grace_secs);
        let mut ancestors = std::iter::successors(self.tokens[self.newest].parent, |index| self.tokens[*index].parent);
        in_grace && !token.revoked && ancestors.any(|ancestor| ancestor == index)
    }

    pub(super) fn revoke(&mut self, index: usize) {
        self.tokens[index].revoked = true;
        self.ended |= index == 0 || index == self.newest;
    }
}

/// What the pool makes of it: the next token where there is one, or the refusal.
pub(super) fn refresh(pool: &Pool, token: &str) -> Result<Option<String>, RefreshRefusal> {
    let client = pool.client();
    let exchange = pool.exchange(&client, &pool.find_token(token, &client.id)?, "test")?;
    Ok(pool.issue_exchange(&client, exchange, "test").unwrap().refresh_token)
}

#[test]
fn any_life_of_a_family_is_as_the_model_says() {
    let clock = Arc::new(AtomicU64::new(1_700_000_000));
    let read = Arc::clone(&clock);
    let pool = test_pool(|settings| {
        settings.client().refresh_token_secs = LIFE_SECS;
        settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(read.load(Ordering::SeqCst)));
    });
    let now = || clock.load(Ordering::SeqCst);
    let mut runner = TestRunner::new(Config { cases: 96, failure_persistence: None, ..Config::default() });
    let lives = (prop_oneof![Just(0), Just(60), 1..60_u64], steps());
    let outcome = runner.run(&lives, |(grace_secs, steps)| {
        pool.set_rotation(Some(grace_secs));
        let mut model = Model::new(now(), Some(grace_secs));
        let (_, first) = sign_in(&pool, "profile");
        let mut tokens = vec![first];
        for step in steps {
            let index = match step {
                Step::Pass(secs) => {
                    clock.fetch_add(secs, Ordering::SeqCst);
                    continue;
                }
                Step::Revoke(pick) => {
                    let index = pick.index(tokens.len());
                    model.revoke(index);
                    pool.revoke(&tokens[index], &pool.client().id, "test").unwrap();
                    continue;
                }
                Step::Refresh(pick) => pick.index(tokens.len()),
                Step::RefreshNewest => model.newest,
            };
            let found = refresh(&pool, &tokens[index]);
            let told = found.map(|next| next.map(|next| tokens.push(next)).is_some());
            prop_assert_eq!(told, model.refresh(index, now()), "token {} of {}", index, tokens.len());
        }
        Ok(())
    });
    outcome.unwrap();
}
