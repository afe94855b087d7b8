//! Follows tokens from one step of the scan to the next: few are long enough to be a secret.

use crate::lanes::{Classes, WIDTH};

/// No known format is shorter.
pub(super) const SHORTEST: usize = 15;

/// The tokens of a text, followed one step behind: how long one is, shows in the next.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Of the step before, as in `Classes`.
    token: u32,
    starts: u32,
}

impl Runs {
    /// Goes on to the next step; in `starts` are the bits of where something begins in it. Those of the step before that go on
    /// for as long as the shortest format.
    #[inline(always)]
    pub(super) fn step(&mut self, classes: &Classes, starts: u32) -> u32 {
        let one = self.token | classes.token << WIDTH;
        let two = one & one >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        let shortest = eight & eight >> (SHORTEST - 8);
        let long = self.starts & shortest;
        (self.token, self.starts) = (classes.token, starts);
        long
    }
}
