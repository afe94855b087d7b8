//! What holds for every input: of the native core, and, in fewer cases, that the component does the very same, in every host.
//!
//! Every run tries the same cases, so that it fails for a change and not for its luck. `PROPTEST_CASES=100000` looks for
//! new ones.
// So that clippy knows that the helpers are tests, too.
#![cfg(test)]

mod accepted;
mod component;
mod corpus;
mod documented;
mod drivers;
mod event;
mod generate;
mod judge;
mod planted;
mod redact;
mod schema;
mod split;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};

/// So many cases of a property.
fn cases(count: u32) -> Config {
    let said = Config { failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => said,
        None => Config { cases: count, rng_seed: RngSeed::Fixed(20_260_105), ..said },
    }
}

/// The first values of a strategy, the same in every run.
fn some<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(cases(1), rng);
    (0..count).filter_map(|_| Some(strategy.new_tree(&mut runner).ok()?.current())).collect()
}
