//! What a browser is in the middle of, from one page to the next: known here, and named by a cookie that only says
//! which. Whoever has a step has proved what leads to it. Kept by `State`, not saved.

use super::super::pool::Pool;
use super::super::random::random_opaque;
use super::super::state::make_room;
pub(super) use super::super::steps::Step;
use super::super::verification::{CodeVerdict, Purpose, Verification};
use super::cookies::STEP_SECS;

const MAX_STEPS: usize = 1_000;

impl Pool {
    /// Keeps a step and says what it is called.
    pub(super) fn keep_step(&self, step: Step) -> String {
        let (id, now) = (random_opaque(), self.now());
        self.with_state(|state| {
            let steps = &mut state.in_progress.steps;
            steps.retain(|_, (_, expires_at)| *expires_at > now);
            make_room(steps, MAX_STEPS, |(_, expires_at)| *expires_at);
            steps.insert(id.clone(), (step, now + STEP_SECS));
        });
        id
    }

    pub(super) fn find_step(&self, id: &str) -> Option<Step> {
        let now = self.now();
        self.with_state(|state| {
            let (step, expires_at) = state.in_progress.steps.get(id)?;
            (*expires_at > now).then(|| step.clone())
        })
    }

    pub(super) fn drop_step(&self, id: &str) {
        self.with_state(|state| state.in_progress.steps.remove(id));
    }

    /// From now on codes for this name are judged by `judge_decoy`.
    pub(super) fn keep_decoy(&self, username: &str) {
        let now = self.now();
        self.with_state(|state| {
            let decoys = &mut state.in_progress.decoys;
            decoys.retain(|_, decoy| decoy.expires_at > now);
            make_room(decoys, MAX_STEPS, |decoy| decoy.expires_at);
            decoys.insert(to_key(username), Verification::new(Purpose::PasswordReset, now));
        });
    }

    pub(super) fn drop_decoy(&self, username: &str) {
        self.with_state(|state| state.in_progress.decoys.remove(&to_key(username)));
    }

    /// `None` where the name is one of a user that got a real code. A decoy has no right code.
    pub(super) fn judge_decoy(&self, username: &str, code: &str) -> Option<CodeVerdict> {
        let now = self.now();
        self.with_state(|state| {
            let decoy = state.in_progress.decoys.get_mut(&to_key(username))?;
            match decoy.judge(Purpose::PasswordReset, code, now) {
                CodeVerdict::Right => Some(CodeVerdict::Wrong),
                verdict => Some(verdict),
            }
        })
    }
}

fn to_key(username: &str) -> String {
    username.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::super::super::issue::tests::pool_with_clock;
    use super::*;

    #[test]
    fn a_step_is_found_by_its_own_name_until_it_ends() {
        let (pool, now) = pool_with_clock();
        let step = Step::NewPassword { sub: "sub".to_owned() };
        let id = pool.keep_step(step.clone());
        assert_eq!(pool.find_step("other"), None);
        now.fetch_add(STEP_SECS - 1, Ordering::SeqCst);
        assert_eq!(pool.find_step(&id), Some(step.clone()));
        now.fetch_add(1, Ordering::SeqCst);
        assert_eq!(pool.find_step(&id), None);
        let id = pool.keep_step(step);
        pool.drop_step(&id);
        assert_eq!(pool.find_step(&id), None);
    }

    #[test]
    fn a_decoy_answers_as_a_code_that_is_never_guessed() {
        let (pool, _) = pool_with_clock();
        assert_eq!(pool.judge_decoy("nobody@example.com", "000000"), None);
        pool.keep_decoy("Nobody@example.com");
        let code = pool.with_state(|state| state.in_progress.decoys["nobody@example.com"].code.clone());
        assert_eq!(pool.judge_decoy("nobody@example.com", &code), Some(CodeVerdict::Wrong));
        for _ in 0..5 {
            assert_eq!(pool.judge_decoy(" nobody@example.com", "x"), Some(CodeVerdict::Wrong));
        }
        assert_eq!(pool.judge_decoy("nobody@example.com", "x"), Some(CodeVerdict::Exhausted));
        pool.drop_decoy("nobody@example.com");
        assert_eq!(pool.judge_decoy("nobody@example.com", "x"), None);
    }
}
