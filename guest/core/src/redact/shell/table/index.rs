//! Finds what is known of a command by a hash of its name: of the names themselves nothing is kept. Another word that has
//! the hash of one of them, one of some million, is taken for that one.

use super::{Commands, Row, THEMES};
use crate::redact::words::Hash;

/// The rows of all themes, one after the other.
static ROWS: [Row; count(false)] = rows_of_all();
static NAMES: Names<{ count(true) }> = names();

const BUCKETS: usize = 256;

/// The hash of each row's each name, in buckets by their highest byte, and the row. Those of one name are in order.
struct Names<const N: usize> {
    starts: [u16; BUCKETS + 1],
    hashes: [u32; N],
    rows: [u16; N],
    /// For each hash of the head of a name that can tell of a secret, a bit.
    heads: [u32; BITS / 32],
}

/// What is known of the command of this name. Its rows stand together.
pub(super) fn rows(name: &[u8]) -> &'static [Row] {
    let hash = Hash::of(name).0;
    let bucket = (hash >> 24) as usize;
    let Some([start, end]) = NAMES.starts.get(bucket..bucket + 2) else { return &[] };
    let bucket = usize::from(*start)..usize::from(*end);
    let hashes = NAMES.hashes.get(bucket.clone()).unwrap_or_default();
    let rows = NAMES.rows.get(bucket).unwrap_or_default();
    let mut own = hashes.iter().zip(rows).filter(|(own, _)| **own == hash).map(|(_, row)| usize::from(*row));
    let Some(first) = own.next() else { return &[] };
    ROWS.get(first..=own.next_back().unwrap_or(first)).unwrap_or_default()
}

/// Whether the name of a command that can tell of a secret can begin a text. Asked of every word of a command.
#[inline]
pub(super) fn may_begin(text: &[u8]) -> bool {
    let hash = head(text);
    NAMES.heads.get(hash / 32).is_some_and(|bits| bits >> (hash % 32) & 1 == 1)
}

const BITS: usize = 4096;

/// A hash of the first letters of a name, in small letters.
#[inline]
const fn head(name: &[u8]) -> usize {
    let (a, b, c) = match *name {
        [a, b, c, ..] if c.is_ascii_alphanumeric() => (a, b, c),
        [a, b, ..] => (a, b, 0),
        [a] => (a, 0, 0),
        [] => (0, 0, 0),
    };
    let head = u32::from_le_bytes([a | 0x20, b | 0x20, c | 0x20, 0]);
    head.wrapping_mul(0x9e37_79b1) as usize >> (u32::BITS - BITS.ilog2())
}

/// How many names there are in all rows, or rows.
const fn count(names: bool) -> usize {
    let mut count = 0;
    let mut all = All::FIRST;
    while let Some(commands) = all.commands() {
        let mut rest = commands.names.as_bytes();
        while names && !rest.is_empty() {
            rest = first(rest).1;
            count += 1;
        }
        count += !names as usize;
        all = all.next();
    }
    count
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn rows_of_all() -> [Row; count(false)] {
    let mut rows = [THEMES[0][0].row; count(false)];
    let mut all = All::FIRST;
    while let Some(commands) = all.commands() {
        rows[all.number] = commands.row;
        all = all.next();
    }
    rows
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn names() -> Names<{ count(true) }> {
    const N: usize = count(true);
    let mut names = Names { starts: [0; BUCKETS + 1], hashes: [0; N], rows: [0; N], heads: [0; BITS / 32] };
    // First how many each bucket has, and then, where that is known, the names themselves.
    let mut ends = None;
    loop {
        let mut all = All::FIRST;
        while let Some(commands) = all.commands() {
            let tells = commands.row.takes.tells();
            let mut rest = commands.names.as_bytes();
            while !rest.is_empty() {
                let (name, others) = first(rest);
                let hash = Hash::of(name).0;
                let bucket = (hash >> 24) as usize;
                match &mut ends {
                    None => names.starts[bucket + 1] += 1,
                    Some(ends) => {
                        let ends: &mut [u16; BUCKETS + 1] = ends;
                        let at = ends[bucket] as usize;
                        ends[bucket] += 1;
                        names.hashes[at] = hash;
                        names.rows[at] = all.number as u16;
                        names.heads[head(name) / 32] |= (tells as u32) << (head(name) % 32);
                    }
                }
                rest = others;
            }
            all = all.next();
        }
        if ends.is_some() {
            return names;
        }
        let mut bucket = 0;
        while bucket < BUCKETS {
            names.starts[bucket + 1] += names.starts[bucket];
            bucket += 1;
        }
        ends = Some(names.starts);
    }
}

/// A way through all rows.
#[derive(Clone, Copy)]
struct All {
    theme: usize,
    row: usize,
    /// How many are before it.
    number: usize,
}

impl All {
    const FIRST: Self = Self { theme: 0, row: 0, number: 0 };

    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const fn commands(self) -> Option<&'static Commands> {
        if self.theme < THEMES.len() { Some(&THEMES[self.theme][self.row]) } else { None }
    }

    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    const fn next(self) -> Self {
        let number = self.number + 1;
        if self.row + 1 < THEMES[self.theme].len() {
            Self { row: self.row + 1, number, ..self }
        } else {
            Self { theme: self.theme + 1, row: 0, number }
        }
    }
}

/// The first of several names, and the others.
const fn first(names: &[u8]) -> (&[u8], &[u8]) {
    let mut len = 0;
    let mut rest = names;
    while let Some((b, others)) = rest.split_first() {
        rest = others;
        if *b == b' ' {
            break;
        }
        len += 1;
    }
    (names.split_at(len).0, rest)
}
