//! Finds the rows that can begin a text, whatever the number of rows: by a hash of its first three bytes.

use super::Format;
use crate::lanes::Prefixes;

/// A prefix: its row, and its number there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) row: u16,
    pub(super) prefix: u8,
}

/// Four times as many as there are prefixes: most texts end in an empty one.
const BUCKETS: usize = 1 << BITS;
const BITS: u32 = 10;

/// The prefixes of a table, those of a bucket together.
pub(super) struct Index<const N: usize> {
    /// Where in `entries` a bucket begins, and behind the last one their end.
    starts: [u16; BUCKETS + 1],
    entries: [Entry; N],
}

const fn bucket(head: [u8; 3]) -> usize {
    let [a, b, c] = head;
    (u32::from_le_bytes([a, b, c, 0]).wrapping_mul(0x9e37_79b1) >> (32 - BITS)) as usize
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
    /// The index of a table, and its tables for sixteen bytes at a time.
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(super) const fn new(formats: &[Format]) -> (Self, Prefixes) {
        let mut starts = [0; BUCKETS + 1];
        let mut entries = [Entry { row: 0, prefix: 0 }; N];
        let mut filter = Prefixes::NONE;
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
                            filter = filter.with(head);
                        } else {
                            starts[at + 1] += 1;
                        }
                    }
                    prefix += 1;
                }
                row += 1;
            }
            if counted {
                return (Self { starts, entries }, filter);
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

    /// The prefixes that can begin a text.
    #[inline]
    pub(super) fn entries(&self, text: &[u8]) -> &[Entry] {
        let Some(head) = text.first_chunk() else { return &[] };
        let at = bucket(*head);
        let Some([start, end]) = self.starts.get(at..at + 2) else { return &[] };
        self.entries.get(usize::from(*start)..usize::from(*end)).unwrap_or_default()
    }
}
