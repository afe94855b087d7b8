//! Finds the rows that can begin a text, whatever the number of rows: by a hash of its first three bytes.

use super::Format;

/// A prefix: its row, and its number there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) row: u16,
    pub(super) prefix: u8,
}

const BUCKETS: usize = 256;
/// Many times as many bits as there are prefixes: few texts come further.
const HEADS: usize = 4096;

/// The prefixes of a table, those of a bucket together.
pub(super) struct Index<const N: usize> {
    /// A bit for each hash that a prefix has.
    heads: [u32; HEADS / 32],
    /// Where in `entries` a bucket begins, and behind the last one their end.
    starts: [u16; BUCKETS + 1],
    entries: [Entry; N],
}

/// Below `HEADS`. A bucket is a part of it.
const fn hash(head: [u8; 3]) -> usize {
    let [a, b, c] = head;
    u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1) as usize >> 20
}

const fn bucket(head: [u8; 3]) -> usize {
    hash(head) % BUCKETS
}

/// The first three bytes of a prefix; none when it is shorter, as such rows are found in other ways.
const fn head(prefix: &str) -> Option<[u8; 3]> {
    match prefix.as_bytes() {
        [a, b, c, ..] => Some([*a, *b, *c]),
        _ => None,
    }
}

/// How many prefixes a table has for the index.
pub(super) const fn count(formats: &[Format]) -> usize {
    let mut count = 0;
    let mut formats = formats;
    while let Some((format, others)) = formats.split_first() {
        let mut prefixes = format.prefixes;
        while let Some((prefix, rest)) = prefixes.split_first() {
            count += head(prefix).is_some() as usize;
            prefixes = rest;
        }
        formats = others;
    }
    count
}

impl<const N: usize> Index<N> {
    /// The index of a table.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(super) const fn new(formats: &[Format]) -> Self {
        let mut starts = [0; BUCKETS + 1];
        let mut entries = [Entry { row: 0, prefix: 0 }; N];
        let mut heads = [0; HEADS / 32];
        // Counts what is in each bucket, and then puts it there.
        let mut next = starts;
        let mut counted = false;
        loop {
            let mut row = 0;
            while row < formats.len() {
                let mut prefix = 0;
                while prefix < formats[row].prefixes.len() {
                    if let Some(head) = head(formats[row].prefixes[prefix]) {
                        let at = bucket(head);
                        if counted {
                            entries[next[at] as usize] = Entry { row: row as u16, prefix: prefix as u8 };
                            next[at] += 1;
                            heads[hash(head) / 32] |= 1 << (hash(head) % 32);
                        } else {
                            starts[at + 1] += 1;
                        }
                    }
                    prefix += 1;
                }
                row += 1;
            }
            if counted {
                return Self { heads, starts, entries };
            }
            let mut at = 0;
            while at < BUCKETS {
                starts[at + 1] += starts[at];
                at += 1;
            }
            next = starts;
            counted = true;
        }
    }

    /// Whether a prefix can begin there. Asked of every token of a text.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let Some(head) = text.get(at..).and_then(<[u8]>::first_chunk) else { return false };
        let hash = hash(*head);
        self.heads.get(hash / 32).is_some_and(|heads| heads >> (hash % 32) & 1 == 1)
    }

    /// The prefixes that can begin a text.
    pub(super) fn entries(&self, text: &[u8]) -> &[Entry] {
        let Some(head) = text.first_chunk() else { return &[] };
        let at = bucket(*head);
        let Some([start, end]) = self.starts.get(at..at + 2) else { return &[] };
        self.entries.get(usize::from(*start)..usize::from(*end)).unwrap_or_default()
    }
}
