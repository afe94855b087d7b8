//! Time and randomness from the host.

use auditbox_core::Stamp;
use wasi::clocks::wall_clock;
use wasi::random::random::get_random_u64;

/// The clock and the randomness of WASI.
pub(crate) struct Wasi;

impl Stamp for Wasi {
    fn now(&mut self) -> (u64, u32) {
        let now = wall_clock::now();
        (now.seconds, now.nanoseconds)
    }

    // Two integers and not `get-random-bytes`: a list costs some hosts a loop over its bytes.
    fn random(&mut self) -> [u8; 16] {
        ((u128::from(get_random_u64()) << 64) | u128::from(get_random_u64())).to_le_bytes()
    }
}
