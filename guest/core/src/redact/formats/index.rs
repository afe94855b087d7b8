//! Finds the formats that can begin a text, whatever their number: by a hash of its first three bytes.

use super::{Format, Shape};

/// One prefix of one shape of one format of a table, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) format: u16,
    shape: u8,
    prefix: u8,
}

#[expect(clippy::indexing_slicing, reason = "entries are made from the table they are used with")]
impl Entry {
    pub(super) const FIRST: Self = Self { format: 0, shape: 0, prefix: 0 };

    pub(super) const fn get(self, formats: &[Format]) -> (&'static Shape, &'static str) {
        let shape = &formats[self.format as usize].shapes[self.shape as usize];
        (shape, shape.prefixes[self.prefix as usize])
    }

    /// The one behind it in the table.
    pub(super) const fn next(self, formats: &[Format]) -> Option<Self> {
        let format = &formats[self.format as usize];
        let Self { format: at, shape, prefix } = self;
        if prefix as usize + 1 < format.shapes[shape as usize].prefixes.len() {
            Some(Self { prefix: prefix + 1, ..self })
        } else if shape as usize + 1 < format.shapes.len() {
            Some(Self { format: at, shape: shape + 1, prefix: 0 })
        } else if at as usize + 1 < formats.len() {
            Some(Self { format: at + 1, shape: 0, prefix: 0 })
        } else {
            None
        }
    }

    /// The first three bytes of the prefix; none when it is shorter: such are found in another way.
    pub(super) const fn head(self, formats: &[Format]) -> Option<[u8; 3]> {
        match self.get(formats).1.as_bytes() {
            [a, b, c, ..] => Some([*a, *b, *c]),
            _ => None,
        }
    }
}

const BUCKETS: usize = 256;
/// Many times as many bits as there are prefixes: few texts come further.
const HEADS: usize = 4096;

/// The prefixes of a table, those of a bucket together.
pub(super) struct Index<const N: usize> {
    /// A bit for each hash of four bytes that a prefix begins with, and of three when it has no more.
    heads: [u32; HEADS / 32],
    short_heads: [u32; HEADS / 32],
    /// Where in `entries` a bucket begins, and behind the last one their end.
    starts: [u16; BUCKETS + 1],
    entries: [Entry; N],
}

/// Below `HEADS`.
const fn hash(head: u32) -> usize {
    head.wrapping_mul(0x9e37_79b1) as usize >> (u32::BITS - HEADS.ilog2())
}

const fn short(head: [u8; 3]) -> u32 {
    let [a, b, c] = head;
    u32::from_le_bytes([a, b, c, 0])
}

const fn bucket(head: [u8; 3]) -> usize {
    hash(short(head)) % BUCKETS
}

const fn set(bits: &mut [u32; HEADS / 32], at: usize) {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; a hash is below the number of bits")]
    {
        bits[at / 32] |= 1 << (at % 32);
    }
}

fn is_set(bits: &[u32; HEADS / 32], at: usize) -> bool {
    bits.get(at / 32).is_some_and(|bits| bits >> (at % 32) & 1 == 1)
}

/// How many prefixes a table has for the index.
pub(super) const fn count(formats: &[Format]) -> usize {
    let mut count = 0;
    let mut next = Some(Entry::FIRST);
    while let Some(entry) = next {
        count += entry.head(formats).is_some() as usize;
        next = entry.next(formats);
    }
    count
}

impl<const N: usize> Index<N> {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(super) const fn new(formats: &[Format]) -> Self {
        let bits = [0; HEADS / 32];
        let mut index = Self { heads: bits, short_heads: bits, starts: [0; BUCKETS + 1], entries: [Entry::FIRST; N] };
        let mut next = Some(Entry::FIRST);
        while let Some(entry) = next {
            if let Some(head) = entry.head(formats) {
                match entry.get(formats).1.as_bytes() {
                    [a, b, c, d, ..] => set(&mut index.heads, hash(u32::from_le_bytes([*a, *b, *c, *d]))),
                    _ => set(&mut index.short_heads, hash(short(head))),
                }
                index.starts[bucket(head) + 1] += 1;
            }
            next = entry.next(formats);
        }
        let mut at = 0;
        while at < BUCKETS {
            index.starts[at + 1] += index.starts[at];
            at += 1;
        }
        let mut ends = index.starts;
        next = Some(Entry::FIRST);
        while let Some(entry) = next {
            if let Some(head) = entry.head(formats) {
                index.entries[ends[bucket(head)] as usize] = entry;
                ends[bucket(head)] += 1;
            }
            next = entry.next(formats);
        }
        index
    }

    /// Whether a prefix can begin there. Asked of every token of a text.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let Some(head) = text.get(at..).and_then(<[u8]>::first_chunk) else { return false };
        let head = u32::from_le_bytes(*head);
        is_set(&self.heads, hash(head)) || is_set(&self.short_heads, hash(head & 0xff_ffff))
    }

    /// The prefixes that can begin a text.
    pub(super) fn entries(&self, text: &[u8]) -> &[Entry] {
        let Some(head) = text.first_chunk() else { return &[] };
        let at = bucket(*head);
        let Some([start, end]) = self.starts.get(at..at + 2) else { return &[] };
        self.entries.get(usize::from(*start)..usize::from(*end)).unwrap_or_default()
    }
}
