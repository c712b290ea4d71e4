//! A seeded simulation of the refresh and cookie machinery: random interleavings of requests, lost and late answers,
//! sign-outs, faults and jumps of the wall clock, for three users, one or two servers, with rotation on and off, in virtual
//! time. `SIMULATION_SCHEDULES` says how many schedules run (100 000 where it is not set), `SIMULATION_SEED` replays the
//! one that failed.

mod browser;
mod checks;
mod pool;
mod server;
mod world;

use std::{
    env,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};

use tokio::runtime::{Builder, Runtime};

use self::world::World;

const DEFAULT_SCHEDULES: u64 = 100_000;
const STEPS: usize = 30;

fn run(runtime: &Runtime, seed: u64) {
    runtime.block_on(async {
        let mut world = World::new(seed);
        for _ in 0..STEPS {
            world.step().await;
        }
        world.finish().await;
    });
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// Runs the seeds of one thread; names the first that fails.
fn run_all(seeds: impl Iterator<Item = u64>) -> Result<(), u64> {
    let runtime = runtime();
    for seed in seeds {
        catch_unwind(AssertUnwindSafe(|| run(&runtime, seed))).map_err(|_| seed)?;
    }
    Ok(())
}

#[test]
fn b27_b30_b31_b36_b37_no_interleaving_loses_or_revives_a_session() {
    if let Some(seed) = number("SIMULATION_SEED") {
        return run(&runtime(), seed);
    }
    let schedules = number("SIMULATION_SCHEDULES").unwrap_or(DEFAULT_SCHEDULES);
    let threads = thread::available_parallelism().map_or(1, |count| count.get() as u64);
    let workers: Vec<_> = (0..threads)
        .map(|worker| thread::spawn(move || run_all((worker..schedules).step_by(threads as usize))))
        .collect();
    for worker in workers {
        if let Err(seed) = worker.join().unwrap() {
            panic!(
                "schedule {seed} failed; replay it with SIMULATION_SEED={seed} cargo test --features ssr --lib simulation"
            );
        }
    }
}
