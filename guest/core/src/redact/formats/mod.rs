//! Secrets that are known by their shape: tables, a row a format. Adding a format is adding a row.
//!
//! A shape is found where one of its prefixes begins a token: behind the start, or behind anything but a letter or a digit.
//! One that has no prefix is found by the length of a long token, and nearly always needs words before it.
//!
//! Above a row stands where its shape is from: a page of the vendor's, or the documentation of public scanners (gitleaks,
//! Kingfisher). `(not read)`: the page is named from memory.

mod ai;
mod alphabet;
mod block;
mod chat;
mod checksum;
mod cloud;
mod code;
mod data;
mod identity;
mod index;
mod lead;
mod near;
mod payment;
mod saas;
mod shape;

use super::rules::{About, Kind, Rule};
use super::runs::LONG;
use super::text::Span;
use alphabet::TOKEN;
pub(super) use block::private_key;
use checksum::Checksum;
use index::{Entry, Index};
use lead::Leads;
use near::{Before, Heads};
use shape::{Part, Proof};
use std::ops::Range;

/// A vendor's format, in all its shapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Format {
    id: &'static str,
    vendor: &'static str,
    shapes: &'static [Shape],
}

const fn format(id: &'static str, vendor: &'static str, shapes: &'static [Shape]) -> Format {
    Format { id, vendor, shapes }
}

/// One of these prefixes, and the parts behind it.
#[derive(Debug, Clone, Copy)]
struct Shape {
    prefixes: &'static [&'static str],
    parts: &'static [Part],
    /// Words that must stand before it, as `near` has them.
    near: &'static str,
    proof: Proof,
    checksum: Checksum,
    /// It does not stand behind `_`, `-` or `.`, either: longer names have such ends.
    tight: bool,
}

const fn shape(prefixes: &'static [&'static str], parts: &'static [Part]) -> Shape {
    Shape { prefixes, parts, near: "", proof: Proof::None, checksum: Checksum::None, tight: false }
}

/// A shape without a prefix.
const fn bare(parts: &'static [Part]) -> Shape {
    shape(&[""], parts).tight()
}

impl Shape {
    /// Words that must stand before it.
    const fn near(self, near: &'static str) -> Self {
        Self { near, ..self }
    }

    const fn proof(self, proof: Proof) -> Self {
        Self { proof, ..self }
    }

    const fn sum(self, checksum: Checksum) -> Self {
        Self { checksum, ..self }
    }

    const fn tight(self) -> Self {
        Self { tight: true, ..self }
    }
}

const GROUPS: [&[Format]; 8] = [
    ai::FORMATS,
    chat::FORMATS,
    cloud::FORMATS,
    code::FORMATS,
    data::FORMATS,
    identity::FORMATS,
    payment::FORMATS,
    saas::FORMATS,
];

pub(super) static FORMATS: [Format; count(&GROUPS)] = flat(&GROUPS);

static INDEX: Index<{ index::count(&FORMATS) }> = Index::new(&FORMATS);

/// Found by their length alone, and by words before them, too.
static LEADS: Leads<{ lead::count(&FORMATS, false) }> = Leads::new(&FORMATS, false);
static NAMED_LEADS: Leads<{ lead::count(&FORMATS, true) }> = Leads::new(&FORMATS, true);

static HEADS: Heads<{ near::count(&FORMATS) }> = Heads::new(&FORMATS);

const fn count(groups: &[&[Format]]) -> usize {
    let mut count = 0;
    let mut groups = groups;
    while let Some((group, others)) = groups.split_first() {
        count += group.len();
        groups = others;
    }
    count
}

const fn flat<const N: usize>(groups: &[&[Format]]) -> [Format; N] {
    let mut formats = [format("", "", &[]); N];
    let mut used = 0;
    let mut groups = groups;
    while let Some((group, others)) = groups.split_first() {
        let mut group = *group;
        while let Some((format, rest)) = group.split_first() {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
            {
                formats[used] = *format;
            }
            used += 1;
            group = rest;
        }
        groups = others;
    }
    formats
}

impl Format {
    pub(super) fn id(&self) -> &'static str {
        self.id
    }

    pub(super) fn about(&self) -> About {
        About { id: self.id, kind: Kind::Format, vendor: self.vendor, description: self.description().into() }
    }

    /// What its shapes begin with, or what tells them.
    fn description(&self) -> String {
        let mut signs: Vec<String> = Vec::new();
        for shape in self.shapes {
            let inner =
                shape.parts.iter().find_map(|part| if let Part::Text(text) = part { Some(*text) } else { None });
            for prefix in shape.prefixes {
                let sign = match (*prefix, shape.near.split(['|', ' ']).next(), inner) {
                    ("", Some(""), Some(inner)) => format!("`…{inner}…`"),
                    ("", Some(word), _) if !word.is_empty() => format!("a value behind `{word}`"),
                    (prefix, ..) => format!("`{prefix}…`"),
                };
                if !signs.contains(&sign) {
                    signs.push(sign);
                }
            }
        }
        let of_form =
            if signs.first().is_some_and(|sign| sign.starts_with('`')) { "a secret of the form " } else { "" };
        [of_form, &signs.join(", ")].concat()
    }
}

/// A text, and the name of what it is in: a key of an object, or nothing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a [u8],
    /// The secrets that have been found in it.
    pub(super) found: &'a [Span],
}

/// Whether a secret can begin there.
#[inline]
pub(super) fn may_begin(text: &[u8], at: usize) -> bool {
    INDEX.may_begin(text, at)
}

/// The secret whose prefix stands there, behind no letter or digit. Of several the longest, of two alike the one whose
/// prefix says more.
pub(super) fn at(named: Named<'_>, at: usize) -> Option<(Rule, Range<usize>)> {
    let rest = named.text.get(at..)?;
    longest(INDEX.entries(rest), named, at)
}

/// The secret that a long token is, or that goes on in it.
pub(super) fn in_token(named: Named<'_>, token: Range<usize>) -> Option<(Rule, Range<usize>)> {
    let before = token.start.checked_sub(1).and_then(|before| named.text.get(before));
    let not_its_own = match named.text.get(token.clone())? {
        [b'n' | b'r' | b't', ..] if before == Some(&b'\\') => 1,
        signs => signs.iter().take_while(|b| !b.is_ascii_alphanumeric()).count(),
    };
    let mut found = of_token(named, token.start);
    // An escape's letter in front is not its own, and signs such as those of a path may not be.
    if found.is_none() && not_its_own > 0 {
        found = of_token(named, token.start + not_its_own);
    }
    // Behind a sign that ends a token but not every secret, the parts before are looked at, too.
    let mut start = token.start;
    for part in 0..MAX_PARTS {
        let Some((b':' | b'$' | b'!' | b'#' | b'%', head)) = named.text.get(..start)?.split_last() else { break };
        if found.is_some() {
            break;
        }
        start = head.len() - head.iter().rev().take(MAX_PART).take_while(|&&b| TOKEN.has(b)).count();
        found = at(named, start).or_else(|| if part == 0 { of_token(named, start) } else { None });
        found = found.filter(|(_, range)| range.end > token.start);
    }
    found
}

/// The tokens of a text that could be secrets by their length.
pub(super) fn long_tokens(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    let tokens = text.split(|b| !TOKEN.has(*b)).map(move |token| {
        let start = end;
        end = start + token.len() + 1;
        (start..start + token.len(), token)
    });
    tokens.filter(|(_, token)| token.len() >= LONG && token.iter().any(u8::is_ascii_digit)).map(|(range, _)| range)
}

/// How many parts before a long token can be of the same secret, and how long they are at most. What has no prefix has no
/// more than one.
const MAX_PARTS: usize = 3;
const MAX_PART: usize = 48;

/// The secret that begins with the token there, told by its length.
fn of_token(named: Named<'_>, at: usize) -> Option<(Rule, Range<usize>)> {
    let rest = named.text.get(at..)?;
    let mut token = rest.get(..TOKEN.run(rest, usize::from(u8::MAX) + 1))?;
    // The dots that end a sentence.
    while let [head @ .., b'.'] = token {
        token = head;
    }
    let found = if LEADS.have(token) { longest(LEADS.fitting(token), named, at) } else { None };
    if found.is_some() || !NAMED_LEADS.have(token) || !Before::new(named, at).has_vendor(&HEADS) {
        return found;
    }
    longest(NAMED_LEADS.fitting(token), named, at)
}

/// The longest of the secrets that stand there by these shapes; of two alike the one whose prefix says more.
fn longest(entries: impl Iterator<Item = Entry>, named: Named<'_>, at: usize) -> Option<(Rule, Range<usize>)> {
    let before = at.checked_sub(1).and_then(|before| named.text.get(before)).copied().unwrap_or(b' ');
    let mut best = None;
    for entry in entries {
        let (shape, prefix) = entry.get(&FORMATS);
        if let Some(range) = shape.at(prefix, before, named, at) {
            let rank = (range.end, prefix.len(), !shape.near.is_empty());
            if best.as_ref().is_none_or(|(most, _, _)| *most < rank) {
                best = Some((rank, range, entry.format));
            }
        }
    }
    best.map(|(_, range, format)| (Rule::format(usize::from(format)), range))
}

impl Shape {
    /// Where the secret goes whose prefix stands there, behind this byte.
    fn at(&self, prefix: &str, before: u8, named: Named<'_>, at: usize) -> Option<Range<usize>> {
        if self.tight && matches!(before, b'_' | b'-' | b'.') {
            return None;
        }
        let text = named.text.get(at..)?;
        let body = text.strip_prefix(prefix.as_bytes())?;
        // In base64 it is only a part of something longer.
        if matches!(before, b'+' | b'/') && self.parts.first().is_some_and(|part| part.alphabet().has(before)) {
            return None;
        }
        let extent = self.extent(body).filter(|_| self.is_named(named, at))?;
        // A checksum says where a token ends, and so does another that begins there.
        let fewest = prefix.len() + extent.fewest;
        let ends = self.checksum.holds(text.get(..fewest)?, prefix.len()) || begins(text.get(fewest..)?);
        let end = if ends { fewest } else { prefix.len() + shape::end(self.parts, body, extent.fewest)? };
        if self.proof == Proof::Checksum && !self.checksum.holds(text.get(..end)?, prefix.len()) {
            return None;
        }
        // The prefix is a part of the secret, unless it is said that the secret begins behind it.
        let start = extent.begin.map_or(at, |begin| at + prefix.len() + begin);
        Some(start..at + end)
    }

    fn is_named(&self, named: Named<'_>, at: usize) -> bool {
        self.near.is_empty() || Before::new(named, at).names(self.near)
    }

    /// How far its parts go behind a prefix, when its proof is there.
    fn extent(&self, body: &[u8]) -> Option<shape::Extent> {
        shape::extent(self.parts, body).filter(|extent| self.proof.holds(shape::known(self.parts, body, extent)))
    }
}

/// Whether what looks like a secret begins a text, however it ends.
fn begins(text: &[u8]) -> bool {
    INDEX.entries(text).any(|entry| {
        let (shape, prefix) = entry.get(&FORMATS);
        let body = text.strip_prefix(prefix.as_bytes()).filter(|_| shape.near.is_empty());
        body.is_some_and(|body| shape.extent(body).is_some())
    })
}

#[cfg(test)]
mod tests;
