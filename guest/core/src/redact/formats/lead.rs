//! Formats that nothing but their length and their characters tell from other tokens, or less than three bytes of a prefix:
//! found by the length of a long token.

use super::Format;
use super::alphabet::{Alphabet, TOKEN};
use super::index::Entry;

/// A shape that is found by its first token: that one's length, and what it is made of.
#[derive(Debug, Clone, Copy)]
struct Lead {
    entry: Entry,
    min: u8,
    max: u8,
    alphabet: Alphabet,
}

/// Longer first tokens than this are none.
const MAX: usize = u8::MAX as usize;

impl Lead {
    /// A shape with one of its prefixes: from there to what goes beyond a token.
    const fn new(entry: Entry, formats: &[Format]) -> Self {
        let (shape, prefix) = entry.get(formats);
        let mut alphabet = Alphabet::of(prefix.as_bytes());
        let (mut min, mut max) = (prefix.len(), prefix.len());
        let mut parts = shape.parts;
        while let Some((part, rest)) = parts.split_first()
            && part.alphabet().is_in(TOKEN)
        {
            alphabet = alphabet.and(part.alphabet());
            min += part.min();
            max = max.saturating_add(part.max());
            parts = rest;
        }
        Self { entry, min: min as u8, max: if max < MAX { max } else { MAX } as u8, alphabet }
    }

    /// Whether a token could be its first.
    #[inline]
    fn fits(&self, token: &[u8]) -> bool {
        let len = token.len();
        usize::from(self.min) <= len && len <= usize::from(self.max) && token.iter().all(|&b| self.alphabet.has(b))
    }
}

/// Whether a prefix is found so; with words before it, or without.
const fn is_lead(entry: Entry, formats: &[Format], named: bool) -> bool {
    entry.is_short(formats) && entry.get(formats).0.near.is_empty() != named
}

/// How many are found so.
pub(super) const fn count(formats: &[Format], named: bool) -> usize {
    let mut count = 0;
    let mut next = Some(Entry::FIRST);
    while let Some(entry) = next {
        count += is_lead(entry, formats, named) as usize;
        next = entry.next(formats);
    }
    count
}

/// All that are found so, and the lengths that any of them has, a bit each.
pub(super) struct Leads<const N: usize> {
    lengths: [u64; (MAX + 1) / 64],
    leads: [Lead; N],
}

impl<const N: usize> Leads<N> {
    #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler; no length is above the most")]
    pub(super) const fn new(formats: &[Format], named: bool) -> Self {
        let none = Lead { entry: Entry::FIRST, min: 0, max: 0, alphabet: Alphabet::NONE };
        let mut leads = Self { lengths: [0; (MAX + 1) / 64], leads: [none; N] };
        let mut used = 0;
        let mut next = Some(Entry::FIRST);
        while let Some(entry) = next {
            if is_lead(entry, formats, named) {
                let lead = Lead::new(entry, formats);
                let mut len = lead.min as usize;
                while len <= lead.max as usize {
                    leads.lengths[len / 64] |= 1 << (len % 64);
                    len += 1;
                }
                leads.leads[used] = lead;
                used += 1;
            }
            next = entry.next(formats);
        }
        leads
    }

    /// Whether any of them is as long as a token.
    #[inline]
    pub(super) fn have(&self, token: &[u8]) -> bool {
        let len = token.len();
        self.lengths.get(len / 64).is_some_and(|lengths| lengths >> (len % 64) & 1 == 1)
    }

    /// Those whose first token this could be.
    pub(super) fn fitting<'a>(&'a self, token: &'a [u8]) -> impl Iterator<Item = Entry> {
        self.leads.iter().filter(|lead| lead.fits(token)).map(|lead| lead.entry)
    }
}
