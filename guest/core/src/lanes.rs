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

/// Three tables that tell which of eight buckets a byte can belong to at the first, second and third place of a prefix.
/// A byte's buckets are those that its low and its high half have in common, which can be a few too many, never too few.
#[derive(Clone, Copy)]
pub(crate) struct Prefixes {
    pub(crate) low: [[u8; 16]; 3],
    pub(crate) high: [[u8; 16]; 3],
}

impl Prefixes {
    pub(crate) const NONE: Self = Self { low: [[0; 16]; 3], high: [[0; 16]; 3] };

    /// The tables with one more prefix, of which the first three bytes count.
    pub(crate) const fn with(mut self, prefix: [u8; 3]) -> Self {
        // Prefixes that begin alike share a bucket.
        let bucket = (prefix[0] ^ prefix[1]) & 7;
        let mut place = 0;
        while place < 3 {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; halves of a byte are below 16")]
            {
                self.low[place][(prefix[place] & 15) as usize] |= 1 << bucket;
                self.high[place][(prefix[place] >> 4) as usize] |= 1 << bucket;
            }
            place += 1;
        }
        self
    }
}

/// What a step found, a bit a byte, the first byte's the lowest.
#[derive(Clone, Copy, Default)]
pub(crate) struct Classes {
    /// ASCII letters and digits.
    pub(crate) word: u32,
    /// Space and everything below it.
    pub(crate) blank: u32,
    pub(crate) quote: u32,
    pub(crate) slash: u32,
    pub(crate) dash: u32,
    /// `=` and `:`.
    pub(crate) joint: u32,
    /// Where one of the prefixes can begin.
    pub(crate) prefix: u32,
}

/// How many bytes from its first on a step looks at: two more than it is wide, for the prefixes.
pub(crate) const REACH: usize = WIDTH + 2;

/// The classes of the sixteen bytes at `at`; none when there are not that many, and two more.
#[inline]
pub(crate) fn classes(bytes: &[u8], at: usize, prefixes: &Prefixes) -> Option<Classes> {
    let third = arch::load(block(bytes, at + 2)?);
    let next = arch::load(block(bytes, at + 1)?);
    let v = arch::load(block(bytes, at)?);
    Some(Classes {
        word: v.word(),
        blank: v.below(0x21),
        quote: v.equal(b'"') | v.equal(b'\''),
        slash: v.equal(b'\\'),
        dash: v.equal(b'-'),
        joint: v.equal(b'=') | v.equal(b':'),
        prefix: arch::prefixes(v, next, third, prefixes),
    })
}

#[cfg(target_feature = "simd128")]
mod arch {
    use super::{Prefixes, WIDTH};
    use core::arch::wasm32::{
        i8x16_eq, i8x16_ne, u8x16_bitmask, u8x16_lt, u8x16_shr, u8x16_splat, u8x16_sub, u8x16_swizzle, u64x2, v128,
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

        #[inline]
        pub(super) fn word(self) -> u32 {
            let letter = u8x16_sub(v128_or(self.0, u8x16_splat(0x20)), u8x16_splat(b'a'));
            let digit = u8x16_sub(self.0, u8x16_splat(b'0'));
            mask(v128_or(u8x16_lt(letter, u8x16_splat(26)), u8x16_lt(digit, u8x16_splat(10))))
        }

        #[inline]
        pub(super) fn below(self, bound: u8) -> u32 {
            mask(u8x16_lt(self.0, u8x16_splat(bound)))
        }

        #[inline]
        pub(super) fn equal(self, byte: u8) -> u32 {
            mask(i8x16_eq(self.0, u8x16_splat(byte)))
        }
    }

    #[inline]
    pub(super) fn prefixes(first: Lanes, second: Lanes, third: Lanes, tables: &Prefixes) -> u32 {
        let buckets = |v: Lanes, low: &[u8; 16], high: &[u8; 16]| {
            let low = u8x16_swizzle(load(low).0, v128_and(v.0, u8x16_splat(15)));
            let high = u8x16_swizzle(load(high).0, u8x16_shr(v.0, 4));
            v128_and(low, high)
        };
        let [low_1, low_2, low_3] = &tables.low;
        let [high_1, high_2, high_3] = &tables.high;
        let both = v128_and(buckets(first, low_1, high_1), buckets(second, low_2, high_2));
        let all = v128_and(both, buckets(third, low_3, high_3));
        mask(i8x16_ne(all, u8x16_splat(0)))
    }

    #[inline]
    fn mask(lanes: v128) -> u32 {
        u32::from(u8x16_bitmask(lanes))
    }
}

#[cfg(not(target_feature = "simd128"))]
mod arch {
    use super::{Prefixes, WIDTH};

    #[derive(Clone, Copy)]
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

        #[inline]
        pub(super) fn word(self) -> u32 {
            self.mask(|b| b.is_ascii_alphanumeric())
        }

        #[inline]
        pub(super) fn below(self, bound: u8) -> u32 {
            self.mask(|b| b < bound)
        }

        #[inline]
        pub(super) fn equal(self, byte: u8) -> u32 {
            self.mask(|b| b == byte)
        }
    }

    #[inline]
    pub(super) fn prefixes(first: Lanes, second: Lanes, third: Lanes, tables: &Prefixes) -> u32 {
        let half = |table: &[u8; 16], i: u8| table.get(usize::from(i & 15)).copied().unwrap_or(0);
        let places = tables.low.iter().zip(&tables.high).zip([first, second, third]);
        let buckets = places.fold([0xff_u8; WIDTH], |mut buckets, ((low, high), v)| {
            for (bucket, b) in buckets.iter_mut().zip(v.0) {
                *bucket &= half(low, b) & half(high, b >> 4);
            }
            buckets
        });
        Lanes(buckets).mask(|b| b != 0)
    }
}
