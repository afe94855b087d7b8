//! What holds for every input: of the native core, and, in fewer cases, that the component does the very same.
//!
//! Every run tries the same cases, so that it fails for a change and not for its luck. `PROPTEST_CASES=100000` looks for
//! new ones.

mod accepted;
mod component;
mod event;
mod generate;
mod redact;
mod schema;

use proptest::test_runner::{Config, RngSeed};

/// So many cases of a property.
fn cases(count: u32) -> Config {
    let said = Config { failure_persistence: None, max_shrink_iters: 20_000, ..Config::default() };
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => said,
        None => Config { cases: count, rng_seed: RngSeed::Fixed(20_260_105), ..said },
    }
}
