//! Formats that nothing but their length and their characters tell from other tokens, or less than three bytes of a prefix:
//! found by the length of a long token.

use super::Format;
use super::alphabet::{Alphabet, TOKEN};
use super::index::Entry;

/// A shape that is found by its first token: that one's length, and what it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lead {
    pub(super) entry: Entry,
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
    pub(super) fn fits(&self, token: &[u8]) -> bool {
        let len = token.len();
        usize::from(self.min) <= len && len <= usize::from(self.max) && token.iter().all(|&b| self.alphabet.has(b))
    }
}

/// Whether a prefix is found so; with words before it, or without.
const fn is_lead(entry: Entry, formats: &[Format], named: bool) -> bool {
    entry.head(formats).is_none() && entry.get(formats).0.near.is_empty() != named
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

pub(super) const fn leads<const N: usize>(formats: &[Format], named: bool) -> [Lead; N] {
    let mut leads = [Lead { entry: Entry::FIRST, min: 0, max: 0, alphabet: Alphabet::NONE }; N];
    let mut used = 0;
    let mut next = Some(Entry::FIRST);
    while let Some(entry) = next {
        if is_lead(entry, formats, named) {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                leads[used] = Lead::new(entry, formats);
            }
            used += 1;
        }
        next = entry.next(formats);
    }
    leads
}
