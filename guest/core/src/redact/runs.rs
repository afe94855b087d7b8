//! Follows what a step found from one to the next: where a token could be a secret by its length alone.

use crate::lanes::{Classes, WIDTH};
use std::ops::Range;

/// No known format is shorter.
pub(super) const SHORTEST: usize = 15;
/// A token of so many characters, one of them a digit, is looked at as a whole.
pub(super) const LONG: usize = 20;

/// The tokens of a text, followed one step behind: how long one is, shows in the next.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// Of the step before, as in `Classes`.
    token: u32,
    digit: u32,
    starts: u32,
    /// Where the long token begins that has not ended, and whether it has a digit so far.
    open: Option<usize>,
    has_digit: bool,
    /// The last byte before was a token's.
    within: bool,
}

/// What the tokens of the step before turned out to be.
pub(super) struct Found {
    /// Where something begins in a token, and goes on for as long as the shortest format, as bits.
    pub(super) starts: u32,
    /// The long token that ended.
    pub(super) long: Option<Range<usize>>,
}

impl Runs {
    /// Goes on to the sixteen bytes at `at`. In `starts` are the bits of where something begins.
    #[inline(always)]
    pub(super) fn step(&mut self, at: usize, classes: &Classes, starts: u32) -> Found {
        let one = self.token | classes.token << WIDTH;
        let two = one & one >> 1;
        let four = two & two >> 2;
        let eight = four & four >> 4;
        let shortest = eight & eight >> (SHORTEST - 8);
        let found = Found { starts: self.starts & shortest, long: self.long(at.wrapping_sub(WIDTH), shortest) };
        (self.token, self.digit, self.starts) = (classes.token, classes.digit, starts);
        found
    }

    /// The long token that ends in the sixteen bytes before, which are at `at`.
    #[inline(always)]
    fn long(&mut self, at: usize, shortest: u32) -> Option<Range<usize>> {
        let starts = self.token & !(self.token << 1 | u32::from(self.within)) & shortest;
        self.within = self.token >> (WIDTH - 1) & 1 == 1;
        let mut ended = None;
        if self.open.is_some() {
            let len = self.token.trailing_ones();
            self.has_digit |= self.digit & !(u32::MAX << len) != 0;
            if len as usize == WIDTH {
                return None;
            }
            ended = self.end(at + len as usize);
        }
        // One that ends here as well is too short.
        if starts != 0 && self.within {
            self.open = Some(at + starts.trailing_zeros() as usize);
            self.has_digit = self.digit & (u32::MAX << starts.trailing_zeros()) != 0;
        }
        ended
    }
    /// The long token that goes on to `end`.
    pub(super) fn end(&mut self, end: usize) -> Option<Range<usize>> {
        let start = self.open.take()?;
        (self.has_digit && end - start >= LONG).then_some(start..end)
    }
}
