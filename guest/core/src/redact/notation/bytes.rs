//! Sets of bytes.

/// A set of ASCII bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Set(u64, u64);

/// Quotes of source code.
pub(super) const QUOTES: Set = Set::of(b"\"'`");
/// White space.
pub(super) const BLANKS: Set = Set::of(b" \t\n\r\x0b\x0c");

impl Set {
    pub(super) const fn of(bytes: &[u8]) -> Self {
        let mut set = Self(0, 0);
        let mut bytes = bytes;
        while let Some((byte, rest)) = bytes.split_first() {
            match *byte {
                low @ 0..64 => set.0 |= 1 << low,
                high => set.1 |= 1 << (high & 63),
            }
            bytes = rest;
        }
        set
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0, self.1 | other.1)
    }

    #[inline]
    pub(super) const fn has(self, byte: u8) -> bool {
        let half = if byte < 64 { self.0 } else { self.1 };
        byte < 128 && half >> (byte & 63) & 1 == 1
    }

    /// A text up to the first of the bytes.
    pub(super) fn until(self, text: &str) -> &str {
        let end = text.bytes().position(|b| self.has(b)).unwrap_or(text.len());
        text.get(..end).unwrap_or_default()
    }
}
