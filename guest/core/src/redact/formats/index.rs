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

    /// Whether its prefix is too short for an index: such are found in another way.
    pub(super) const fn is_short(self, formats: &[Format]) -> bool {
        self.get(formats).1.len() < 3
    }

    /// The hash of its head, when that has so many bytes.
    const fn hash(self, formats: &[Format], len: usize) -> Option<usize> {
        let prefix = self.get(formats).1.as_bytes();
        match head(prefix, len) {
            Some(head) if len == 4 || prefix.len() == 3 => Some(hash(head)),
            _ => None,
        }
    }
}

const BUCKETS: usize = 256;
/// Many times as many bits as there are prefixes: few texts come further.
const BITS: usize = 4096;

/// The prefixes of a table, by a hash of their first four bytes; those that have but three, by these.
pub(super) struct Index<const N: usize> {
    four: Heads,
    three: Heads,
    entries: [Entry; N],
}

struct Heads {
    /// A bit for each hash that a prefix has.
    bits: [u32; BITS / 32],
    /// Where among the entries a bucket begins, and behind the last one their end.
    starts: [u16; BUCKETS + 1],
}

/// Below `BITS`.
const fn hash(head: u32) -> usize {
    head.wrapping_mul(0x9e37_79b1) as usize >> (u32::BITS - BITS.ilog2())
}

const fn head(text: &[u8], len: usize) -> Option<u32> {
    match *text {
        [a, b, c, d, ..] if len == 4 => Some(u32::from_le_bytes([a, b, c, d])),
        [a, b, c, ..] if len == 3 => Some(u32::from_le_bytes([a, b, c, 0])),
        _ => None,
    }
}

/// How many prefixes a table has for the index.
pub(super) const fn count(formats: &[Format]) -> usize {
    let mut count = 0;
    let mut next = Some(Entry::FIRST);
    while let Some(entry) = next {
        count += !entry.is_short(formats) as usize;
        next = entry.next(formats);
    }
    count
}

impl Heads {
    /// Puts the prefixes with heads of so many bytes behind the entries that are used.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const fn new(formats: &[Format], len: usize, entries: &mut [Entry], used: usize) -> Self {
        let mut heads = Self { bits: [0; BITS / 32], starts: [0; BUCKETS + 1] };
        heads.starts[0] = used as u16;
        let mut next = Some(Entry::FIRST);
        while let Some(entry) = next {
            if let Some(hash) = entry.hash(formats, len) {
                heads.bits[hash / 32] |= 1 << (hash % 32);
                heads.starts[hash % BUCKETS + 1] += 1;
            }
            next = entry.next(formats);
        }
        let mut at = 0;
        while at < BUCKETS {
            heads.starts[at + 1] += heads.starts[at];
            at += 1;
        }
        let mut ends = heads.starts;
        next = Some(Entry::FIRST);
        while let Some(entry) = next {
            if let Some(hash) = entry.hash(formats, len) {
                entries[ends[hash % BUCKETS] as usize] = entry;
                ends[hash % BUCKETS] += 1;
            }
            next = entry.next(formats);
        }
        heads
    }

    #[inline]
    fn has(&self, hash: usize) -> bool {
        self.bits.get(hash / 32).is_some_and(|bits| bits >> (hash % 32) & 1 == 1)
    }

    fn bucket<'a>(&self, entries: &'a [Entry], head: Option<u32>) -> &'a [Entry] {
        let Some(hash) = head.map(hash).filter(|hash| self.has(*hash)) else { return &[] };
        let at = hash % BUCKETS;
        let Some([start, end]) = self.starts.get(at..at + 2) else { return &[] };
        entries.get(usize::from(*start)..usize::from(*end)).unwrap_or_default()
    }
}

impl<const N: usize> Index<N> {
    pub(super) const fn new(formats: &[Format]) -> Self {
        let mut entries = [Entry::FIRST; N];
        let four = Heads::new(formats, 4, &mut entries, 0);
        let used = four.starts[BUCKETS] as usize;
        let three = Heads::new(formats, 3, &mut entries, used);
        Self { four, three, entries }
    }

    /// Whether a prefix can begin there. Asked of every token of a text.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let Some(head) = text.get(at..).and_then(|rest| head(rest, 4)) else { return false };
        self.four.has(hash(head)) || self.three.has(hash(head & 0xff_ffff))
    }

    /// The prefixes that can begin a text.
    pub(super) fn entries(&self, text: &[u8]) -> impl Iterator<Item = Entry> {
        let four = self.four.bucket(&self.entries, head(text, 4));
        let three = self.three.bucket(&self.entries, head(text, 3));
        four.iter().chain(three).copied()
    }
}
