//! Sixteen bytes at a time: the byte classes that every scan of a text starts from, as bit masks.
//!
//! Two implementations with the same answers: wasm's 128-bit vectors, and plain Rust where there are none.

/// Bytes that one step looks at.
pub(crate) const WIDTH: usize = 16;

/// Offset of the first byte at or after `from` that ends a run of plain characters in a JSON string: a quote, a
/// backslash or a control character; the length when there is none.
#[inline]
pub(crate) fn plain_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(block) = block(bytes, at) {
        let mask = arch::load(block).unplain();
        if mask != 0 {
            return at + mask.trailing_zeros() as usize;
        }
        at += WIDTH;
    }
    let tail = bytes.get(at..).unwrap_or_default();
    at + tail.iter().position(|&b| b == b'"' || b == b'\\' || b < 0x20).unwrap_or(tail.len())
}

/// The sixteen bytes at `at`, when there are as many.
#[inline]
fn block(bytes: &[u8], at: usize) -> Option<&[u8; WIDTH]> {
    bytes.get(at..)?.first_chunk()
}

/// Three tables that tell which of eight buckets a byte can belong to at the first, second and third place of three letters.
/// A byte's buckets are those that its low and its high half have in common, which can be a few too many, never too few.
pub(crate) struct Letters {
    low: [[u8; 16]; 3],
    high: [[u8; 16]; 3],
}

impl Letters {
    pub(crate) const NONE: Self = Self { low: [[0; 16]; 3], high: [[0; 16]; 3] };

    /// The tables with three more letters, small or capital.
    pub(crate) const fn with(mut self, letters: [u8; 3], bucket: u8) -> Self {
        let mut place = 0;
        while place < 3 {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; there are three of each")]
            {
                let letter = letters[place];
                mark(&mut self.low[place], &[letter & 15], 1 << bucket);
                mark(&mut self.high[place], &[letter >> 4, letter.to_ascii_uppercase() >> 4], 1 << bucket);
            }
            place += 1;
        }
        self
    }
}

/// What of the letters can go on in the next step.
#[derive(Clone, Copy, Default)]
pub(crate) struct Trail {
    /// The buckets of each byte of the step before at the first place, and at the second.
    first: arch::Lanes,
    second: arch::Lanes,
}

/// What a step found, a bit a byte, the first byte's the lowest.
#[derive(Clone, Copy, Default)]
pub(crate) struct Classes {
    /// ASCII letters and digits.
    pub(crate) word: u32,
    /// What tokens are made of: `word`, and one of `_ - . + / ~ ^`.
    pub(crate) token: u32,
    pub(crate) digit: u32,
    /// Space and everything below it.
    pub(crate) blank: u32,
    pub(crate) quote: u32,
    pub(crate) slash: u32,
    pub(crate) dash: u32,
    /// `=` and `:`.
    pub(crate) joint: u32,
    /// `%`, `&`, and the first byte of a character that may not be seen: what something in disguise begins with.
    pub(crate) escape: u32,
    /// The last ones of three letters that were looked for, which may have begun in the step before.
    pub(crate) letters: u32,
}

/// Kinds of bytes, each a set of high halves of a byte with a set of low halves: eight such sets are told apart by one look
/// into each of two tables.
const KINDS: [(u8, &[u8], &[u8]); 8] = [
    (DIGIT, &[3], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
    (A_TO_O, &[4, 6], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]),
    (P_TO_Z, &[5, 7], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (PLUS_DASH_DOT_SLASH, &[2], &[11, 13, 14, 15]),
    // And the delete character, which is nowhere.
    (UNDERSCORE_CARET_TILDE, &[5, 7], &[14, 15]),
    (QUOTE, &[2], &[2, 7]),
    (JOINT, &[3], &[10, 13]),
    (BACKSLASH, &[5], &[12]),
];
const DIGIT: u8 = 1;
const A_TO_O: u8 = 1 << 1;
const P_TO_Z: u8 = 1 << 2;
const PLUS_DASH_DOT_SLASH: u8 = 1 << 3;
const UNDERSCORE_CARET_TILDE: u8 = 1 << 4;
const QUOTE: u8 = 1 << 5;
const JOINT: u8 = 1 << 6;
const BACKSLASH: u8 = 1 << 7;
const WORD: u8 = DIGIT | A_TO_O | P_TO_Z;

/// For each half of a byte, the kinds it can be of.
struct Halves {
    low: [u8; 16],
    high: [u8; 16],
}

static HALVES: Halves = {
    let mut halves = Halves { low: [0; 16], high: [0; 16] };
    let mut kinds: &[_] = &KINDS;
    while let Some((&(kind, high, low), others)) = kinds.split_first() {
        mark(&mut halves.high, high, kind);
        mark(&mut halves.low, low, kind);
        kinds = others;
    }
    halves
};

const fn mark(table: &mut [u8; 16], halves: &[u8], kind: u8) {
    let mut halves = halves;
    while let Some((half, others)) = halves.split_first() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; halves of a byte are below 16")]
        {
            table[*half as usize] |= kind;
        }
        halves = others;
    }
}

/// The classes of the sixteen bytes at `at`, and of blanks behind the end; none when nothing is there.
#[inline(always)]
pub(crate) fn classes(bytes: &[u8], at: usize, letters: &Letters, trail: &mut Trail) -> Option<Classes> {
    match block(bytes, at) {
        Some(block) => Some(Classes::of(block, letters, trail)),
        None => last_classes(bytes, at, letters, trail),
    }
}

#[inline(always)]
fn last_classes(bytes: &[u8], at: usize, letters: &Letters, trail: &mut Trail) -> Option<Classes> {
    let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
    let Some(block) = bytes.last_chunk().filter(|_| rest.len() < WIDTH - 1) else {
        // Letters that began in the step before can end in this one's first byte and the second.
        let mut block = [b' '; WIDTH];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        return Some(Classes::of(&block, letters, trail));
    };
    // The last sixteen bytes, without those before `at`.
    let all = Classes::of(block, letters, trail);
    let cut = |mask: u32| mask >> (WIDTH - rest.len());
    Some(Classes {
        word: cut(all.word),
        token: cut(all.token),
        digit: cut(all.digit),
        blank: cut(all.blank) | u32::MAX << rest.len(),
        quote: cut(all.quote),
        slash: cut(all.slash),
        dash: cut(all.dash),
        joint: cut(all.joint),
        escape: cut(all.escape),
        letters: cut(all.letters),
    })
}

impl Classes {
    #[inline(always)]
    fn of(block: &[u8; WIDTH], letters: &Letters, trail: &mut Trail) -> Self {
        let v = arch::load(block);
        let halves = v.halves();
        let kinds = halves.of(&HALVES.low, &HALVES.high);
        // One by one: a loop over the places would stay one.
        let ([low_1, low_2, low_3], [high_1, high_2, high_3]) = (&letters.low, &letters.high);
        let (first, second, third) = (halves.of(low_1, high_1), halves.of(low_2, high_2), halves.of(low_3, high_3));
        let ends = third.and(second.one_behind(trail.second)).and(first.two_behind(trail.first));
        *trail = Trail { first, second };
        Self {
            word: kinds.of(WORD),
            token: kinds.of(WORD | PLUS_DASH_DOT_SLASH | UNDERSCORE_CARET_TILDE),
            digit: kinds.of(DIGIT),
            blank: v.below(0x21),
            quote: kinds.of(QUOTE),
            slash: kinds.of(BACKSLASH),
            dash: v.equal(b'-'),
            joint: kinds.of(JOINT),
            escape: v.equal(b'%') | v.equal(b'&') | v.unseen(),
            letters: ends.of(0xff),
        }
    }
}

#[cfg(target_feature = "simd128")]
mod arch {
    use super::WIDTH;
    use core::arch::wasm32::{
        i8x16_eq, i8x16_ne, i8x16_shuffle, u8x16_bitmask, u8x16_lt, u8x16_shr, u8x16_splat, u8x16_swizzle, u64x2, v128,
        v128_and, v128_or,
    };

    #[derive(Clone, Copy)]
    pub(super) struct Lanes(v128);

    #[inline]
    pub(super) fn load(bytes: &[u8; WIDTH]) -> Lanes {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = *bytes;
        Lanes(u64x2(u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes([i, j, k, l, m, n, o, p])))
    }

    impl Lanes {
        #[inline]
        pub(super) fn unplain(self) -> u32 {
            let quote = i8x16_eq(self.0, u8x16_splat(b'"'));
            let slash = i8x16_eq(self.0, u8x16_splat(b'\\'));
            let control = u8x16_lt(self.0, u8x16_splat(0x20));
            mask(v128_or(v128_or(quote, slash), control))
        }

        #[inline(always)]
        pub(super) fn halves(self) -> Halves {
            Halves { low: v128_and(self.0, u8x16_splat(15)), high: u8x16_shr(self.0, 4) }
        }

        #[inline(always)]
        pub(super) fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        /// The bytes that stand so many places before, the first of them the last of the step before.
        #[inline(always)]
        pub(super) fn one_behind(self, before: Self) -> Self {
            Self(i8x16_shuffle::<15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30>(before.0, self.0))
        }

        #[inline(always)]
        pub(super) fn two_behind(self, before: Self) -> Self {
            Self(i8x16_shuffle::<14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29>(before.0, self.0))
        }

        /// Which bytes are of one of the kinds.
        #[inline]
        pub(super) fn of(self, kinds: u8) -> u32 {
            mask(i8x16_ne(v128_and(self.0, u8x16_splat(kinds)), u8x16_splat(0)))
        }

        #[inline]
        pub(super) fn below(self, bound: u8) -> u32 {
            mask(u8x16_lt(self.0, u8x16_splat(bound)))
        }

        #[inline]
        pub(super) fn equal(self, byte: u8) -> u32 {
            mask(i8x16_eq(self.0, u8x16_splat(byte)))
        }

        /// The first bytes of characters that may not be seen.
        #[inline(always)]
        pub(super) fn unseen(self) -> u32 {
            if mask(self.0) == 0 { 0 } else { self.equal(0xc2) | self.equal(0xe2) | self.equal(0xef) }
        }
    }

    /// The low and the high halves of sixteen bytes.
    pub(super) struct Halves {
        low: v128,
        high: v128,
    }

    impl Halves {
        /// For each byte what its two halves have in common in the tables.
        #[inline(always)]
        pub(super) fn of(&self, low: &[u8; 16], high: &[u8; 16]) -> Lanes {
            Lanes(v128_and(u8x16_swizzle(load(low).0, self.low), u8x16_swizzle(load(high).0, self.high)))
        }
    }

    impl Default for Lanes {
        fn default() -> Self {
            Self(u8x16_splat(0))
        }
    }

    #[inline]
    fn mask(lanes: v128) -> u32 {
        u32::from(u8x16_bitmask(lanes))
    }
}

#[cfg(not(target_feature = "simd128"))]
mod arch {
    use super::WIDTH;

    #[derive(Clone, Copy, Default)]
    pub(super) struct Lanes([u8; WIDTH]);

    #[inline]
    pub(super) fn load(bytes: &[u8; WIDTH]) -> Lanes {
        Lanes(*bytes)
    }

    impl Lanes {
        #[inline]
        fn mask(self, holds: impl Fn(u8) -> bool) -> u32 {
            self.0.iter().rev().fold(0, |mask, &b| mask << 1 | u32::from(holds(b)))
        }

        #[inline]
        pub(super) fn unplain(self) -> u32 {
            self.mask(|b| b == b'"' || b == b'\\' || b < 0x20)
        }

        pub(super) fn halves(self) -> Halves {
            Halves(self.0)
        }

        pub(super) fn and(self, other: Self) -> Self {
            let mut both = self.0;
            for (one, other) in both.iter_mut().zip(other.0) {
                *one &= other;
            }
            Self(both)
        }

        pub(super) fn one_behind(self, before: Self) -> Self {
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, _] = self.0;
            let [.., z] = before.0;
            Self([z, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o])
        }

        pub(super) fn two_behind(self, before: Self) -> Self {
            let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, ..] = self.0;
            let [.., y, z] = before.0;
            Self([y, z, a, b, c, d, e, f, g, h, i, j, k, l, m, n])
        }

        /// Which bytes are of one of the kinds.
        #[inline]
        pub(super) fn of(self, kinds: u8) -> u32 {
            self.mask(|b| b & kinds != 0)
        }

        #[inline]
        pub(super) fn below(self, bound: u8) -> u32 {
            self.mask(|b| b < bound)
        }

        #[inline]
        pub(super) fn equal(self, byte: u8) -> u32 {
            self.mask(|b| b == byte)
        }

        /// The first bytes of characters that may not be seen.
        #[inline]
        pub(super) fn unseen(self) -> u32 {
            self.mask(|b| matches!(b, 0xc2 | 0xe2 | 0xef))
        }
    }

    pub(super) struct Halves([u8; WIDTH]);

    impl Halves {
        #[inline]
        pub(super) fn of(&self, low: &[u8; 16], high: &[u8; 16]) -> Lanes {
            let half = |table: &[u8; 16], half: u8| table.get(usize::from(half & 15)).copied().unwrap_or_default();
            Lanes(self.0.map(|b| half(low, b) & half(high, b >> 4)))
        }
    }
}
