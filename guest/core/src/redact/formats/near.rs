//! Words that stand before a secret whose shape alone is not telling: `twilio` before 32 hexadecimal digits.
//!
//! A row writes them as `datadog|dd_api & key|token`: one of each group, in lower case, in any order. The first group is what
//! tells the vendor.

use super::index::Entry;
use super::{Format, Named};

/// How far before a secret its words may begin, in bytes.
const REACH: usize = 48;

/// The first four letters of every word that tells a vendor, in lower case and in order.
pub(super) struct Heads<const N: usize> {
    heads: [u32; N],
    /// A bit for each hash of one: most other words have none.
    bits: [u32; BITS / 32],
}
const BITS: usize = 2048;

const fn head(letters: [u8; 4]) -> u32 {
    u32::from_be_bytes(letters) | 0x2020_2020
}

const fn hash(head: u32) -> usize {
    head.wrapping_mul(0x9e37_79b1) as usize >> (u32::BITS - BITS.ilog2())
}

/// How many words tell vendors in a table.
pub(super) const fn count(formats: &[Format]) -> usize {
    let mut count = 0;
    let mut next = Some(Entry::FIRST);
    while let Some(entry) = next {
        let mut words = entry.get(formats).0.near.as_bytes();
        while let Some((_, others)) = next_head(words) {
            count += 1;
            words = others;
        }
        next = entry.next(formats);
    }
    count
}

/// The head of the first word of a first group, and the words behind it.
const fn next_head(words: &[u8]) -> Option<(u32, &[u8])> {
    let [a, b, c, d, ..] = *words else { return None };
    let mut rest = words;
    while let [sign, others @ ..] = rest {
        rest = others;
        match *sign {
            b'|' => return Some((head([a, b, c, d]), rest)),
            b'&' => break,
            _ => {}
        }
    }
    Some((head([a, b, c, d]), &[]))
}

impl<const N: usize> Heads<N> {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
    pub(super) const fn new(formats: &[Format]) -> Self {
        let mut heads = Self { heads: [0; N], bits: [0; BITS / 32] };
        let mut used = 0;
        let mut next = Some(Entry::FIRST);
        while let Some(entry) = next {
            let mut words = entry.get(formats).0.near.as_bytes();
            while let Some((head, others)) = next_head(words) {
                heads.bits[hash(head) / 32] |= 1 << (hash(head) % 32);
                let mut at = used;
                while at > 0 && heads.heads[at - 1] > head {
                    heads.heads[at] = heads.heads[at - 1];
                    at -= 1;
                }
                heads.heads[at] = head;
                used += 1;
                words = others;
            }
            next = entry.next(formats);
        }
        heads
    }

    #[inline]
    fn have(&self, letters: [u8; 4]) -> bool {
        let head = head(letters);
        let hash = hash(head);
        self.bits.get(hash / 32).is_some_and(|bits| bits >> (hash % 32) & 1 == 1)
            && self.heads.binary_search(&head).is_ok()
    }
}

/// What stands before a secret: the name of the text, and the text up to there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'a>([&'a [u8]; 2]);

impl<'a> Before<'a> {
    pub(super) fn new(named: Named<'a>, at: usize) -> Self {
        let end = |text: &'a [u8], at: usize| text.get(at.saturating_sub(REACH)..at).unwrap_or_default();
        // The end of a name says what it is of.
        Self([end(named.name.as_bytes(), named.name.len()), end(named.text, at)])
    }

    /// Whether a word of a vendor is there. Before most tokens there is none.
    pub(super) fn has_vendor<const N: usize>(self, heads: &Heads<N>) -> bool {
        self.words().any(|word| word.first_chunk().is_some_and(|head| heads.have(*head)))
    }

    /// Whether the words of a row are there.
    pub(super) fn names(self, near: &str) -> bool {
        near.split('&').enumerate().all(|(group, words)| {
            let mut words = words.trim_ascii().split('|').map(str::as_bytes);
            words.any(|word| if group == 0 { self.words().any(|text| begins(text, word)) } else { self.has(word) })
        })
    }

    /// From each place where a word begins to the end of what is known.
    fn words(self) -> impl Iterator<Item = &'a [u8]> {
        self.0.into_iter().flat_map(|text| {
            let mut within = false;
            (0..text.len()).filter_map(move |at| {
                let begins = !std::mem::replace(&mut within, text.get(at)?.is_ascii_lowercase());
                text.get(at..).filter(|_| begins)
            })
        })
    }

    fn has(self, word: &[u8]) -> bool {
        self.0.iter().any(|text| text.windows(word.len()).any(|text| text.eq_ignore_ascii_case(word)))
    }
}

fn begins(text: &[u8], word: &[u8]) -> bool {
    text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
}
